"""The live feed shows each reader what the inbox would show them, and nothing else."""

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import product
from typing import Any

import pytest

from alerting.domain.decide import decide
from alerting.domain.handling import may_handle
from alerting.domain.rules import AlertRules
from alerting.translate import to_event
from alerting.views.feed import Feed
from alerting.views.readers import marks_of, readers_of
from common.clocks import FrozenClock
from common.geo import Units
from common.http.auth import ROLES
from common.http.sse import for_codes
from common.kernel.areas import Actor
from common.work.engine import Work
from common.work.model import Cause, Heart
from services.alerting.tests.memory import MemoryConditions
from services.alerting.tests.stories import DOCTOR, NOON, Story, breached, forged, risk

ELSEWHERE = Actor("doctor-165", frozenset({"doctor"}), frozenset({"165"}))


class Live:
    """A feed on a memory store, with readers."""

    def __init__(self, rules: AlertRules) -> None:
        self.store = MemoryConditions()
        clock = FrozenClock(NOON)
        self.work = Work(Heart("condition", decide, to_event, lambda: rules), self.store, clock)
        self.feed = Feed(self.store, Units.load(), clock)
        self.count = 0

    async def hear(self, command: Any) -> None:
        self.count += 1
        await self.work.run(command, Cause(f"fact-{self.count}"))

    def read(self, actor: Actor) -> AsyncIterator[bytes]:
        select = for_codes(marks_of(actor))
        return self.feed.broadcast.stream(self.feed.snapshot_for(actor), select)


@pytest.fixture
async def live(rules: AlertRules) -> AsyncIterator[Live]:
    made = Live(rules)
    await made.feed.start()
    await asyncio.sleep(0)
    yield made
    await made.feed.stop()


async def next_event(stream: AsyncIterator[bytes]) -> tuple[str, Any]:
    while True:
        text = (await asyncio.wait_for(anext(stream), 2)).decode()
        if "event:" in text:
            lines = dict(line.split(": ", 1) for line in text.strip().splitlines())
            if lines["event"] != "refresh":
                return lines["event"], json.loads(lines["data"])


async def test_a_snapshot_first_and_then_what_concerns_the_reader(live: Live) -> None:
    await live.hear(risk("high", 1))
    stream = live.read(DOCTOR)
    name, data = await next_event(stream)
    assert (name, data["total"], len(data["items"])) == ("snapshot", 1, 1)
    assert data["server_now"].startswith("2021-11-23T05:00")
    await live.hear(breached("scanned", 1))
    await live.hear(risk("very_high", 2))
    name, data = await next_event(stream)
    assert (name, data["alert"]["condition"], data["alert"]["severity"]) == (
        "alert",
        "risk-rising",
        "critical",
    )


async def test_nothing_of_another_area_is_seen(live: Live) -> None:
    stream = live.read(ELSEWHERE)
    assert (await next_event(stream))[1]["items"] == []
    await live.hear(risk("very_high", 1))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await next_event(stream)


async def test_the_own_patient_elsewhere_is_seen(live: Live) -> None:
    stream = live.read(ELSEWHERE)
    await next_event(stream)
    await live.hear(risk("very_high", 1, carer_id="doctor-165"))
    assert (await next_event(stream))[0] == "alert"


async def test_no_name_and_no_note_travels_on_the_stream(live: Live) -> None:
    await live.hear(risk("very_high", 1))
    _, data = await next_event(live.read(DOCTOR))
    assert data["items"][0]["notes"] == []
    assert "name" not in {
        key for key in data["items"][0] if not key.endswith(("commune_name", "district_name"))
    }


def test_the_marks_agree_with_the_rule_for_every_role_and_area(rules: AlertRules) -> None:
    stories = []
    for note in (risk("very_high", 1, carer_id="doctor-9"), breached("scanned", 1), forged()):
        story = Story(rules)
        story.tell(note)
        stories.append(story)
    areas = [(), ("05437",), ("164",), ("19",), ("165",), ("05440",), ("165", "05437")]
    for story, role, area, subject in product(stories, ROLES, areas, ("someone", "doctor-9")):
        actor = Actor(subject, frozenset({role}), frozenset(area))
        assert story.condition is not None
        is_sent = bool(marks_of(actor) & readers_of(story.condition, story.alert))
        assert is_sent == may_handle(story.condition, story.alert, actor)
