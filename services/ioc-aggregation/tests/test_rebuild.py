"""
Another generation of the figures is built beside the running one and takes its place: whatever dies at
whatever step, and whoever was about to write, every fact counts once.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.work.model import Cause, Errand
from ioc_aggregation.app.rebuilding import Rebuilt, read_by, rebuild
from ioc_aggregation.domain.fold import Tally
from ioc_aggregation.domain.metrics import STOCKS
from ioc_aggregation.domain.province import Province
from ioc_aggregation.domain.totals import Placed
from ioc_aggregation.ports import Held, Position, Totals
from ioc_aggregation.store import Fold, FollowingTotals, MemoryGenerations, MemoryTotals

START = datetime(2022, 1, 10, 2, tzinfo=UTC)
COMMUNES = ("05431", "05434", "05908")
TOPIC = "facts"


class Crash(Exception):
    """The process dies here."""


class Slow(MemoryTotals):
    """A store whose writer may be asleep between looking which generation holds and writing."""

    def __init__(self, number: int, chance: random.Random) -> None:
        super().__init__()
        self.generation = number
        self.chance = chance

    async def claim(self, placed: list[Placed]) -> Any:
        for _ in range(self.chance.choice((0, 0, 0, 1, 5, 60))):
            await asyncio.sleep(0)
        return await super().claim(placed)


class World:
    """A log of three partitions that grows, a consumer that follows it, and generations of totals."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.log: list[list[Tally]] = [[] for _ in range(3)]
        self.committed = [0, 0, 0]
        self.facts: list[Tally] = []
        self.seconds = 0.0
        self.generations = MemoryGenerations(lambda: START + timedelta(seconds=self.seconds))
        self.kept: dict[int, Slow] = {}
        self.totals = FollowingTotals(self.generations, self.open)
        self.dies: Callable[[str], bool] = lambda _step: False
        self.generations.fault = self.fault

    def fault(self, step: str) -> None:
        if self.dies(step):
            raise Crash(step)

    def open(self, number: int) -> Slow:
        return self.kept.setdefault(number, Slow(number, self.chance))

    def happens(self, count: int) -> None:
        for _ in range(count):
            number = len(self.facts)
            names = self.chance.sample(["f0_active", "f0_new", "scans"], 2)
            self.facts.append(
                Tally(
                    f"fact-{number}", "test", f"p-{number}", 1, self.chance.choice(COMMUNES),
                    date(2022, 1, self.chance.randrange(7, 11)), START + timedelta(seconds=number),
                    {name: self.chance.randrange(-1, 3) for name in names}, speaks=True,
                )
            )  # fmt: skip
            for _ in range(1 + (self.chance.random() < 0.2)):
                self.chance.choice(self.log).append(self.facts[-1])

    def errands(self, partition: int, begin: int, end: int) -> list[Errand]:
        place = f"{TOPIC}:{partition}"
        part = enumerate(self.log[partition][begin:end], start=begin)
        return [Errand(t, Cause(t.fact_id, partition=place, offset=offset)) for offset, t in part]

    async def consume(self) -> None:
        """Read on until all is read: batches of any size, offsets committed after the work, or not."""
        fold = Fold(self.totals)
        while self.committed != [len(part) for part in self.log]:
            batch, after = [], list(self.committed)
            for n, part in enumerate(self.log):
                after[n] = min(len(part), self.committed[n] + self.chance.randrange(0, 7))
                batch += self.errands(n, self.committed[n], after[n])
            await asyncio.sleep(0)
            try:
                await fold.run_batch(batch)
            except Held:
                self.seconds += 1
                continue
            if self.chance.random() < 0.9:
                self.committed = after
            else:
                fold = Fold(self.totals)
            if self.chance.random() < 0.5 and len(self.facts) < 150:
                self.happens(self.chance.randrange(0, 4))

    async def rebuilds(self, **how: bool) -> Rebuilt:
        return await rebuild(self.generations, self.open, self.open_log, self.waits, **how)

    async def waits(self, seconds: float) -> None:
        self.seconds += seconds
        for _ in range(3):
            await asyncio.sleep(0)

    def open_log(self, totals: Totals, start: Sequence[Position]) -> AbstractAsyncContextManager[Any]:
        return ReadLog(self, Fold(totals), start)

    async def told(self) -> dict[str, dict[str, int]]:
        return Province(await self.totals.all_documents()).totals()

    def truth(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for fact in self.facts:
            for name, n in fact.deltas.items():
                keys = [str(fact.day), *(["now"] if name in STOCKS else [])]
                for key in keys:
                    of = found.setdefault(f"{fact.commune_code} {key}", {})
                    of[name] = of.get(name, 0) + n
        kept = {key: {name: n for name, n in sorted(each.items()) if n} for key, each in found.items()}
        return {key: each for key, each in sorted(kept.items()) if each}


class ReadLog(AbstractAsyncContextManager[Any]):
    """The log as the rebuild reads it."""

    def __init__(self, world: World, fold: Fold, start: Sequence[Position]) -> None:
        self.world, self.fold = world, fold
        self.at = {number: offset for _, number, offset in start}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    @property
    def positions(self) -> list[Position]:
        return [(TOPIC, number, offset) for number, offset in self.at.items()]

    async def ends(self) -> list[Position]:
        return [(TOPIC, number, len(part)) for number, part in enumerate(self.world.log)]

    async def read_to(self, ends: Sequence[Position], after_batch: Callable[[], Awaitable[None]]) -> None:
        for _, number, end in ends:
            while (at := self.at.get(number, 0)) < end:
                until = min(end, at + self.world.chance.randrange(1, 9))
                self.world.fault("read")
                await self.fold.run_batch(self.world.errands(number, at, until))
                self.world.fault("added")
                self.at[number] = until
                await after_batch()
                await asyncio.sleep(0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
async def test_every_fact_counts_once_though_the_generation_changes_under_the_consumer(seed: int) -> None:
    world = World(seed)
    world.happens(40)
    consumer = asyncio.create_task(world.consume())
    results = [await world.rebuilds() for _ in range(2)]
    await asyncio.wait_for(consumer, 20)
    await world.consume()
    assert await world.told() == world.truth()
    assert world.generations.current == max(r.generation for r in results if r.is_switched)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
async def test_a_rebuild_that_dies_at_any_step_harms_nothing(seed: int, resumes: bool) -> None:
    world = World(seed)
    world.happens(40)
    consumer = asyncio.create_task(world.consume())
    world.dies = lambda _step: world.chance.random() < 0.1
    made = None
    for _ in range(25):
        try:
            made = await world.rebuilds(resumes=resumes)
        except Crash:
            await asyncio.sleep(0)
            continue
        if made.is_switched:
            break
    world.dies = lambda _step: False
    if made is None or not made.is_switched:
        made = await world.rebuilds(resumes=resumes)
    await asyncio.wait_for(consumer, 20)
    world.seconds += 120
    await world.consume()
    assert await world.told() == world.truth()
    assert made.differences == {}


@pytest.mark.parametrize(
    "step", ["begin", "read", "added", "note positions", "hold", "held", "switch", "release"]
)
async def test_before_the_switch_the_running_generation_goes_on(step: str) -> None:
    world = World(1)
    world.happens(30)
    await world.consume()
    world.dies = lambda at: at == step
    with pytest.raises(Crash):
        await world.rebuilds()
    world.dies = lambda _at: False
    assert world.generations.current in ((0, 1) if step == "release" else (0,))
    world.happens(10)
    world.seconds += 61  # a hold ends by itself
    await world.consume()
    assert await world.told() == world.truth()


async def test_after_the_switch_the_new_one_goes_on_though_nobody_was_told() -> None:
    world = World(2)
    world.happens(30)
    await world.consume()
    world.dies = lambda at: at == "switched"
    with pytest.raises(Crash):
        await world.rebuilds()
    world.happens(10)
    await world.consume()
    assert world.generations.current == 1
    assert await world.told() == world.truth()


async def test_figures_that_differ_are_not_switched_unless_that_is_accepted() -> None:
    world = World(3)
    world.happens(30)
    await world.consume()
    wrong = next(iter(world.open(0).documents.values()))
    wrong.counters[next(iter(wrong.counters))]["f0_new"] = 99
    refused = await world.rebuilds()
    assert (refused.is_switched, world.generations.current) == (False, 0)
    [(_, figures)] = refused.differences.items()
    assert figures["f0_new"][0] >= 90
    made = await world.rebuilds(resumes=True, accepts_differences=True)
    assert made.is_switched
    assert await world.told() == world.truth()


async def test_nobody_adds_facts_while_they_are_held_and_everybody_does_afterwards() -> None:
    world = World(4)
    world.happens(5)
    await world.generations.begin()
    await world.generations.hold(1)
    with pytest.raises(Held):
        await Fold(world.totals).run_batch(world.errands(0, 0, 1))
    world.seconds += 50
    assert not await world.generations.switch(1), "too near to the end of the hold"
    world.seconds += 11
    await world.consume()
    assert world.generations.current == 0
    assert await world.told() == world.truth()


async def test_a_rebuild_that_another_one_gave_up_switches_nothing() -> None:
    world = World(5)
    world.happens(20)
    await world.consume()
    first = await world.generations.begin()
    await world.rebuilds()
    await world.generations.hold(first.building or 0)
    assert not await world.generations.switch(first.building or 0)
    assert world.generations.current == 2


async def test_a_reader_is_told_everything_anew_when_another_generation_holds() -> None:
    world = World(6)
    world.happens(20)
    await world.consume()
    assert not (await world.totals.news()).is_anew
    await world.rebuilds()
    news = await world.totals.news()
    assert news.is_anew
    assert Province(news.documents).totals() == world.truth()
    assert not (await world.totals.news()).is_anew


async def test_where_readers_stand_is_read_from_the_documents_of_stocks() -> None:
    world = World(7)
    world.happens(20)
    await world.consume()
    stands = {number: offset for _, number, offset in read_by(await world.totals.all_documents())}
    assert all(offset <= len(world.log[number]) for number, offset in stands.items())
