"""All the subscriptions of one process: start, stop, lag, health."""

import asyncio
import contextlib
from collections.abc import Sequence

from common.clocks import SystemClock
from common.kernel.clock import Clock
from common.messaging.batch_consumer import BatchConsumer
from common.messaging.broker import make_broker
from common.messaging.publisher import KafkaPublisher
from common.messaging.retry import Backoff
from common.messaging.subscription import Subscription

LAG_SECONDS = 5.0
"""How often the lag is measured."""


class Consumers:
    """Runs `BatchConsumer`s for *subscriptions* on one broker, with a publisher for dead letters."""

    def __init__(
        self,
        bootstrap: str,
        subscriptions: Sequence[Subscription],
        *,
        client_id: str,
        clock: Clock | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self._broker = make_broker(bootstrap, client_id=client_id)
        self._publisher = KafkaPublisher(bootstrap, client_id=f"{client_id}-dead-letters")
        self._consumers = [
            BatchConsumer(self._broker, subscription, self._publisher, clock or SystemClock(), backoff)
            for subscription in subscriptions
        ]
        self._lag_task: asyncio.Task[None] | None = None
        self.lag: dict[str, int] = {}

    async def start(self) -> None:
        """Connect and begin to consume; raises `aiokafka.errors.KafkaConnectionError`."""
        await self._publisher.start()
        await self._broker.start()
        self._lag_task = asyncio.create_task(self._watch_lag())

    async def stop(self) -> None:
        """Finish and commit the batches in hand, then leave the groups."""
        for consumer in self._consumers:
            consumer.stop()
        if self._lag_task is not None:
            self._lag_task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._lag_task
        await self._broker.stop()
        await self._publisher.stop()

    @property
    def stuck(self) -> list[str]:
        """Return the groups that wait for a fault of the machinery to pass."""
        return [consumer.group for consumer in self._consumers if consumer.is_stuck]

    async def _watch_lag(self) -> None:
        while True:
            for consumer in self._consumers:
                self.lag[consumer.group] = await consumer.measure_lag()
            await asyncio.sleep(LAG_SECONDS)
