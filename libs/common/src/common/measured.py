"""The unit of work with its measures: batch sizes, times, duplicates, refusals."""

import time
from typing import TypeVar

from common import metrics
from common.work.engine import Work
from common.work.ledger import Ledger
from common.work.model import Errand, Outcome, Result

S = TypeVar("S")
R = TypeVar("R")


class MeasuredWork(Work[S, R]):
    """`Work` that tells Prometheus what it does."""

    def _lost(self, commands: int) -> None:
        # Also when there were none: the first of all must be seen as an increase.
        metrics.version_losers.labels(self.heart.name).inc(commands)

    async def _process(self, errands: list[Errand]) -> list[Result]:
        started = time.perf_counter()
        results = await super()._process(errands)
        _record(self.heart.name, results, time.perf_counter() - started)
        return results


class MeasuredLedger(Ledger[S, R]):
    """`Ledger` that tells Prometheus what it does."""

    async def _process(self, errands: list[Errand]) -> list[Result]:
        started = time.perf_counter()
        results = await super()._process(errands)
        _record(self.heart.name, results, time.perf_counter() - started)
        return results


def _record(aggregate: str, results: list[Result], seconds: float) -> None:
    metrics.batch_size.labels(aggregate).observe(len(results))
    metrics.handler_seconds.labels(aggregate).observe(seconds)
    for result in results:
        if result.outcome is Outcome.DUPLICATE:
            metrics.dedup_hits.labels(aggregate).inc()
        elif result.outcome is Outcome.REFUSED:
            metrics.refusals.labels(aggregate, getattr(result.error, "slug", "fault")).inc()
