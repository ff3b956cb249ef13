"""
Kafka in: batches of records to `Work`, offsets committed explicitly when the work is saved.

At-least-once delivery: a batch whose commit does not arrive is delivered again and answered from the
inboxes. Nothing is committed for a batch that is not wholly applied.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import IllegalStateError, KafkaError
from faststream.kafka import KafkaBroker

from common import metrics
from common.kernel.clock import Clock
from common.logs import logger
from common.messaging.applier import Applier, GaveUp
from common.messaging.broker import Records, subscribe
from common.messaging.records import Publisher
from common.messaging.retry import Backoff
from common.messaging.subscription import Subscription

log = logger(__name__)

REVOKE_SECONDS = 10.0
"""How long a rebalance waits for the batch in hand, so that it need not be applied twice."""
COMMIT_SECONDS = 10.0
PAUSE_SECONDS = 5.0
"""Rest before a batch is read again after patience has run out."""


class BatchConsumer(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """One subscription on a broker: apply, then commit; on a lasting fault go back and rest."""

    def __init__(
        self,
        broker: KafkaBroker,
        subscription: Subscription,
        publisher: Publisher,
        clock: Clock,
        backoff: Backoff | None = None,
    ) -> None:
        self.group = subscription.group
        self.is_stuck = False
        self._rest_after = subscription.rest_after
        self._applier = Applier(subscription, publisher, clock, backoff)
        self._busy = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._subscriber = subscribe(broker, subscription, self.handle, self)

    @property
    def consumer(self) -> AIOKafkaConsumer | None:
        """The client underneath, once started."""
        return self._subscriber.consumer

    def stop(self) -> None:
        """Finish the batch in hand, wait for no fault any more, take no further batch."""
        self._stopping.set()
        self._applier.stop()

    async def handle(self, records: Records) -> None:
        """Apply one batch of raw records and commit it."""
        async with self._busy:
            if self._stopping.is_set():
                return
            try:
                await self._applier.apply(records)
            except Exception as error:  # noqa: BLE001 - whatever it was, the batch must come back
                self._go_back(records, error)
            else:
                self.is_stuck = False
                await self._commit(records)
        pause = PAUSE_SECONDS if self.is_stuck else self._rest_after(len(records))
        if pause:
            await self._rest(pause)

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Let the batch in hand be finished and committed before its partitions go."""
        if revoked:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(REVOKE_SECONDS), self._busy:
                    pass

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Nothing to do: positions come from the committed offsets."""

    async def measure_lag(self) -> int:
        """Return how many records are not consumed yet, and show it per partition."""
        consumer = self.consumer
        if consumer is None:
            return 0
        lag = 0
        for tp in consumer.assignment():
            behind = await _behind(consumer, tp)
            metrics.consumer_lag.labels(self.group, tp.topic, str(tp.partition)).set(behind)
            lag += behind
        return lag

    async def _commit(self, records: Records) -> None:
        consumer = self.consumer
        if consumer is None:
            return
        mine = consumer.assignment()
        offsets = {tp: offset for tp, offset in _after(records).items() if tp in mine}
        try:
            async with asyncio.timeout(COMMIT_SECONDS):
                await consumer.commit(offsets)
        except (KafkaError, IllegalStateError, TimeoutError) as error:
            # Either the group has moved on, and whoever has the partition now gets the batch once
            # more, or the broker is away, and the next commit says the same and more.
            log.warning("offsets not committed", group=self.group, fault=type(error).__name__)
        for topic, count in Counter(record.topic for record in records).items():
            metrics.consumed.labels(self.group, topic).inc(count)

    def _go_back(self, records: Records, error: Exception) -> None:
        self.is_stuck = not self._stopping.is_set()
        log.error("batch not applied", group=self.group, fault=str(error), gave_up=isinstance(error, GaveUp))
        consumer = self.consumer
        if consumer is None:
            return
        for tp, offset in _first(records).items():
            with contextlib.suppress(IllegalStateError):
                consumer.seek(tp, offset)

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


def _after(records: Records) -> dict[TopicPartition, int]:
    return {TopicPartition(r.topic, r.partition): r.offset + 1 for r in records}


def _first(records: Records) -> dict[TopicPartition, int]:
    return {TopicPartition(r.topic, r.partition): r.offset for r in reversed(records)}


async def _behind(consumer: AIOKafkaConsumer, tp: TopicPartition) -> int:
    try:
        end = consumer.last_stable_offset(tp)
        position = await asyncio.wait_for(consumer.position(tp), 1)
    except (AssertionError, TimeoutError, IllegalStateError, KafkaError):  # being reassigned just now
        return 0
    return max(0, end - position) if end is not None else 0
