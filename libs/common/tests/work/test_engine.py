"""The unit of work over the in-memory store."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from common.kernel.decision import Decision, TimerFired
from common.kernel.errors import DomainError
from common.work import timers
from common.work.engine import Work
from common.work.memory import MemoryStore
from common.work.model import Cause, Errand, Heart, Outcome
from common.work.timers import TimerLoop


@dataclass(frozen=True)
class Spending:
    aggregate_id: str
    amount: int


@pytest.fixture
def store() -> MemoryStore[Any]:
    return MemoryStore()


@pytest.fixture
def work(heart: Any, store: Any, clock: Any) -> Work[Any, Any]:
    return Work(heart, store, clock)


async def test_a_command_answers_and_records_its_fact(work: Any, store: Any, add: Any) -> None:
    answer = await work.run(add("c1", 5), Cause("k1", correlation_id="req-1"))

    [fact] = store.facts()
    assert answer == {"total": 5}
    assert (fact.subject, fact.sequence, fact.causation_id, fact.correlation_id) == ("c1", 1, "k1", "req-1")


async def test_the_same_cause_twice_is_applied_once_and_answered_alike(
    work: Any, store: Any, add: Any
) -> None:
    first = await work.run(add("c1", 5), Cause("k1"))
    second = await work.run(add("c1", 5), Cause("k1"))

    assert first == second
    assert len(store.facts()) == 1


async def test_a_refusal_stops_alone_and_writes_nothing(
    work: Any, store: Any, add: Any, refused: Any
) -> None:
    results = await work.run_batch(
        [
            Errand(add("c1", 1), Cause("a")),
            Errand(add("c1", -1), Cause("b")),
            Errand(add("c1", 2), Cause("c")),
        ]
    )

    assert [r.outcome for r in results] == [Outcome.APPLIED, Outcome.REFUSED, Outcome.APPLIED]
    assert (await work.read("c1")).total == 3
    with pytest.raises(refused):
        await work.run(add("c1", -1), Cause("d"))


async def test_a_broken_decision_does_not_block_its_batch(work: Any, add: Any, explode: Any) -> None:
    results = await work.run_batch([Errand(explode("c1"), Cause("a")), Errand(add("c1", 2), Cause("b"))])

    assert isinstance(results[0].error, ValueError)
    assert results[1].outcome is Outcome.APPLIED


async def test_facts_of_one_subject_are_numbered_without_gaps(work: Any, store: Any, add: Any) -> None:
    await asyncio.gather(*(work.run(add(f"c{n % 3}"), Cause(f"k{n}")) for n in range(60)))

    for subject in ("c0", "c1", "c2"):
        assert [f.sequence for f in store.facts() if f.subject == subject] == list(range(1, 21))


async def test_concurrent_callers_share_writes(heart: Any, clock: Any, add: Any) -> None:
    class Counting(MemoryStore[Any]):
        saves = 0

        async def save(self, changes: Any) -> set[str]:
            Counting.saves += 1
            await asyncio.sleep(0.001)
            return await super().save(changes)

    work = Work(heart, Counting(), clock)
    await asyncio.gather(*(work.run(add(f"c{n}"), Cause(f"k{n}")) for n in range(300)))

    assert Counting.saves <= 3


async def test_a_version_loser_is_decided_again_from_what_the_winner_wrote(
    heart: Any, clock: Any, add: Any
) -> None:
    store: MemoryStore[Any] = MemoryStore()
    workers = [Work(heart, store, clock) for _ in range(4)]
    await asyncio.gather(*(workers[n % 4].run(add("hot"), Cause(f"k{n}")) for n in range(200)))

    assert store.aggregates["hot"].state.total == 200
    assert sorted(f.sequence for f in store.facts()) == list(range(1, 201))


async def test_a_fault_of_the_store_reaches_every_caller_and_a_rerun_heals(
    heart: Any, clock: Any, add: Any
) -> None:
    class Flaky(MemoryStore[Any]):
        broken = True

        async def save(self, changes: Any) -> set[str]:
            lost = await super().save(changes)
            if Flaky.broken:
                raise ConnectionError("written, but the answer was lost")
            return lost

    work = Work(heart, Flaky(), clock)
    errands = [Errand(add("c1"), Cause(f"k{n}")) for n in range(5)]
    with pytest.raises(ConnectionError):
        await work.run_batch(errands)
    Flaky.broken = False
    results = await work.run_batch(errands)

    assert {r.outcome for r in results} == {Outcome.DUPLICATE}
    assert (await work.read("c1")).total == 5


class Remembering(MemoryStore[Any]):
    """A store that recalls what this process wrote, and like any process knows nothing of other writers."""

    def __init__(self, shared: MemoryStore[Any]) -> None:
        super().__init__()
        self.aggregates, self.outbox = shared.aggregates, shared.outbox
        self.written: dict[str, Any] = {}
        self.loads = 0

    def recall(self, ids: Any) -> dict[str, Any]:
        return {key: self.written[key] for key in ids if key in self.written}

    async def load(self, ids: list[str]) -> dict[str, Any]:
        self.loads += 1
        return await super().load(ids)

    async def save(self, changes: Any) -> set[str]:
        losers = await super().save(changes)
        for change in changes:
            self.written[change.aggregate_id] = change.stored
        return losers


@pytest.fixture
def mine(store: Any) -> Remembering:
    return Remembering(store)


async def test_what_this_process_wrote_last_is_not_read_again(
    heart: Any, clock: Any, mine: Any, add: Any
) -> None:
    work = Work(heart, mine, clock)
    for n in range(5):
        await work.run(add("c1"), Cause(f"k{n}"))

    assert mine.loads == 1
    assert mine.aggregates["c1"].state.total == 5


async def test_a_decision_on_an_outdated_memory_is_taken_again(
    heart: Any, clock: Any, store: Any, mine: Any, add: Any
) -> None:
    here, elsewhere = Work(heart, mine, clock), Work(heart, store, clock)
    await here.run(add("c1"), Cause("k1"))
    await elsewhere.run(add("c1", 10), Cause("k2"))

    assert await here.run(add("c1"), Cause("k3")) == {"total": 12}
    assert sorted(f.sequence for f in store.facts()) == [1, 2, 3]


async def test_a_refusal_is_not_given_on_an_outdated_memory(clock: Any, store: Any, mine: Any) -> None:
    def spend(state: int | None, amount: int, rules: None, now: Any) -> Decision[int]:
        if (state or 0) + amount < 0:
            raise DomainError("not enough")
        return Decision((state or 0) + amount)

    purse: Heart[int, None] = Heart("purse", lambda s, c, r, n: spend(s, c.amount, r, n), str, lambda: None)  # type: ignore[arg-type]
    here, elsewhere = Work(purse, mine, clock), Work(purse, store, clock)
    await here.run(Spending("p", 1), Cause("k1"))
    await elsewhere.run(Spending("p", 9), Cause("k2"))
    await here.run(Spending("p", -10), Cause("k3"))

    assert store.aggregates["p"].state == 0
    with pytest.raises(DomainError):
        await here.run(Spending("p", -1), Cause("k4"))


async def test_a_due_timer_fires_once_however_often_it_is_found(
    work: Any, store: Any, clock: Any, add: Any
) -> None:
    await work.run(add("c1"), Cause("k1"))
    loops = [TimerLoop(work, store, clock) for _ in range(3)]
    assert await loops[0].fire_due() == 0
    clock.present += timedelta(minutes=2)
    await asyncio.gather(*(loop.fire_due() for loop in loops))

    assert (await work.read("c1")).rung == 1
    assert await loops[0].fire_due() == 0


async def test_due_timers_are_looked_for_only_where_there_are_timers(
    work: Any, store: Any, clock: Any, add: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "REST_SECONDS", 0.001)
    monkeypatch.setattr(timers, "PAUSE_SECONDS", 0.001)
    looked: list[datetime] = []

    async def due(now: datetime, shards: list[int], limit: int) -> list[TimerFired]:
        looked.append(now)
        return await type(store).due(store, now, shards, limit)  # type: ignore[no-any-return]

    monkeypatch.setattr(store, "due", due)
    loop = TimerLoop(work, store, clock)
    await loop.start()
    await asyncio.sleep(0.05)
    assert looked == []
    await work.run(add("c1"), Cause("k1"))
    clock.present += timedelta(minutes=2)
    async with asyncio.timeout(5):
        while (await work.read("c1")).rung == 0:
            await asyncio.sleep(0.001)
    await loop.stop()
    assert looked


async def test_a_replaced_timer_does_not_fire_at_its_old_time(
    work: Any, store: Any, clock: Any, add: Any
) -> None:
    await work.run(add("c1"), Cause("k1"))
    stale = await store.due(clock.now() + timedelta(minutes=1), list(range(16)), 10)
    clock.present += timedelta(seconds=50)
    await work.run(add("c1"), Cause("k2"))
    results = await work.run_batch([Errand(stale[0], Cause("t"))])

    assert results[0].outcome is Outcome.DUPLICATE
    assert (await work.read("c1")).rung == 0


class HalfBroken(MemoryStore[Any]):
    """A store that, once, loses one of two writes that are under way together."""

    broken = False

    async def save(self, changes: Any) -> set[str]:
        if not self.broken and changes[0].aggregate_id != "c0":
            self.broken = True
            raise ConnectionError("gone")
        await asyncio.sleep(0)
        return await super().save(changes)


async def test_a_large_batch_of_which_half_was_written_is_run_again_and_counts_once(
    heart: Any, clock: Any, add: Any
) -> None:
    store = HalfBroken()
    work = Work(heart, store, clock)
    errands = [Errand(add(f"c{n % 150}", 1 + n // 150), Cause(f"k{n}")) for n in range(300)]

    with pytest.raises(ConnectionError):
        await work.run_batch(errands)
    written = set(store.aggregates)
    results = await work.run_batch(errands)

    assert 0 < len(written) < 150
    again = [r.outcome is Outcome.DUPLICATE for r in results]
    assert again == [e.command.aggregate_id in written for e in errands]
    assert [r.answer for r in results if r.outcome is Outcome.APPLIED][:1] == [{"total": 1}]
    assert {stored.state.total for stored in store.aggregates.values()} == {3}
    for n in range(150):
        assert [f.sequence for f in store.facts() if f.subject == f"c{n}"] == [1, 2]
