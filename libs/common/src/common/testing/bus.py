"""
A bus in memory: topics, partitions, groups, commits and redelivery, without a broker.

It runs the same `Applier` as the real one and passes the same suite (`common.testing.bus_contract`).
Not simulated: transactions, retention and rebalancing between several members.
"""

import asyncio
import contextlib
import zlib
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from common.clocks import SystemClock
from common.contracts.records import Headers
from common.kernel.clock import Clock
from common.messaging.applier import Applier
from common.messaging.records import Outgoing
from common.messaging.retry import Backoff
from common.messaging.subscription import Subscription

Place = tuple[str, int]


class MemoryRecord(NamedTuple):
    """A record as a consumer sees it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers


class MemoryBus:
    """The log of every topic, and how far each group has committed. Publishes at once."""

    def __init__(self, partitions: int = 3) -> None:
        self._partitions = partitions
        self._log: dict[Place, list[MemoryRecord]] = defaultdict(list)
        self._committed: dict[str, dict[Place, int]] = defaultdict(dict)
        self._written = asyncio.Event()

    async def publish(self, records: Sequence[Outgoing]) -> None:
        """Append *records*; one key always goes to one partition of a topic."""
        for topic, key, value, headers in records:
            partition = zlib.crc32(key or b"") % self._partitions
            log = self._log[topic, partition]
            log.append(MemoryRecord(topic, partition, len(log), key, value, list(headers)))
        self._written.set()
        self._written = asyncio.Event()

    def consumers(
        self,
        subscriptions: Sequence[Subscription],
        *,
        clock: Clock | None = None,
        backoff: Backoff | None = None,
    ) -> "MemoryConsumers":
        """Return consumers with the same `start` and `stop` as `common.messaging.consumers`."""
        return MemoryConsumers(self, subscriptions, clock or SystemClock(), backoff)

    async def read(self, topic: str) -> list[MemoryRecord]:
        """Return every record of *topic*, partition by partition."""
        return [r for place, log in sorted(self._log.items()) if place[0] == topic for r in log]

    async def committed(self, group: str) -> dict[Place, int]:
        """Return the next offset of each partition for *group*."""
        return dict(self._committed[group])

    def fetch(self, topics: Sequence[str], positions: dict[Place, int], limit: int) -> list[MemoryRecord]:
        """Return at most *limit* records from *positions* on, and move these forward."""
        batch: list[MemoryRecord] = []
        for place, log in list(self._log.items()):
            if place[0] in topics and len(batch) < limit:
                start = positions.get(place, 0)
                part = log[start : start + limit - len(batch)]
                positions[place] = start + len(part)
                batch += part
        return batch

    def commit(self, group: str, records: Sequence[MemoryRecord]) -> None:
        """Note that *group* is done with *records*."""
        for record in records:
            self._committed[group][record.topic, record.partition] = record.offset + 1

    async def news(self) -> None:
        """Wait until something is published."""
        await self._written.wait()


class MemoryConsumers:
    """Runs subscriptions against a `MemoryBus`, one member per group."""

    def __init__(
        self, bus: MemoryBus, subscriptions: Sequence[Subscription], clock: Clock, backoff: Backoff | None
    ) -> None:
        self._bus = bus
        self._pairs = [(each, Applier(each, bus, clock, backoff)) for each in subscriptions]
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()

    async def start(self) -> None:
        """Begin to consume from what the groups have committed."""
        for subscription, applier in self._pairs:
            positions = await self._bus.committed(subscription.group)
            self._tasks.append(asyncio.create_task(self._consume(subscription, applier, positions)))

    async def stop(self) -> None:
        """Finish and commit the batches in hand."""
        self._stopping.set()
        for _, applier in self._pairs:
            applier.stop()
        await asyncio.gather(*self._tasks)

    async def _consume(
        self, subscription: Subscription, applier: Applier, positions: dict[Place, int]
    ) -> None:
        while not self._stopping.is_set():
            before = dict(positions)
            batch = self._bus.fetch(subscription.topics, positions, subscription.batch_max)
            if not batch:
                await self._idle()
                continue
            try:
                await applier.apply(batch)
                self._bus.commit(subscription.group, batch)
            except Exception:  # noqa: BLE001 - as on Kafka: whatever it was, the batch must come back
                positions.clear()
                positions.update(before)
                await asyncio.sleep(0.01)

    async def _idle(self) -> None:
        waits = [asyncio.ensure_future(self._bus.news()), asyncio.ensure_future(self._stopping.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await wait
