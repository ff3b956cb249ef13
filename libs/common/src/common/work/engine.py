"""
The unit of work: load, decide, save, for whole batches, with both doors equal.

HTTP routes `run` one command and await its answer; Kafka consumers `run_batch`. Both wait in the
same queue, so one writer per process decides the commands of one aggregate in order.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import structlog

from common.kernel.clock import Clock
from common.kernel.errors import DomainError
from common.work import batch
from common.work.gather import Gatherer
from common.work.model import AggregateStore, Cause, Errand, Heart, Outcome, Result, Stored

S = TypeVar("S")
R = TypeVar("R")

Groups = dict[str, list[tuple[int, Errand]]]
"""Numbered errands by the aggregate they address."""

HALVED_FROM = 100
"""From so many aggregates on a batch goes in two halves: one is decided while the other is being written."""
LOSING_STREAK_MAX = 50
"""Rounds of re-reading after lost races before the batch is reported as a transient fault."""

log = structlog.get_logger(__name__)


class Contended(ConnectionError):
    """Other writers kept winning: a transient fault, the batch may simply be run again."""


class Work(Generic[S, R]):
    """Runs commands of one kind of aggregate against its store."""

    def __init__(
        self,
        heart: Heart[S, R],
        store: AggregateStore[S],
        clock: Clock,
        *,
        batch_max: int = 1000,
        on_facts: Callable[[], None] = lambda: None,
    ) -> None:
        self.heart = heart
        self.store = store
        self.clock = clock
        self.on_facts = on_facts
        self._gatherer: Gatherer[Errand, Result] = Gatherer(self._process, batch_max=batch_max)

    async def run(self, command: Any, cause: Cause) -> dict[str, Any]:
        """
        Run one command and return the answer of its decision.

        A cause already applied gets its first answer again. Raises the `DomainError` of a refusal.
        """
        [result] = await self._gatherer.submit([Errand(command, cause)])
        if result.error is not None:
            raise result.error
        return result.answer

    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        """Run errands in order and tell each one's result; raises transient faults only."""
        return await self._gatherer.submit(errands)

    async def read(self, aggregate_id: str) -> S | None:
        """Return the present state of one aggregate, or None."""
        found = await self.store.load([aggregate_id])
        return found[aggregate_id].state if aggregate_id in found else None

    async def stop(self) -> None:
        """Finish what was accepted."""
        await self._gatherer.drain()

    async def _process(self, errands: list[Errand]) -> list[Result]:
        results: dict[int, Result] = {}
        halves = _halves(batch.by_aggregate(enumerate(errands)))
        ends = await asyncio.gather(*(self._settle(half, results) for half in halves), return_exceptions=True)
        for fault in ends:
            if fault is not None:
                raise fault
        return [results[number] for number in range(len(errands))]

    async def _settle(self, groups: Groups, results: dict[int, Result]) -> None:
        """Decide and save *groups*, those that others were quicker with again and again."""
        recalled = self.store.recall(groups)
        for _ in range(LOSING_STREAK_MAX):
            groups = await self._round(groups, recalled, results)
            if not groups:
                return
            recalled = {}
        raise Contended(f"{self.heart.name}: {len(groups)} aggregates kept losing their version")

    async def _round(
        self, groups: Groups, recalled: dict[str, Stored[S]], results: dict[int, Result]
    ) -> Groups:
        """Decide and save every group; return those to be decided again from what is stored by then."""
        unknown = [aggregate_id for aggregate_id in groups if aggregate_id not in recalled]
        found = recalled | await self.store.load(unknown) if unknown else recalled
        rules, now = self.heart.rules(), self.clock.now()
        changes, unproven = [], set()
        for aggregate_id, group in groups.items():
            draft = batch.Draft(aggregate_id, found.get(aggregate_id))
            for number, errand in group:
                results[number] = batch.decide_errand(self.heart, rules, draft, errand, now)
            if draft.changed:
                changes.append(draft.change())
            elif aggregate_id in recalled:
                unproven.add(aggregate_id)  # no write will tell whether what we recalled still held
        losers = await self.store.save(changes) if changes else set()
        if any(change.outbox for change in changes):
            self.on_facts()
        self._lost(sum(len(groups[aggregate_id]) for aggregate_id in losers))
        again = {key: group for key, group in groups.items() if key in losers or key in unproven}
        self._report({key: group for key, group in groups.items() if key not in again}, results)
        return again

    def _lost(self, commands: int) -> None:
        """Take note of commands that are decided again because another writer was quicker."""

    def _report(self, groups: Groups, results: dict[int, Result]) -> None:
        for group in groups.values():
            for number, errand in group:
                result = results[number]
                if result.outcome is Outcome.REFUSED and not isinstance(result.error, DomainError):
                    log.error(
                        "decision-failed",
                        aggregate=self.heart.name,
                        command=type(errand.command).__name__,
                        cause=errand.cause.id,
                        exc_info=result.error,
                    )


def _halves(groups: Groups) -> list[Groups]:
    """Part a large batch by aggregates, so that the errands of each stay together and in order."""
    if len(groups) < HALVED_FROM:
        return [groups]
    pairs, middle = list(groups.items()), len(groups) // 2
    return [dict(pairs[:middle]), dict(pairs[middle:])]
