"""The watch on MongoDB: the same flags and minutes as in memory, in any order, by several workers at once."""

import asyncio
import random
from typing import Any

from common.clocks import FrozenClock
from common.service import Runtime
from common.testing.sign_in import sample_jwks, sample_settings
from common.work.engine import Work
from common.work.model import Cause, Errand, Heart, NewRecord
from permit.domain import flags
from permit.domain.flags import WatchScan
from permit.domain.scans import UNREADABLE, Scan
from permit.settings import PermitSettings
from permit.store import MongoHolders, MongoScans
from permit.store.watch import MongoFlags, MongoMinutes, MongoSightings
from permit.translate import to_event
from permit.views.watch import Watch
from services.permit.tests.samples import CHECKPOINT, NOW
from services.permit.tests.test_signals import STORY
from services.permit.tests.watching import ONE, PHO_YEN, RULES, WATCHBOOK, minutes, scan, watched


class Worker:
    """One process that watches."""

    def __init__(self, database: Any) -> None:
        runtime = Runtime(
            sample_settings(PermitSettings), clock=FrozenClock(NOW), jwks=sample_jwks(), in_memory=True
        )
        heart: Heart[Any, Any] = Heart("flag", flags.decide, to_event, lambda: RULES)
        self.permits, self.posts = (
            MongoFlags(database, "permit_flags"),
            MongoFlags(database, "checkpoint_flags"),
        )
        self.scans, self.minutes = MongoScans(database), MongoMinutes(database)
        self.sightings = MongoSightings(database)
        works = [Work(heart, store, runtime.clock) for store in (self.permits, self.posts)]
        holders = MongoHolders(database)
        self.watch = Watch(runtime, self.sightings, holders, self.minutes, works[0], works[1], WATCHBOOK)

    async def prepare(self) -> None:
        for store in (self.permits, self.posts, self.scans, self.minutes, self.sightings):
            await store.ensure_indexes()

    async def take(self, scans: list[Scan]) -> None:
        await self.scans.append([NewRecord(each.scan_id, each, {}) for each in scans])
        await self.watch.run_batch([Errand(WatchScan(s.scan_id), Cause(f"e-{s.scan_id}")) for s in scans])


async def test_every_order_ends_in_the_flags_and_minutes_of_memory(database: Any) -> None:
    expected = await asyncio.to_thread(watched, STORY)
    dice = random.Random(5)
    for round_ in range(4):
        worker = Worker(database.client.get_database(f"{database.name}_{round_}"))
        await worker.prepare()
        order = dice.sample(STORY, len(STORY))
        for each in [*order, order[0]]:
            await worker.take([each])
        found = {flag.subject: flag for flag in await worker.permits.standing()}
        assert {key: flag.signals for key, flag in found.items()} == {
            key: flag.signals for key, flag in expected.flags().items()
        }
        assert found[ONE].evidence == expected.flags()[ONE].evidence
        [post] = await worker.posts.standing()
        assert post.signals == expected.flags("checkpoint_flags")[CHECKPOINT.checkpoint_id].signals
        counted = await worker.minutes.since(NOW - minutes(600))
        by_key = {(each.checkpoint_id, each.minute): each for each in counted}
        assert by_key == expected.stores.watch.minutes.rows
        await database.client.drop_database(f"{database.name}_{round_}")


async def test_workers_that_count_the_same_minute_at_once_lose_nothing(database: Any) -> None:
    workers = [Worker(database) for _ in range(3)]
    await workers[0].prepare()
    scans = [scan(f"s{n}", NOW, permit_id=f"{n:016d}", person_id=f"p{n}") for n in range(120)]
    await asyncio.gather(
        *(worker.take([each]) for number, worker in enumerate(workers) for each in scans[number::3])
    )
    [minute] = await workers[0].minutes.since(NOW - minutes(1))
    assert minute.total == 120
    assert await workers[0].permits.standing() == []


async def test_what_two_workers_find_about_one_permit_at_once_is_told_once(database: Any) -> None:
    workers = [Worker(database) for _ in range(2)]
    await workers[0].prepare()
    here, there = scan("a"), scan("b", NOW + minutes(4), checkpoint=PHO_YEN)
    await asyncio.gather(workers[0].take([here]), workers[1].take([there]))
    await workers[0].take([here, there])
    [flag] = await workers[0].permits.standing()
    assert len(flag.evidence) == 1
    [unsent] = await workers[0].permits.unsent(10)
    assert len(unsent.entries) == 1


async def test_the_board_hears_of_changes_only(database: Any) -> None:
    worker = Worker(database)
    await worker.prepare()
    await worker.take([scan("a", permit_id=UNREADABLE, person_id=None, reason="damaged")])
    first, mark = await worker.minutes.changed(None, NOW - minutes(60))
    assert [each.total for each in first] == [1]
    await asyncio.sleep(0.01)
    await worker.take([scan("b", NOW + minutes(1))])
    later, _ = await worker.minutes.changed(mark, NOW - minutes(60))
    assert {each.minute for each in later} >= {NOW + minutes(1)}
