"""The relay: in order per aggregate, fenced when it wakes too late, and killed at any moment."""

import asyncio
import signal
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from common.clocks import SystemClock
from common.mongo.aggregates import MongoAggregates
from common.testing.store_contract import Count, count_from_document, count_to_document
from common.work.model import Change, OutboxEntry, Stored
from tests.integration.facts import FactLog
from tests.integration.services import eventually

ROOT = Path(__file__).parents[2]
KIND = "f0-monitoring.patient-moved.v1"
"""The relay names the source of a fact by its type, so the type must be one of the catalogue."""
SUBJECTS, PER_SUBJECT = 40, 25


@dataclass
class Outgoing:
    """A store full of facts, the topic they go to, and processes that relay them."""

    store: MongoAggregates[Count]
    topic: str
    arguments: tuple[str, str, str]
    log: FactLog

    async def write(self, first: int, count: int) -> None:
        """Give every subject *count* more facts, from sequence *first*."""
        changes = []
        found = await self.store.load([f"s-{n}" for n in range(SUBJECTS)])
        for n in range(SUBJECTS):
            key = f"s-{n}"
            version = found[key].version if key in found else 0
            facts = tuple(self._fact(key, sequence) for sequence in range(first, first + count))
            changes.append(Change(key, Stored(Count(first + count), version + 1), version, facts))
        assert await self.store.save(changes) == set()

    def _fact(self, key: str, sequence: int) -> OutboxEntry:
        return OutboxEntry(f"{key}-{sequence}", KIND, self.topic, key, sequence, SystemClock().now(), "{}")

    @asynccontextmanager
    async def relaying(self, name: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run a relay process for as long as the block lasts, or until it is killed."""
        command = (sys.executable, "-m", "tests.integration.relay_process", *self.arguments, name)
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def told(self) -> dict[str, list[int]]:
        """Return the sequences of each subject in the order of the log."""
        told: dict[str, list[int]] = defaultdict(list)
        for record in await self.log.read():
            headers = dict(record.headers)
            told[headers["ce_subject"].decode()].append(int(headers["ce_sequence"]))
        return told

    async def all_told(self, count: int) -> dict[str, list[int]]:
        """Wait until every subject's facts up to *count* are on the log and none waits any more."""

        def complete(told: dict[str, list[int]]) -> bool:
            return len(told) == SUBJECTS and all(set(s) == set(range(1, count + 1)) for s in told.values())

        told = await eventually(self.told, complete, seconds=60)
        await eventually(self.store.backlog, lambda backlog: backlog[0] == 0, seconds=30)
        return told


@pytest.fixture
async def outgoing(
    database: Any, mongo_uri: str, kafka_bootstrap: str, make_topic: Callable[..., str]
) -> AsyncIterator[Outgoing]:
    store = MongoAggregates(database["counts"], count_to_document, count_from_document)
    await store.ensure_indexes()
    topic = make_topic("relayed", partitions=3)
    async with FactLog(kafka_bootstrap, [topic]) as log:
        yield Outgoing(store, topic, (mongo_uri, database.name, kafka_bootstrap), log)


async def test_facts_of_an_aggregate_go_out_in_their_order(outgoing: Outgoing) -> None:
    await outgoing.write(1, PER_SUBJECT)
    async with outgoing.relaying("one"):
        await outgoing.write(PER_SUBJECT + 1, PER_SUBJECT)
        told = await outgoing.all_told(2 * PER_SUBJECT)

    assert all(sequences == list(range(1, 2 * PER_SUBJECT + 1)) for sequences in told.values())


async def test_a_relay_that_slept_through_its_lease_is_fenced(outgoing: Outgoing) -> None:
    async with outgoing.relaying("sleeper") as sleeper:
        await outgoing.write(1, PER_SUBJECT)
        await first_batch(sleeper)
        sleeper.send_signal(signal.SIGSTOP)
        await outgoing.write(PER_SUBJECT + 1, PER_SUBJECT)
        async with outgoing.relaying("successor"):
            told = await outgoing.all_told(2 * PER_SUBJECT)
            sleeper.send_signal(signal.SIGCONT)
            await asyncio.sleep(3)  # whatever the sleeper still had in hand would come now
            assert await outgoing.told() == told
            await outgoing.write(2 * PER_SUBJECT + 1, PER_SUBJECT)
            told = await outgoing.all_told(3 * PER_SUBJECT)

    assert_in_order(told, 3 * PER_SUBJECT)


async def test_a_relay_killed_while_sending_loses_nothing_and_keeps_the_order(outgoing: Outgoing) -> None:
    for life in range(3):
        async with outgoing.relaying("mortal") as process:
            await outgoing.write(life * PER_SUBJECT + 1, PER_SUBJECT)
            await first_batch(process)
            process.kill()
    async with outgoing.relaying("mortal"):
        told = await outgoing.all_told(3 * PER_SUBJECT)

    assert_in_order(told, 3 * PER_SUBJECT)


async def first_batch(process: asyncio.subprocess.Process) -> None:
    """Wait until the process has sent something, so that it is in the middle of its work."""
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readline(), 60)


def assert_in_order(told: dict[str, list[int]], count: int) -> None:
    """
    Each fact is there and first appears after its forerunner.

    One that was sent by a relay which died before it could note so is there twice, under one id.
    """
    for sequences in told.values():
        assert list(dict.fromkeys(sequences)) == list(range(1, count + 1))
