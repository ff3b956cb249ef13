"""
Totals are the truth under duplicates, redelivery, reordering, late data and crashes at any point.

A small log of random facts in several partitions is read by folds that crash wherever the store
lets them, are started again from what was committed, and race with a zombie. The totals must equal
the plain sum of the facts.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.work.model import Cause, Errand, Outcome
from ioc_aggregation.domain.fold import AlertNote, Tally
from ioc_aggregation.domain.metrics import STOCKS
from ioc_aggregation.domain.province import Province
from ioc_aggregation.domain.totals import DocumentId, Place
from ioc_aggregation.store import Fold, MemoryTotals

COMMUNES = ("05431", "05434", "05908")
START = datetime(2022, 1, 10, 2, tzinfo=UTC)
Record = tuple[Tally, Place]


class Crash(Exception):
    """The process dies here."""


def errand(record: Record) -> Errand:
    tally, place = record
    return Errand(tally, Cause(tally.fact_id, partition=place.partition, offset=place.offset))


@st.composite
def facts(draw: st.DrawFn) -> list[Tally]:
    count = draw(st.integers(1, 25))
    return [
        Tally(
            fact_id=f"fact-{number}",
            kind="test",
            subject=f"person-{number}",
            sequence=1,
            commune_code=draw(st.sampled_from(COMMUNES)),
            day=date(2022, 1, draw(st.integers(7, 10))),
            recorded_at=START + timedelta(minutes=number),
            deltas=draw(
                st.dictionaries(
                    st.sampled_from(["f0_active", "f0_new", "scans"]), st.integers(-2, 3), max_size=3
                )
            ),
            is_late=draw(st.booleans()),
            speaks=draw(st.booleans()),
        )
        for number in range(count)
    ]


def truth(all_facts: list[Tally]) -> Counter[tuple[str, str, str]]:
    """The plain sum: flows by commune and day, stocks by commune."""
    total: Counter[tuple[str, str, str]] = Counter()
    for tally in all_facts:
        for metric, amount in tally.deltas.items():
            total[tally.commune_code, tally.day.isoformat(), metric] += amount
            if metric in STOCKS:
                total[tally.commune_code, "now", metric] += amount
    return Counter({key: amount for key, amount in total.items() if amount})


def told(store: MemoryTotals) -> Counter[tuple[str, str, str]]:
    found: Counter[tuple[str, str, str]] = Counter()
    for key, metrics in Province(store.documents.values()).totals().items():
        commune, when = key.split()
        for metric, amount in metrics.items():
            found[commune, when, metric] += amount
    return found


def log_of(all_facts: list[Tally], chance: random.Random, partitions: int = 3) -> dict[str, list[Record]]:
    """Put the facts in any order into partitions, some of them twice (a producer that sent again)."""
    sent = [*all_facts, *(fact for fact in all_facts if chance.random() < 0.3)]
    chance.shuffle(sent)
    log: dict[str, list[Record]] = {f"topic:{n}": [] for n in range(partitions)}
    for fact in sent:
        partition = f"topic:{chance.randrange(partitions)}"
        log[partition].append((fact, Place(partition, len(log[partition]))))
    return log


async def read_all(
    log: dict[str, list[Record]], store: MemoryTotals, chance: random.Random, crash: Callable[[], bool]
) -> None:
    """Read like a consumer group: batches over partitions, commits after the work, restarts after crashes."""
    committed = dict.fromkeys(log, 0)

    def fault(_step: str) -> None:
        if crash():
            raise Crash

    store.fault = fault
    fold = Fold(store)
    while any(committed[p] < len(log[p]) for p in log):
        batch, after = [], dict(committed)
        for partition in chance.sample(sorted(log), len(log)):
            size = chance.randrange(0, 6)
            batch += log[partition][committed[partition] : committed[partition] + size]
            after[partition] = min(len(log[partition]), committed[partition] + size)
        try:
            await fold.run_batch([errand(record) for record in batch])
        except Crash:
            fold = Fold(store)
            continue
        if chance.random() < 0.8:  # or the process died before the commit
            committed = after
        else:
            fold = Fold(store)


@settings(max_examples=60, deadline=None)
@given(facts(), st.integers(0, 2**32))
async def test_totals_are_the_truth_whatever_is_doubled_reordered_or_crashes(
    all_facts: list[Tally], seed: int
) -> None:
    chance = random.Random(seed)
    store = MemoryTotals()
    await read_all(log_of(all_facts, chance), store, chance, lambda: chance.random() < 0.08)
    assert told(store) == truth(all_facts)


@settings(max_examples=60, deadline=None)
@given(facts(), st.integers(0, 2**32))
async def test_a_replay_into_an_empty_store_gives_identical_totals(all_facts: list[Tally], seed: int) -> None:
    chance = random.Random(seed)
    log, first, second = log_of(all_facts, chance), MemoryTotals(), MemoryTotals()
    await read_all(log, first, chance, lambda: chance.random() < 0.08)
    await read_all(log, second, chance, lambda: False)
    assert Province(first.documents.values()).totals() == Province(second.documents.values()).totals()
    assert Province(first.documents.values()).heard == Province(second.documents.values()).heard


@settings(max_examples=60, deadline=None)
@given(facts(), st.integers(0, 2**32))
async def test_reading_everything_again_from_the_beginning_changes_nothing(
    all_facts: list[Tally], seed: int
) -> None:
    chance = random.Random(seed)
    log, store = log_of(all_facts, chance), MemoryTotals()
    await read_all(log, store, chance, lambda: False)
    before = dict(store.documents)
    await read_all(log, store, chance, lambda: False)
    assert store.documents == before


def tally(number: int, **changes: object) -> Tally:
    fields: dict[str, object] = {
        "fact_id": f"fact-{number}",
        "kind": "test",
        "subject": "x",
        "sequence": 1,
        "commune_code": "05431",
        "day": date(2022, 1, 10),
        "recorded_at": START,
        "deltas": {"f0_new": 1, "f0_active": 1},
    }
    return Tally(**{**fields, **changes})  # type: ignore[arg-type]


async def test_a_zombie_that_remembers_an_old_position_adds_nothing_twice() -> None:
    store = MemoryTotals()
    zombie, successor = Fold(store), Fold(store)
    records = [(tally(n), Place("topic:0", n)) for n in range(6)]
    await zombie.run_batch([errand(r) for r in records[:2]])
    await successor.run_batch([errand(r) for r in records[2:]])
    await zombie.run_batch([errand(r) for r in records[2:4]])
    assert store.documents[DocumentId("topic:0", None)].counters == {"05431": {"f0_active": 6}}


async def test_a_true_duplicate_is_told_apart_from_a_redelivery() -> None:
    store = MemoryTotals()
    fold = Fold(store)
    first, copy = (tally(1), Place("topic:0", 0)), (tally(1), Place("topic:1", 7))
    assert [r.outcome for r in await fold.run_batch([errand(first), errand(copy)])] == [
        Outcome.APPLIED,
        Outcome.DUPLICATE,
    ]
    assert [r.outcome for r in await fold.run_batch([errand(copy), errand(first)])] == [
        Outcome.DUPLICATE,
        Outcome.APPLIED,
    ]
    assert Province(store.documents.values()).stock("05431") == {"f0_active": 1}


async def test_a_crash_after_keeping_the_fact_is_healed_by_the_redelivery() -> None:
    steps = iter(["claim", "crash"])

    def fault(step: str) -> None:
        if step == "add" and next(steps, None) is not None:
            raise Crash

    store = MemoryTotals(fault)
    record = (tally(1), Place("topic:0", 0))
    for _ in range(2):
        with pytest.raises(Crash):
            await Fold(store).run_batch([errand(record)])
    assert store.documents == {}
    await Fold(store).run_batch([errand(record)])
    assert Province(store.documents.values()).stock("05431") == {"f0_active": 1}


async def test_a_late_fact_restates_its_own_day_and_no_other() -> None:
    store = MemoryTotals()
    late = tally(1, day=date(2022, 1, 7), is_late=True)
    await Fold(store).run_batch([errand((late, Place("topic:0", 0)))])
    province = Province(store.documents.values())
    assert province.flow(date(2022, 1, 7), "05431")["f0_new"] == 1
    assert province.flow(date(2022, 1, 10), "05431") == {}
    assert province.late(date(2022, 1, 7), "05431")["f0_new"] == 1


@given(st.permutations(range(4)))
async def test_the_last_state_of_an_alert_holds_in_every_order_of_arrival(order: list[int]) -> None:
    states = ["waiting", "escalated", "taken", "resolved"]
    store = MemoryTotals()
    notes = [
        AlertNote("a-1", n, states[n], "risk-rising", "critical", "05431", START, START if n == 0 else None)
        for n in order
    ]
    records = [(tally(n.sequence, note=n), Place("alerts:0", place)) for place, n in enumerate(notes)]
    await Fold(store).run_batch([errand(record) for record in records])
    [(_, row)] = store.alerts.values()
    assert (row.state, row.raised_at) == ("resolved", START)
