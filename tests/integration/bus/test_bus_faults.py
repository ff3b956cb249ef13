"""What only a real broker can show: restarts, workers that die, members that come and go."""

import asyncio
import json
import random
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from common.contracts.f0_monitoring import PATIENTS, DoctorAssigned
from common.messaging import dlq
from common.messaging.catalogue import load
from common.messaging.inspection import Inspector
from common.messaging.subscription import Subscription
from common.testing.bus_story import Story, to_note
from common.testing.kafka_bus import KafkaBus
from deploy.local.stack import Broker

pytestmark = pytest.mark.kafka
PEOPLE = tuple("abcdefghijklmnop")
"""Enough that no member of a group is left without any of them: eight fell on one side once in a hundred runs."""


@pytest.fixture
def story(bus: KafkaBus) -> Story:
    return Story(bus)


class Diary:
    """What worker processes have written, one line per applied errand."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.touch()

    def lines(self) -> list[list[str]]:
        return [line.split() for line in self.file.read_text().splitlines() if line.count(" ") == 2]

    def distinct(self) -> int:
        return len({cause for _, _, cause in self.lines()})

    def first_appearances(self) -> dict[str, list[int]]:
        seen: set[str] = set()
        order: dict[str, list[int]] = defaultdict(list)
        for subject, sequence, cause in self.lines():
            if cause not in seen:
                seen.add(cause)
                order[subject].append(int(sequence))
        return order


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    return Diary(tmp_path / "diary")


@contextmanager
def worker(
    bus: KafkaBus, story: Story, diary: Diary, seconds: float = 0.1
) -> Iterator[subprocess.Popen[bytes]]:
    words = [bus.bootstrap, story.group, story.run, str(diary.file), str(seconds)]
    process = subprocess.Popen([sys.executable, "-m", "tests.integration.bus.worker", *words])
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


async def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)


async def publish_many(story: Story, each: int) -> None:
    await story.publish(*(story.fact(person, n) for n in range(1, each + 1) for person in PEOPLE))


def assert_nothing_lost(diary: Diary, story: Story, each: int) -> None:
    expected = {story.run + person: list(range(1, each + 1)) for person in PEOPLE}
    assert diary.first_appearances() == expected


async def test_a_worker_killed_in_the_middle_of_a_batch_loses_nothing(
    bus: KafkaBus, story: Story, diary: Diary
) -> None:
    await publish_many(story, 40)
    for kill in range(3):
        with worker(bus, story, diary) as process:
            before = diary.distinct()
            await until(lambda before=before: diary.distinct() > before)
            await asyncio.sleep(random.Random(kill).uniform(0, 0.2))
            process.send_signal(signal.SIGKILL)
            process.wait()
    with worker(bus, story, diary):
        await until(lambda: diary.distinct() == 40 * len(PEOPLE))
    assert_nothing_lost(diary, story, 40)


async def test_a_worker_that_is_asked_to_stop_commits_what_it_did(
    bus: KafkaBus, story: Story, diary: Diary
) -> None:
    await publish_many(story, 10)
    with worker(bus, story, diary) as process:
        await until(lambda: diary.distinct() > 0)
        process.terminate()
        assert process.wait(30) == 0
    with worker(bus, story, diary):
        await until(lambda: diary.distinct() == 10 * len(PEOPLE))
        await asyncio.sleep(1)
    assert len(diary.lines()) == 10 * len(PEOPLE)
    assert_nothing_lost(diary, story, 10)


async def test_members_that_come_and_go_share_the_work_and_lose_nothing(
    bus: KafkaBus, story: Story, diary: Diary, tmp_path: Path
) -> None:
    second = Diary(tmp_path / "second")
    last = 20
    with worker(bus, story, diary, 0.05):
        await publish_many(story, last)
        await until(lambda: diary.distinct() > 40)
        with worker(bus, story, second, 0.05):
            async with asyncio.timeout(60):
                while not second.lines():
                    await publish_more(story, last + 1, last + 5)
                    last += 5
                    await asyncio.sleep(0.3)
        await publish_more(story, last + 1, last + 20)
        last += 20
        await until(lambda: len(_ids(diary) | _ids(second)) == last * len(PEOPLE), 90)
    found = defaultdict(set)
    for book in (diary, second):
        for subject, sequences in book.first_appearances().items():
            assert sequences == sorted(sequences)
            found[subject] |= set(sequences)
    assert all(numbers == set(range(1, last + 1)) for numbers in found.values())


def _ids(book: Diary) -> set[str]:
    return {cause for _, _, cause in book.lines()}


async def publish_more(story: Story, first: int, last: int) -> None:
    await story.publish(*(story.fact(person, n) for n in range(first, last + 1) for person in PEOPLE))


async def test_a_broker_restart_is_waited_for(broker: Broker, bus: KafkaBus, story: Story) -> None:
    await publish_many(story, 5)
    async with story.consuming():
        await story.until(lambda: len(story.notebook.errands) == 5 * len(PEOPLE))
        await asyncio.to_thread(broker.kill)
        await asyncio.to_thread(broker.start_and_wait)
        await publish_more(story, 6, 10)
        await until(
            lambda: len({errand.cause.id for errand in story.notebook.errands}) == 10 * len(PEOPLE), 90
        )
    for person in PEOPLE:
        assert sorted(set(story.notebook.sequences(person))) == list(range(1, 11))
    assert await story.dead_letters() == []


async def test_dead_letters_are_listed_shown_replayed_and_settled(bus: KafkaBus, story: Story) -> None:
    story.notebook.refuse = {2}
    await story.publish(*(story.fact("a", n) for n in (1, 2, 3)))
    await story.publish_raw(story.fact("a", 4), value=b"{")
    call = [
        sys.executable,
        "-m",
        "common.messaging.dlq",
        "--bootstrap",
        bus.bootstrap,
        "--group",
        story.group,
    ]

    async def command(*words: str) -> str:
        process = await asyncio.create_subprocess_exec(*call, *words, stdout=subprocess.PIPE)
        said, _ = await process.communicate()
        assert process.returncode == 0
        return said.decode()

    async with story.consuming():
        await story.until_dead(2)
        assert "refused: 1" in await command("list")
        letter = json.loads(await command("show", "--reason", "refused"))
        assert (letter["detail"], letter["topic"], letter["key"]) == (
            "care-refused",
            PATIENTS,
            story.run + "a",
        )
        story.notebook.refuse = set()
        assert "1 records sent" in await command("replay", "--reason", "refused")
        await story.until(lambda: sorted(story.notebook.sequences("a")) == [1, 2, 3])
        assert await command("show", "--reason", "refused") == ""
        assert story.run in await command("show", "--reason", "broken-json")
        await command("settle", "--reason", "broken-json")
        assert await command("show", "--reason", "broken-json") == ""


async def test_an_absent_group_or_broker_is_told_not_raised(bus: KafkaBus) -> None:
    call = ["--bootstrap", bus.bootstrap, "--group", "nobody.knows"]
    assert await asyncio.to_thread(dlq.main, ["list", *call]) == 1


async def test_the_standing_of_every_group_is_seen_from_outside(bus: KafkaBus) -> None:
    async with Inspector(bus.bootstrap, load()) as inspector:
        standings = {standing.group: standing for standing in await inspector.standings()}
    assert set(standings) == set(load().groups)
    assert standings["permit.standing"].dead_letters_waiting == 0


async def test_lag_is_measured(bus: KafkaBus, story: Story) -> None:
    go_on = asyncio.Event()

    async def before(_: list[Any]) -> None:
        await go_on.wait()

    story.notebook.before = before
    listens = {PATIENTS: {DoctorAssigned: to_note}}
    consumers = bus.consumers([Subscription(story.group, listens, story.notebook, batch_max=1)])
    await consumers.start()
    try:
        [member] = consumers.members
        await asyncio.sleep(2)
        await publish_many(story, 1)
        await asyncio.sleep(1)
        assert await member.measure_lag() > 0
        go_on.set()
        await until(lambda: len(story.notebook.errands) == len(PEOPLE))
        await asyncio.sleep(1)
        assert await member.measure_lag() == 0
    finally:
        go_on.set()
        await consumers.stop()
