"""The figures on MongoDB: the truth under crashes, duplicates and two readers; what is seen; replay."""

import asyncio
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from common.clocks import SystemClock
from common.contracts import f0_monitoring as f0
from common.contracts.codec import to_record
from common.kernel.ids import derived_id
from common.messaging.publisher import KafkaPublisher
from common.messaging.records import Outgoing
from common.messaging.replay import LogReader
from common.work.engine import Work
from common.work.model import Cause, Errand, Heart, OutboxEntry
from ioc_aggregation.channels import to_publish
from ioc_aggregation.consumers import figures_from
from ioc_aggregation.domain.decide import decide
from ioc_aggregation.domain.directives import in_force
from ioc_aggregation.domain.fold import AlertNote, DirectiveNote, Tally, patient_declared
from ioc_aggregation.domain.metrics import METRICS, STOCKS
from ioc_aggregation.domain.model import AreaSummary, Level, Unit
from ioc_aggregation.domain.province import Province
from ioc_aggregation.domain.totals import Place
from ioc_aggregation.store import Fold, MongoTotals, PublishedAreas
from ioc_aggregation.translate import to_event

NOW = datetime(2022, 1, 10, 7, tzinfo=UTC)
COMMUNES = ("05431", "05434", "05908")
Record = tuple[Tally, Place]


class Crash(Exception):
    """The process dies here."""


class Crashing(MongoTotals):
    """Dies before or after a write, when chance wants it."""

    def __init__(self, database: Any, chance: random.Random) -> None:
        super().__init__(database)
        self.chance = chance

    def _die(self) -> None:
        if self.chance.random() < 0.12:
            raise Crash

    async def claim(self, placed: Any) -> Any:
        self._die()
        owners = await super().claim(placed)
        self._die()
        return owners

    async def add(self, additions: Any) -> Any:
        half = additions[: self.chance.randrange(len(additions) + 1)]
        if half and self.chance.random() < 0.12:
            await super().add(half)
            raise Crash
        losers = await super().add(additions)
        self._die()
        return losers


def facts(chance: random.Random, count: int) -> list[Tally]:
    names = ["f0_active", "f0_new", "scans", "quarantine_active"]
    return [
        Tally(
            derived_id("ioc-store", str(number)), "test", f"person-{number}", 1, chance.choice(COMMUNES),
            date(2022, 1, chance.randrange(7, 11)), NOW + timedelta(seconds=number),
            {name: chance.randrange(-1, 3) for name in chance.sample(names, 2)}, chance.random() < 0.2, True,
        )
        for number in range(count)
    ]  # fmt: skip


def truth(all_facts: list[Tally]) -> dict[str, dict[str, int]]:
    total: dict[str, Counter[str]] = {}
    for tally in all_facts:
        for metric, amount in tally.deltas.items():
            total.setdefault(f"{tally.commune_code} {tally.day}", Counter())[metric] += amount
            if metric in STOCKS:
                total.setdefault(f"{tally.commune_code} now", Counter())[metric] += amount
    kept = {key: {m: n for m, n in sorted(each.items()) if n} for key, each in sorted(total.items())}
    return {key: each for key, each in kept.items() if each}


def log_of(all_facts: list[Tally], chance: random.Random) -> dict[str, list[Record]]:
    sent = [*all_facts, *chance.sample(all_facts, len(all_facts) // 4)]
    chance.shuffle(sent)
    log: dict[str, list[Record]] = {f"topic:{n}": [] for n in range(3)}
    for fact in sent:
        partition = f"topic:{chance.randrange(3)}"
        log[partition].append((fact, Place(partition, len(log[partition]))))
    return log


def errand(record: Record) -> Errand:
    tally, place = record
    return Errand(tally, Cause(tally.fact_id, partition=place.partition, offset=place.offset))


async def consume(log: dict[str, list[Record]], store: MongoTotals, chance: random.Random) -> None:
    committed, fold = dict.fromkeys(log, 0), Fold(store)
    while any(committed[p] < len(log[p]) for p in log):
        batch, after = [], dict(committed)
        for partition, records in log.items():
            size = chance.randrange(0, 30)
            batch += records[committed[partition] : committed[partition] + size]
            after[partition] = min(len(records), committed[partition] + size)
        try:
            await fold.run_batch([errand(record) for record in batch])
        except Crash:
            fold = Fold(store)
            continue
        if chance.random() < 0.8:
            committed = after


async def counted(store: MongoTotals) -> dict[str, dict[str, int]]:
    return Province(await store.all_documents()).totals()


@pytest.mark.parametrize("seed", range(3))
async def test_totals_are_the_truth_after_crashes_duplicates_and_reordering(database, seed):
    chance = random.Random(seed)
    all_facts = facts(chance, 300)
    store = Crashing(database, chance)
    await store.ensure_indexes()
    await consume(log_of(all_facts, chance), store, chance)
    assert await counted(store) == truth(all_facts)


async def test_two_readers_of_the_same_partitions_add_nothing_twice(database):
    chance = random.Random(7)
    all_facts = facts(chance, 200)
    log = log_of(all_facts, chance)
    readers = [consume(log, MongoTotals(database), random.Random(n)) for n in range(3)]
    await asyncio.gather(*readers)
    assert await counted(MongoTotals(database)) == truth(all_facts)


async def test_news_bring_a_follower_to_the_same_totals(database):
    chance = random.Random(3)
    all_facts, store, follower = facts(chance, 120), MongoTotals(database), Province()
    reader = MongoTotals(database)
    for start in range(0, 120, 30):
        batch = [(f, Place("topic:0", start + n)) for n, f in enumerate(all_facts[start : start + 30])]
        await Fold(store).run_batch([errand(record) for record in batch])
        for document in (await reader.news()).documents:
            follower.put(document)
    assert follower.totals() == truth(all_facts)
    assert follower.heard == Province(await store.all_documents()).heard
    assert follower.sources == {"topic": max(fact.recorded_at for fact in all_facts)}


async def test_of_alerts_and_directives_the_latest_holds_in_every_order(database):
    store = MongoTotals(database)
    states = ["waiting", "escalated", "taken", "resolved"]
    for number, order in enumerate([[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]]):
        notes: list[AlertNote | DirectiveNote] = [
            AlertNote(
                f"a-{number}", n, states[n], "risk-rising", "critical", "05431", NOW, None if n else NOW
            )
            for n in order
        ]
        notes += [DirectiveNote(f"16{number}", n, "15", str(15 + n), NOW, "x") for n in order]
        for note in notes:
            await store.note([note])
        await store.note(notes)
    news = await store.news()
    assert {(row.state, row.raised_at) for row in news.alerts} == {("resolved", NOW)}
    held = {code: in_force(told, NOW) for code, told in news.directives.items()}
    assert held == {"160": "18", "161": "18", "162": "18"}


async def test_partners_are_told_once_whoever_publishes(database):
    areas = PublishedAreas(database)
    await areas.ensure_indexes()
    work = Work(Heart("area", decide, to_event, lambda: None), areas, SystemClock())
    unit = Unit("05431", "Phường Quán Triều", Level.COMMUNE, "164", 12_000)
    summary = AreaSummary(unit, dict.fromkeys(METRICS, 1), {}, {}, as_of=NOW, restated=("f0_new",))
    for attempt in range(3):
        await work.run_batch([Errand(to_publish(summary), Cause(f"attempt-{attempt}"))])
    [unsent] = await areas.unsent(10)
    [entry] = unsent.entries
    assert entry.topic == "ioc.areas.v1"
    assert '"restated":true' in entry.data


async def test_reading_the_whole_log_again_into_an_empty_database_gives_identical_totals(database, kafka):
    """Facts on real topics, read twice: into an empty database, and into one that has them all."""
    patient = {
        "origin": "officer",
        "age_years": 40,
        "risk_level": "low",
        "ruleset": "5525",
        "care_state": "at_home",
    }
    told = [
        f0.PatientDeclared(
            person_id=f"replayed-{n}",
            commune_code=COMMUNES[n % 3],
            district_code="164",
            declared_at=NOW,
            **patient,
        )
        for n in range(200)
    ]
    entries = [
        OutboxEntry(
            derived_id("replay", f.person_id), f.type, f.topic, f.subject, 1, NOW, f.model_dump_json()
        )
        for f in told
    ]
    publisher = KafkaPublisher(kafka.bootstrap, client_id="replay-test")
    await publisher.start()
    await publisher.publish([Outgoing(*to_record(entry)) for entry in (*entries, *entries[:50])])
    await publisher.publish([Outgoing(f0.PATIENTS, b"x", b"{broken", [])])
    await publisher.stop()

    store = MongoTotals(database)
    subscription = figures_from(Fold(store))
    # Others speak on the same bus: both times the log is read to one and the same end.
    async with LogReader(kafka.bootstrap, subscription) as log:
        ends = await log.ends()
        first = await log.read_to(ends)
    once = await counted(store)
    async with LogReader(kafka.bootstrap, subscription) as log:
        second = await log.read_to(ends)
    assert first.records == second.records >= 251
    assert first.refused >= 1
    assert await counted(store) == once
    ours = sum(each.get("f0_new", 0) for key, each in once.items() if not key.endswith("now"))
    assert ours >= 200 * patient_declared("low", "at_home")["f0_new"]
