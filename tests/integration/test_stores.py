"""MongoDB keeps what every store must keep, and many writers on few documents lose and double nothing."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, cast

import pytest

from common.clocks import SystemClock
from common.kernel.decision import Decision
from common.mongo.aggregates import MongoAggregates
from common.mongo.fields import Fields, as_it_is, growing
from common.mongo.records import MongoRecords
from common.mongo.stale import VALIDATOR, refuse_stale_writes
from common.testing import store_contract
from common.testing.store_contract import Count, count_from_document, count_to_document
from common.work.engine import Work
from common.work.ledger import Ledger
from common.work.model import Cause, Change, Errand, Heart, OutboxEntry, Outcome, Stored


class TestAggregatesInMongo(store_contract.AggregateStoreContract):
    """The suite that the in-memory store passes too."""

    @pytest.fixture
    async def store(self, database: Any) -> MongoAggregates[Count]:
        store = MongoAggregates(database["counts"], count_to_document, count_from_document)
        await store.ensure_indexes()
        return store


async def test_a_write_that_knows_the_last_one_sets_only_what_changed(database: Any) -> None:
    def document(state: dict[str, Any]) -> dict[str, Any]:
        return state

    store = MongoAggregates(database["states"], document, document)
    elsewhere = MongoAggregates(database["states"], document, document)
    states: list[dict[str, Any]] = [
        {"kept": [1, {"deep": 2}], "changed": 1, "gone": True},
        {"kept": [1, {"deep": 2}], "changed": 2},
        {"kept": [1, {"deep": 3}], "changed": 2, "new": None},
        {},
        {"again": 1},
    ]
    before = None
    for version, state in enumerate(states):
        change = Change("a", Stored(state, version + 1), version, before=before)
        assert await store.save([change]) == set()
        before = (await store.load(["a"]) if version % 2 else store.recall(["a"]))["a"]
        assert (await elsewhere.load(["a"]))["a"] == Stored(state, version + 1)

    await elsewhere.save([Change("a", Stored({"theirs": 1}, 6), 5)])
    assert store.recall(["a"])["a"].state == {"again": 1}
    assert await store.save([Change("a", Stored({"mine": 1}, 6), 5)]) == {"a"}
    assert store.recall(["a"]) == {}
    assert await store.save([Change("a", Stored({"mine": 2}, 7), 6)]) == set()
    assert (await elsewhere.load(["a"]))["a"].state == {"mine": 2}


@dataclass(frozen=True)
class Walk:
    """A state with a list that grows and forgets."""

    who: str
    steps: tuple[int, ...]


async def test_a_list_that_grew_is_the_same_in_the_store_and_in_memory(database: Any) -> None:
    document = Fields[Walk]({"who": as_it_is("who"), "steps": growing("steps", lambda step: [step], 4)})
    one, other = (
        MongoAggregates(
            database["walks"], document, lambda row: Walk(row["who"], tuple(step for [step] in row["steps"]))
        )
        for _ in range(2)
    )
    courses = [(1,), (1, 2), (1, 2, 3, 4), (3, 4, 5, 6), (6, 7), (), (8,), (9, 10, 11, 12), (10, 11, 12, 13)]
    before = None
    for version, steps in enumerate(courses):
        assert (
            await one.save([Change("a", Stored(Walk("me", steps), version + 1), version, before=before)])
            == set()
        )
        before = one.recall(["a"])["a"]

        [row] = await database["walks"].find({}).to_list(None)
        assert row["state"] == before.kept == {"who": "me", "steps": [[step] for step in steps]}
        assert (await other.load(["a"]))["a"].state == Walk("me", steps)


class TestRecordsInMongo(store_contract.RecordStoreContract):
    """The suite that the in-memory ledger passes too."""

    @pytest.fixture
    async def store(self, database: Any) -> MongoRecords[Count]:
        store = MongoRecords(database["rows"], count_to_document)
        await store.ensure_indexes()
        return store


@dataclass(frozen=True)
class Add:
    """The smallest command."""

    aggregate_id: str


@dataclass(frozen=True)
class Counted:
    """The smallest fact."""

    subject: str
    total: int


@dataclass(frozen=True)
class CountedEvent:
    """The smallest contract event."""

    total: int
    type: ClassVar[str] = "tests.counted.v1"
    topic: ClassVar[str] = "tests.counts.v1"

    def model_dump_json(self, *, exclude_none: bool = False) -> str:
        return f'{{"total":{self.total}}}'


def add(state: Count | None, command: Any, rules: None, now: datetime) -> Decision[Count]:
    total = (state.total if state else 0) + 1
    return Decision(Count(total), (Counted(command.aggregate_id, total),), answer={"total": total})


HEART: Heart[Count, None] = Heart(
    "count",
    add,
    lambda fact: CountedEvent(cast("Counted", fact).total),
    lambda: None,
)
HOT, EVENTS, WRITERS = 200, 6_000, 4
DUPLICATES = 0.1
SHUFFLED = 1_000
"""How far a fact may come out of its place: some five facts per aggregate."""


def chunks(errands: list[Errand], size: int) -> Iterable[list[Errand]]:
    for start in range(0, len(errands), size):
        yield errands[start : start + size]


def hot_errands(chance: random.Random) -> list[Errand]:
    """Return facts about few aggregates in any order, one in ten twice, as several partitions deliver."""
    told: Counter[str] = Counter()
    once = []
    for n in range(EVENTS):
        key = f"hot-{chance.randrange(HOT)}"
        told[key] += 1
        once.append(Errand(Add(key), Cause(f"cause-{n}", f"tests:{key}", told[key], gapless=True)))
    repeated = set(chance.sample(range(EVENTS), int(EVENTS * DUPLICATES)))
    places = [(n + chance.random() * SHUFFLED, n) for n in range(EVENTS)]
    places += [(n + chance.random() * SHUFFLED, n) for n in repeated]
    return [once[n] for _, n in sorted(places)]


async def entries_of(store: MongoAggregates[Count]) -> dict[str, list[OutboxEntry]]:
    return {unsent.document_id: list(unsent.entries) for unsent in await store.unsent(10_000)}


async def test_four_writers_racing_on_hot_aggregates_count_exactly(database: Any) -> None:
    store = MongoAggregates(database["counts"], count_to_document, count_from_document)
    await store.ensure_indexes()
    chance = random.Random(4)
    errands = hot_errands(chance)
    works = [Work(HEART, store, SystemClock()) for _ in range(WRITERS)]

    async def write(number: int) -> list[Outcome]:
        results = []
        for chunk in chunks(errands[number::WRITERS], 250):
            results += await works[number].run_batch(chunk)
        return [result.outcome for result in results]

    outcomes = [o for part in await asyncio.gather(*map(write, range(WRITERS))) for o in part]

    assert outcomes.count(Outcome.APPLIED) == EVENTS
    assert outcomes.count(Outcome.DUPLICATE) == int(EVENTS * DUPLICATES)
    causes = {errand.cause.id: errand for errand in errands}
    wanted = Counter(errand.command.aggregate_id for errand in causes.values())
    stored = await store.load(list(wanted))
    assert {key: found.state.total for key, found in stored.items()} == wanted
    facts = await entries_of(store)
    for key, total in wanted.items():
        assert [entry.sequence for entry in facts[key]] == list(range(1, total + 1))
        assert len({entry.id for entry in facts[key]}) == total


async def test_aggregates_created_by_a_race_exist_once(database: Any) -> None:
    store = MongoAggregates(database["counts"], count_to_document, count_from_document)
    await store.ensure_indexes()
    works = [Work(HEART, store, SystemClock()) for _ in range(WRITERS)]

    answers = await asyncio.gather(
        *(
            work.run(Add(f"new-{n}"), Cause(f"{number}-{n}"))
            for number, work in enumerate(works)
            for n in range(50)
        )
    )

    assert sorted(answer["total"] for answer in answers) == sorted([1, 2, 3, 4] * 50)
    assert await database["counts"].count_documents({}) == 50


async def test_a_collection_of_an_earlier_version_refuses_stale_writes_from_the_first_one_on(
    database: Any,
) -> None:
    early = {"_id": "a", "state": {"total": 7}, "version": 7, "marks": [], "results": [], "recent": b""}
    await database["counts"].insert_one(early | {"timers": [], "seqs": {}})
    one, other = (
        MongoAggregates(database["counts"], count_to_document, count_from_document) for _ in range(2)
    )

    assert await one.save([Change("a", Stored(Count(8), 8), 7)]) == set()
    assert await other.save([Change("a", Stored(Count(100), 8), 7)]) == {"a"}
    assert await other.save([Change("a", Stored(Count(9), 9), 8)]) == set()
    assert (await one.load(["a"]))["a"] == Stored(Count(9), 9)


async def test_what_an_earlier_version_left_in_an_outbox_is_cleared(database: Any) -> None:
    store = MongoAggregates(database["counts"], count_to_document, count_from_document)
    await store.save([Change("a", Stored(Count(1), 1), 0, (store_contract.entry("f-1", "a"),))])
    await database["counts"].update_one({"_id": "a"}, {"$unset": {"expected": ""}})

    await store.clear(await store.unsent(10))

    assert await store.backlog() == (0, None)


async def test_a_change_of_what_is_not_there_makes_no_fragment(database: Any) -> None:
    store = MongoAggregates(database["counts"], count_to_document, count_from_document)

    assert await store.save([Change("gone", Stored(Count(5), 5), 4)]) == {"gone"}
    assert await database["counts"].count_documents({}) == 0


async def test_the_rule_against_stale_writes_may_be_set_by_many_at_once(database: Any) -> None:
    await asyncio.gather(*(refuse_stale_writes(database["counts"]) for _ in range(20)))

    [options] = [each["options"] async for each in await database.list_collections()]
    assert options["validator"] == VALIDATOR


async def test_rows_appended_by_a_race_exist_once_with_one_answer(database: Any) -> None:
    store = MongoRecords(database["rows"], count_to_document)
    await store.ensure_indexes()
    made = iter(range(1, 1_000_000))

    def once(context: Any, command: Any, rules: None, now: datetime) -> Decision[Count]:
        total = next(made)
        return Decision(Count(total), (Counted(command.aggregate_id, total),), answer={"total": total})

    heart: Heart[Any, None] = Heart("row", once, HEART.to_event, lambda: None)
    ledgers = [Ledger(heart, store, SystemClock()) for _ in range(WRITERS)]
    answers = await asyncio.gather(
        *(ledger.run(Add(f"row-{n}"), Cause(f"row-{n}")) for ledger in ledgers for n in range(200))
    )

    by_row = [{answers[number * 200 + n]["total"] for number in range(WRITERS)} for n in range(200)]
    assert all(len(seen) == 1 for seen in by_row)
    assert await database["rows"].count_documents({}) == 200
    assert sum(len(unsent.entries) for unsent in await store.unsent(1000)) == 200


async def test_facts_written_while_the_relay_clears_are_not_forgotten(database: Any) -> None:
    store = MongoAggregates(database["counts"], count_to_document, count_from_document)
    await store.ensure_indexes()
    work, sent = Work(HEART, store, SystemClock()), []

    async def relay() -> None:
        while len(sent) < 2_000:
            unsent = await store.unsent(100)
            await store.clear(unsent)
            sent.extend(entry for document in unsent for entry in document.entries)
            await asyncio.sleep(0)

    relaying = asyncio.create_task(relay())
    for n in range(0, 2_000, 100):
        await work.run_batch([Errand(Add(f"busy-{m % 10}"), Cause(f"c-{m}")) for m in range(n, n + 100)])
    await asyncio.wait_for(relaying, 60)

    assert len({entry.id for entry in sent}) == len(sent) == 2_000
    for key in {entry.subject for entry in sent}:
        told = [entry.sequence for entry in sent if entry.subject == key]
        assert told == sorted(told)
    assert await store.backlog() == (0, None)
