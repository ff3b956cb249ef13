"""
The working half of a process: consumers, outbox relay, timers, and their gauges.

Kafka may be away at the start or later: connecting is tried again for ever, facts wait in their
documents meanwhile, and HTTP goes on.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from common import metrics
from common.clocks import real_seconds_since, shown_before
from common.health import Readiness
from common.logs import logger
from common.messaging.batch_consumer import BatchConsumer
from common.messaging.broker import make_broker
from common.messaging.publisher import KafkaPublisher
from common.messaging.subscription import Subscription
from common.mongo.bells import ChangeBell
from common.mongo.leases import MongoLease, ShardOwner
from common.work.engine import Work
from common.work.model import SHARDS
from common.work.relay import Relay
from common.work.timers import TimerLoop

if TYPE_CHECKING:
    from faststream.kafka import KafkaBroker

    from common.service import Runtime

log = logger(__name__)

GAUGE_SECONDS: Final = 5.0
LONGEST_WAIT_SECONDS: Final = 10.0
RELAY_LATE_SECONDS: Final = 60.0
"""A fact older than this and still unpublished makes the process unready."""
OVERDUE: Final = timedelta(seconds=1)
_OVERDUE_MAX: Final = 1_000


class Backbone:
    """Starts and stops, for one process, all that happens without a request."""

    def __init__(
        self, runtime: "Runtime", subscriptions: list[Subscription], *, with_change_bell: bool
    ) -> None:
        self._runtime = runtime
        self._subscriptions = subscriptions
        self._holder = runtime.settings.worker_name or f"{socket.gethostname()}:{os.getpid()}"
        self._bell = ChangeBell(runtime.database, runtime.bell) if with_change_bell else None
        self._outboxes = [store for store in runtime.stores if hasattr(store, "unsent")]
        self._relay = self._make_relay()
        self._timers = self._make_timers()
        self._consumers: list[BatchConsumer] = []
        self._broker: KafkaBroker | None = None
        self._publisher: KafkaPublisher | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._oldest_seconds = 0.0

    def add_checks(self, readiness: Readiness) -> None:
        """Tell readiness what the working half depends on."""
        readiness.add("kafka", self._kafka_is_connected)
        readiness.add("relay", self._relay_keeps_up)

    async def start(self) -> None:
        """Start relay and timers, and begin to connect the consumers."""
        if self._relay is not None:
            await self._relay.start()
        if self._bell is not None:
            await self._bell.start()
        for loop in self._timers:
            await loop.start()
        self._tasks = [
            asyncio.create_task(self._connect(), name="consumers"),
            asyncio.create_task(self._measure(), name="gauges"),
        ]

    async def stop(self) -> None:
        """Finish the batches in hand, then the timers, then what the relay is publishing."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._disconnect()
        for loop in self._timers:
            await loop.stop()
        if self._bell is not None:
            await self._bell.stop()
        if self._relay is not None:
            await self._relay.stop()

    def _make_relay(self) -> Relay | None:
        if not self._outboxes:
            return None
        runtime, name = self._runtime, self._runtime.name

        def sent(facts: int, seconds: float) -> None:
            metrics.relayed.labels(name).inc(facts)
            metrics.relay_seconds.labels(name).observe(seconds)

        return Relay(
            self._outboxes,
            MongoLease(runtime.database, "relay", self._holder),
            runtime.bell,
            runtime.clock,
            bootstrap=runtime.settings.kafka_bootstrap,
            transactional_id=f"{name}-relay",
            on_sent=sent,
        )

    def _make_timers(self) -> list[TimerLoop]:
        owner = ShardOwner(self._runtime.database, self._holder)
        clock = self._runtime.clock
        return [
            TimerLoop(work, source, clock, shards=owner.shards, on_fired=_late(work.heart.name))
            for work, source in self._timed()
        ]

    def _timed(self) -> list[tuple[Work[Any, Any], Any]]:
        """Units of work whose store keeps timers."""
        return [(work, work.store) for work in self._runtime.works if hasattr(work.store, "due")]

    async def _connect(self) -> None:
        wait = 0.5
        while True:
            try:
                await self._try_to_connect()
            except Exception as fault:  # noqa: BLE001  whatever keeps Kafka from us may pass
                log.warning("kafka is away", fault=type(fault).__name__, again_in_seconds=wait)
                await self._disconnect()
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)
            else:
                return

    async def _try_to_connect(self) -> None:
        settings, name = self._runtime.settings, self._runtime.name
        self._publisher = KafkaPublisher(settings.kafka_bootstrap, client_id=f"{name}-set-aside")
        await self._publisher.start()
        broker = make_broker(settings.kafka_bootstrap.split(","), client_id=name)
        self._consumers = [
            BatchConsumer(broker, subscription, self._publisher, self._runtime.clock)
            for subscription in self._subscriptions
        ]
        self._broker = broker
        await broker.start()
        log.info("consuming", groups=[consumer.group for consumer in self._consumers])

    async def _disconnect(self) -> None:
        for consumer in self._consumers:
            consumer.stop()
        broker, self._broker = self._broker, None
        publisher, self._publisher = self._publisher, None
        for thing in (broker, publisher):
            if thing is not None:
                with contextlib.suppress(Exception):
                    await thing.stop()
        self._consumers = []

    async def _kafka_is_connected(self) -> bool:
        return self._broker is not None and all(
            consumer.consumer is not None and not consumer.is_stuck for consumer in self._consumers
        )

    async def _relay_keeps_up(self) -> bool:
        return self._oldest_seconds < RELAY_LATE_SECONDS

    async def _measure(self) -> None:
        while True:
            try:
                await self._measure_once()
            except Exception as fault:  # noqa: BLE001  a gauge is never worth a crash
                log.warning("gauges are stale", fault=type(fault).__name__)
            await asyncio.sleep(GAUGE_SECONDS)

    async def _measure_once(self) -> None:
        ages = [0.0]
        for number, store in enumerate(self._outboxes):
            waiting, since = await store.backlog()
            ages.append(real_seconds_since(self._runtime.clock, since) if since else 0.0)
            label = _name_of(store, number)
            metrics.outbox_depth.labels(label).set(waiting)
            metrics.outbox_age.labels(label).set(ages[-1])
        self._oldest_seconds = max(ages)
        before = shown_before(self._runtime.clock, OVERDUE)
        for work, source in self._timed():
            overdue = await source.due(before, list(range(SHARDS)), _OVERDUE_MAX)
            metrics.timers_late.labels(work.heart.name).set(len(overdue))
        for consumer in self._consumers:
            await consumer.measure_lag()


def _late(aggregate: str) -> Callable[[float], None]:
    def fired(seconds: float) -> None:
        metrics.timers_fired.labels(aggregate).inc()
        metrics.timer_late_seconds.labels(aggregate).observe(seconds)

    return fired


def _name_of(store: Any, number: int) -> str:
    collection = getattr(store, "collection", None)
    return str(collection.name) if collection is not None else f"outbox-{number}"
