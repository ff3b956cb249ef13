"""
What every aggregate store and every record store must do; memory and MongoDB pass the same suite.

Subclass the suites in a test module and provide the `store` fixture.
"""
# ruff: noqa: S101, D102 - these are tests, told by their names

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from common.kernel.decision import Timer
from common.work.model import Change, Mark, NewRecord, OutboxEntry, Stored

NOW = datetime(2022, 1, 10, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Count:
    """The smallest state."""

    total: int = 0


def count_to_document(count: Count) -> dict[str, Any]:
    """Map for stores that keep documents."""
    return {"total": count.total}


def count_from_document(document: dict[str, Any]) -> Count:
    """Reverse of `count_to_document`."""
    return Count(document["total"])


def entry(name: str, subject: str, sequence: int = 1, at: datetime = NOW) -> OutboxEntry:
    """Return a fact waiting to be sent."""
    return OutboxEntry(name, "tests.counted.v1", "tests.counts.v1", subject, sequence, at, '{"total":1}')


def change(
    key: str, version: int, total: int, *facts: OutboxEntry, timers: tuple[Timer, ...] = ()
) -> Change[Count]:
    """Return a write of *key* that expects *version*."""
    stored = Stored(
        Count(total),
        version + 1,
        marks={"f0.reports.v1-0": Mark(7, (3, 5))},
        results=(("cause-1", {"receipt": "A1"}),),
        recent=bytes([total % 256]) * 8,
        timers=timers,
        sequences={key: total},
    )
    return Change(key, stored, version, facts)


class AggregateStoreContract:
    """Versions decide, losers are named, facts wait until cleared, timers are found when due."""

    async def test_what_was_saved_is_loaded_whole(self, store: Any) -> None:
        saved = change("a", 0, 1, timers=(Timer("nap", NOW),))

        assert await store.save([saved]) == set()
        assert await store.load(["a", "unknown"]) == {"a": saved.stored}

    async def test_what_is_recalled_is_what_was_saved(self, store: Any) -> None:
        saved = change("a", 0, 1, timers=(Timer("nap", NOW),))
        await store.save([saved])
        await store.save([change("a", 7, 9)])

        assert store.recall(["a", "unknown"]) in ({}, {"a": saved.stored})

    async def test_a_chain_of_saves_is_loaded_whole(self, store: Any) -> None:
        naps = ((Timer("nap", NOW),), (), (Timer("nap", NOW),), (Timer("nap", NOW), Timer("late", NOW)))
        for version, timers in enumerate(naps):
            saved = change("a", version, version % 2, timers=timers)
            assert await store.save([saved]) == set()
            assert await store.load(["a"]) == {"a": saved.stored}

    async def test_a_stale_version_loses_and_changes_nothing(self, store: Any) -> None:
        await store.save([change("a", 0, 1), change("b", 0, 1)])

        assert await store.save([change("a", 1, 2), change("b", 7, 9, entry("f", "b"))]) == {"b"}
        assert (await store.load(["b"]))["b"].state == Count(1)
        assert await store.unsent(10) == []

    async def test_two_creations_of_one_aggregate_have_one_winner(self, store: Any) -> None:
        losers = await asyncio.gather(*(store.save([change("a", 0, n)]) for n in range(8)))

        assert sorted(len(lost) for lost in losers) == [0] + [1] * 7

    async def test_facts_wait_in_order_and_are_cleared_exactly(self, store: Any) -> None:
        await store.save([change("a", 0, 1, entry("f1", "a", 1), entry("f2", "a", 2))])
        seen = await store.unsent(10)
        await store.save([change("a", 1, 2, entry("f3", "a", 3))])
        await store.clear(seen)

        assert [e.id for e in seen[0].entries] == ["f1", "f2"]
        [left] = await store.unsent(10)
        assert [e.id for e in left.entries] == ["f3"]
        await store.clear([left])
        assert await store.unsent(10) == []
        assert await store.backlog() == (0, None)

    async def test_the_longest_waiting_document_is_sent_first(self, store: Any) -> None:
        for age, key in enumerate(("young", "old", "oldest")):
            at = NOW - timedelta(minutes=age)
            await store.save([change(key, 0, 1, entry(f"f-{key}", key, at=at))])

        assert [unsent.document_id for unsent in await store.unsent(2)] == ["oldest", "old"]
        assert await store.backlog() == (3, NOW - timedelta(minutes=2))

    async def test_due_timers_are_found_in_the_shards_asked_for(self, store: Any) -> None:
        due, later = Timer("due", NOW - timedelta(seconds=5)), Timer("later", NOW + timedelta(hours=1))
        assert not await store.has_timers()
        await store.save([change(f"p{n}", 0, 1, timers=(due, later)) for n in range(40)])
        assert await store.has_timers()

        found = await store.due(NOW, list(range(16)), 100)
        some = await store.due(NOW, [0, 1, 2, 3], 100)
        assert {(f.aggregate_id, f.name) for f in found} == {(f"p{n}", "due") for n in range(40)}
        assert 0 < len(some) < 40

    async def test_a_timer_that_was_taken_away_is_not_found(self, store: Any) -> None:
        await store.save([change("a", 0, 1, timers=(Timer("due", NOW),))])
        await store.save([change("a", 1, 2)])

        assert await store.due(NOW, list(range(16)), 10) == []
        assert not await store.has_timers()


class RecordStoreContract:
    """A row is written once; a second copy is answered with the first one's answer."""

    async def test_a_second_copy_keeps_the_first_and_tells_its_answer(self, store: Any) -> None:
        first = NewRecord("r1", Count(1), {"receipt": "A1"}, (entry("f1", "p"),))
        again = NewRecord("r1", Count(2), {"receipt": "B2"}, (entry("f2", "p"),))
        other = NewRecord("r2", Count(3), {"receipt": "C3"}, (entry("f3", "p"),))

        assert await store.append([first]) == {}
        assert await store.append([again, other]) == {"r1": {"receipt": "A1"}}
        assert {e.id for unsent in await store.unsent(10) for e in unsent.entries} == {"f1", "f3"}

    async def test_sent_facts_are_forgotten_and_the_row_stays(self, store: Any) -> None:
        await store.append([NewRecord("r1", Count(1), {}, (entry("f1", "p"),))])
        await store.clear(await store.unsent(10))

        assert await store.backlog() == (0, None)
        assert await store.append([NewRecord("r1", Count(1), {})]) == {"r1": {}}
