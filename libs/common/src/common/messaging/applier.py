"""
Applying a batch of records: the part that the real bus and the in-memory one share.

Order is kept: a batch is applied as a whole in the order of its records, and the caller commits its
offsets only after `apply` has returned.
"""

import asyncio
import time
from collections.abc import Sequence

from common import metrics
from common.clocks import real_seconds_since
from common.kernel.clock import Clock
from common.logs import logger
from common.messaging.batch import Batch, Reader
from common.messaging.dead_letters import REASONS, UNEXPECTED_FAULT, Refused, dead_letter
from common.messaging.records import ConsumedRecord, Publisher
from common.messaging.retry import Backoff, is_transient
from common.messaging.subscription import Subscription
from common.work.model import Outcome, Result

log = logger(__name__)


class GaveUp(Exception):
    """A fault of the machinery outlasted our patience, or we are stopping; nothing may be committed."""


class Applier:
    """Turns records into effects, effectively once, and sets aside those that cannot have one."""

    def __init__(
        self, subscription: Subscription, publisher: Publisher, clock: Clock, backoff: Backoff | None = None
    ) -> None:
        self.group = subscription.group
        self._work = subscription.work
        self._reader = Reader(subscription)
        self._publisher = publisher
        self._clock = clock
        self._backoff = backoff or Backoff()
        self._stopping = asyncio.Event()
        metrics.retries.labels(self.group)
        for reason in REASONS:  # from zero on, or Prometheus would not see the first one as an increase
            metrics.dead_letters.labels(self.group, reason)

    def stop(self) -> None:
        """Stop waiting for faults to pass. A batch that is being applied is finished."""
        self._stopping.set()

    async def apply(self, records: Sequence[ConsumedRecord]) -> None:
        """
        Apply *records*, trying again while the machinery is at fault.

        Raises `GaveUp` when it stays so: the same records must then be delivered again.
        """
        batch = self._reader.read(records)
        deadline = time.monotonic() + self._backoff.patience_seconds
        attempt = 0
        while True:
            try:
                await self._attempt(batch)
            except Exception as error:
                if not is_transient(error):
                    raise
                await self._wait(attempt, deadline, error)
            else:
                return self._measure(batch)
            attempt += 1

    def _measure(self, batch: Batch) -> None:
        for kind, decided_at in batch.oldest.items():
            metrics.flow_seconds.labels(self.group, kind).observe(real_seconds_since(self._clock, decided_at))

    async def _attempt(self, batch: Batch) -> None:
        results = await self._run(batch)
        refused = batch.refusals(results)
        if refused:
            await self._set_aside(refused)

    async def _run(self, batch: Batch) -> list[Result]:
        batch.faults.clear()
        if not batch.errands:
            return []
        try:
            return await self._work.run_batch(batch.errands)
        except Exception as error:
            if is_transient(error):
                raise
            log.exception("batch failed, each record is tried alone", group=self.group)
        return await self._one_by_one(batch)

    async def _one_by_one(self, batch: Batch) -> list[Result]:
        results: list[Result] = []
        for errand, origin in zip(batch.errands, batch.origins, strict=True):
            try:
                results += await self._work.run_batch([errand])
            except Exception as error:
                if is_transient(error):
                    raise
                results.append(Result(Outcome.REFUSED))
                batch.faults.append(Refused(origin, UNEXPECTED_FAULT, type(error).__name__))
        return results

    async def _set_aside(self, refused: list[Refused]) -> None:
        now = self._clock.now()
        await self._publisher.publish([dead_letter(bad, self.group, now) for bad in refused])
        for bad in refused:
            metrics.dead_letters.labels(self.group, bad.reason).inc()
            log.warning(
                "record set aside",
                group=self.group,
                reason=bad.reason,
                detail=bad.detail,
                topic=bad.record.topic,
                partition=bad.record.partition,
                offset=bad.record.offset,
            )

    async def _wait(self, attempt: int, deadline: float, error: Exception) -> None:
        metrics.retries.labels(self.group).inc()
        log.warning("fault of the machinery", group=self.group, attempt=attempt, fault=type(error).__name__)
        seconds = self._backoff.wait_seconds(attempt)
        if self._stopping.is_set() or time.monotonic() + seconds > deadline:
            raise GaveUp(type(error).__name__) from error
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
        raise GaveUp("stopping") from error
