"""The inbox gives the same answers on MongoDB as in memory, and follows what other processes save."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from alerting.domain.answers import Answer
from alerting.domain.commands import Acknowledge, ClaimDelivery, DeliveryDone, Escalate, Resolve
from alerting.domain.decide import decide
from alerting.domain.model import Condition, Kind, Resolution
from alerting.domain.trouble import Code, Trouble, notes_of
from alerting.rulebook import load_rulebook
from alerting.store import Conditions
from alerting.store.answers import MongoAnswers
from alerting.translate import to_event
from common.clocks import FrozenClock
from common.geo import data_folder
from common.http.auth import ROLES
from common.kernel.areas import Actor, Area
from common.work.engine import Work
from common.work.model import Cause, Heart, NewRecord
from services.alerting.tests.memory import MemoryConditions
from services.alerting.tests.stories import (
    DOCTOR,
    NOON,
    PROVINCE,
    breached,
    contact_missed,
    forged,
    lowered,
    minutes,
    missed,
    risk,
)

ELSEWHERE = Area("05509", "165")


@dataclass
class Both:
    """Two works on the same commands at the same times."""

    clock: FrozenClock
    real: Conditions
    twin: MemoryConditions
    works: list[Work[Condition, Any]]
    count: int = 0

    async def hear(self, command: Any) -> None:
        self.count += 1
        for work in self.works:
            await work.run(command, Cause(f"cause-{self.count}"))
        self.clock.move(minutes(1))

    async def condition(self, command: Any) -> Condition:
        found = await self.works[0].read(command.aggregate_id)
        assert found is not None
        return found


@pytest.fixture
async def both(database: Any) -> Both:
    rules = load_rulebook(data_folder() / "rules" / "alerting").at(NOON).rules
    clock, real, twin = FrozenClock(NOON), Conditions(database), MemoryConditions()
    await real.ensure_indexes()
    heart = Heart("condition", decide, to_event, lambda: rules)
    return Both(clock, real, twin, [Work(heart, real, clock), Work(heart, twin, clock)])


async def an_eventful_hour(both: Both) -> None:
    """Alerts of every kind: open, taken, climbed, healed, ended as false, elsewhere, with own doctor."""
    first = risk("very_high", 1, carer_id="doctor-9")
    notes = [
        first,
        missed(2, 1),
        contact_missed(3, 1),
        breached("scanned", 1),
        forged(),
        forged(),
        lowered("low", 2),
    ]
    for note in notes:
        await both.hear(note)
    for note in (risk("very_high", 1), breached("left_home", 1)):
        object.__setattr__(note, "area", ELSEWHERE)
        object.__setattr__(note, "subject_id", "person-elsewhere")
        await both.hear(note)
    silent = await both.condition(missed(1, 1))
    gate = await both.condition(forged())
    breach = await both.condition(breached("scanned", 1))
    assert silent.alert
    assert gate.alert
    assert breach.alert
    await both.hear(Acknowledge(silent.key, silent.alert.alert_id, DOCTOR))
    await both.hear(Escalate(breach.key, breach.alert.alert_id, PROVINCE))
    delivery = breach.alert.deliveries[0]
    await both.hear(ClaimDelivery(breach.key, breach.alert.alert_id, delivery.delivery_id))
    await both.hear(DeliveryDone(breach.key, breach.alert.alert_id, delivery.delivery_id))
    await both.hear(Resolve(gate.key, gate.alert.alert_id, PROVINCE, Resolution.FALSE_ALARM))


def everybody() -> list[Actor]:
    areas = ((), ("05437",), ("164",), ("19",), ("165",), ("05509", "164"))
    return [
        Actor(subject, frozenset({role}), frozenset(area))
        for role, area, subject in product(ROLES, areas, ("somebody", "doctor-9"))
    ]


async def test_every_question_has_the_same_answer_for_everybody(both: Both) -> None:
    await an_eventful_hour(both)
    seen = 0
    for actor in everybody():
        for is_open in (True, False):
            pages = [
                [
                    c.alert.alert_id
                    for c in await store.page_for(actor, is_open=is_open, after=None, limit=50)
                    if c.alert
                ]
                for store in (both.real, both.twin)
            ]
            assert pages[0] == pages[1], actor
            seen += len(pages[0])
        assert await both.real.open_for(actor, 50) == await both.twin.open_for(actor, 50)
        assert await both.real.count_open_for(actor) == await both.twin.count_open_for(actor)
        assert await both.real.today_for(actor, NOON) == await both.twin.today_for(actor, NOON)
    assert seen > 100


async def test_groups_and_what_conditions_went_through_are_the_same_for_everybody(both: Both) -> None:
    await an_eventful_hour(both)
    now, width = both.clock.now(), timedelta(minutes=5)
    for actor in everybody():
        real, twin = [await store.counts_for(actor, width, now) for store in (both.real, both.twin)]
        assert sorted(real, key=repr) == sorted(twin, key=repr)
        for since in (NOON, NOON + minutes(6)):
            ways = [await store.gone_through(actor.area_codes, since, 50) for store in (both.real, both.twin)]
            assert ways[0] == ways[1], actor
    ids = [c.alert.alert_id for c in await both.twin.open_for(PROVINCE, 50) if c.alert]
    assert {c.key for c in await both.real.find_many(ids)} == {c.key for c in await both.twin.find_many(ids)}


async def test_trouble_of_the_system_is_found_by_its_kind(both: Both) -> None:
    await an_eventful_hour(both)
    assert await both.real.of_kind(Kind.SYSTEM_TROUBLE) == []
    trouble = Trouble(Code.DEAD_LETTERS, "permit.watch", 3)
    for note in notes_of([trouble], {}, NOON):
        await both.hear(note)
    [found] = await both.real.of_kind(Kind.SYSTEM_TROUBLE)
    assert found == (await both.twin.of_kind(Kind.SYSTEM_TROUBLE))[0]


async def test_answers_are_kept_once_and_read_by_place_and_time(database: Any) -> None:
    store = MongoAnswers(database)
    await store.ensure_indexes()
    rows = [
        Answer(f"a-{n}", "contact-silent", "warning", "05437", "164", "19", "health_officer", at, 10.0 * n)
        for n, at in enumerate((NOON, NOON + minutes(5), NOON + minutes(60)))
    ]
    for _ in range(2):
        await store.append([NewRecord(row.answer_id, row, {}) for row in rows])
    until = NOON + minutes(60)
    assert await store.seconds_by_commune(frozenset({"164"}), NOON, until) == {"05437": [0.0, 10.0]}
    assert await store.seconds_by_commune(frozenset({"165"}), NOON, until) == {}


async def test_a_page_goes_on_behind_its_last_row(both: Both) -> None:
    await an_eventful_hour(both)
    whole = await both.real.page_for(PROVINCE, is_open=True, after=None, limit=50)
    seen, after = [], None
    while page := await both.real.page_for(PROVINCE, is_open=True, after=after, limit=2):
        seen += page
        assert page[-1].alert
        after = (page[-1].alert.called_at, page[-1].alert.alert_id)
    assert seen == whole


async def test_waiting_messages_and_the_health_of_the_channel_agree(both: Both) -> None:
    await an_eventful_hour(both)
    for later in (0, 1, 30, 600):
        now = NOON + minutes(later)
        real, twin = await both.real.waiting(now, 50), await both.twin.waiting(now, 50)
        assert {c.key for c in real} == {c.key for c in twin}
    health = await both.real.health("email", both.clock.now())
    assert health.last_sent_at is not None
    assert health.overdue > 0


async def test_an_alert_is_found_by_its_id(both: Both) -> None:
    await both.hear(risk("very_high", 1))
    condition = await both.condition(risk("high", 1))
    assert condition.alert
    assert await both.real.find(condition.alert.alert_id) == condition
    assert await both.real.find("no-such-alert") is None


async def test_changes_of_another_process_arrive_and_quiet_people_do_not(both: Both) -> None:
    changes: AsyncIterator[Condition | None] = both.real.changes()
    assert await anext(changes) is None
    await both.hear(missed(1, 1, level="low"))
    await both.hear(risk("high", 1))
    raised = await asyncio.wait_for(anext(changes), 5)
    assert raised is not None
    assert raised.alert is not None
    assert raised.alert.is_open
    await both.hear(lowered("low", 2))
    healed = await asyncio.wait_for(anext(changes), 5)
    assert healed is not None
    assert healed.open_alert is None
