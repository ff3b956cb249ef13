"""
The outbox relay: publishes the facts that wait inside documents, in order per aggregate.

A lease per service keeps one relay alive; safety does not rest on it: the producer's fixed
`transactional.id` fences a relay that was paused and wakes up late (measured: 0 duplicates, where a
lease alone leaked and reordered). Consumers read committed.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, ProducerFenced

from common.background import BackgroundTask
from common.clocks import real_seconds_since
from common.contracts.codec import to_record
from common.kernel.clock import Clock
from common.messaging.access import client_options
from common.work.model import Outbox, Unsent

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 1.0
"""How often every outbox is looked at: a fact waits at most twice as long when its wake-up was lost."""
GATHER_SECONDS = 0.02
"""
Rest after a round. A round costs the broker one transaction whether it carries one fact or five hundred;
a fact that comes alone after a silence does not wait for it.
"""
DOCUMENTS_MAX = 500


class Lease(Protocol):
    """Says whether this process is the one that shall relay."""

    async def hold(self) -> bool:
        """Take or renew the lease; true while it is ours."""


class Bell:
    """Rings when facts were written, in this process or (through a change stream) in another."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._rung: set[str] = set()

    def ring(self, outbox: str = "") -> None:
        """Wake the relay for the outbox of this name, or for all of them."""
        self._rung.add(outbox)
        self._event.set()

    def ringing(self, store: object) -> Callable[[], None]:
        """Return what rings for *store*, if it has a name."""
        return partial(self.ring, getattr(store, "name", ""))

    async def wait(self, timeout: float) -> set[str]:
        """Return what was rung for, at the next ring; nothing after *timeout* seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), timeout)
        self._event.clear()
        rung, self._rung = self._rung, set()
        return rung


class Relay(BackgroundTask):
    """Moves facts from the outboxes of one service to Kafka."""

    def __init__(
        self,
        outboxes: Sequence[Outbox],
        lease: Lease,
        bell: Bell,
        clock: Clock,
        *,
        bootstrap: str,
        transactional_id: str,
        on_sent: Callable[[int, float], None] | None = None,
    ) -> None:
        self.outboxes = outboxes
        self.lease = lease
        self.bell = bell
        self.clock = clock
        self.bootstrap = bootstrap
        self.transactional_id = transactional_id
        self.on_sent = on_sent
        self._producer: AIOKafkaProducer | None = None
        self._rung: set[str] = set()
        self._swept_at = -SWEEP_SECONDS

    async def start(self) -> None:
        """Begin relaying; Kafka may be away, the facts wait."""
        self.begin(self._loop(), f"relay-{self.transactional_id}")

    async def stop(self) -> None:
        """Stop after the transaction in hand."""
        await super().stop()
        await self._close()

    async def _loop(self) -> None:
        pause = 0.1
        while True:
            try:
                sent = await self._relay_once()
                pause = 0.1
            except ProducerFenced:
                log.warning("relay-fenced", transactional_id=self.transactional_id)
                await self._give_up()
                sent, pause = 0, 5.0
                await asyncio.sleep(pause)
            except Exception as fault:  # noqa: BLE001 - Kafka or the database may be away for a while
                log.warning("relay-waiting", error=repr(fault))
                await self._give_up()
                await asyncio.sleep(pause)
                sent, pause = 0, min(pause * 2, 5.0)
            if sent < DOCUMENTS_MAX:  # what was written meanwhile has rung already
                await asyncio.sleep(GATHER_SECONDS)
                self._rung = await self.bell.wait(SWEEP_SECONDS)
            else:
                self._swept_at = -SWEEP_SECONDS  # there may be more, of whatever outbox

    async def _relay_once(self) -> int:
        """Publish a batch of each outbox looked at, all in one transaction; return how many facts went."""
        if not await self.lease.hold():
            await self._give_up()
            return 0
        outboxes = self._to_look_at()
        found = await asyncio.gather(*(outbox.unsent(DOCUMENTS_MAX) for outbox in outboxes))
        documents = [document for unsent in found for document in unsent]
        if not documents:
            return 0
        facts = await self._publish(documents)
        waiting = zip(outboxes, found, strict=True)
        await asyncio.gather(*(outbox.clear(unsent) for outbox, unsent in waiting if unsent))
        return facts

    def _to_look_at(self) -> Sequence[Outbox]:
        """Return the outboxes that were rung for, and all of them every `SWEEP_SECONDS`."""
        now = time.monotonic()
        if now - self._swept_at < SWEEP_SECONDS and "" not in self._rung:
            return [outbox for outbox in self.outboxes if outbox.name in self._rung]
        self._swept_at = now
        return self.outboxes

    async def _publish(self, unsent: list[Unsent]) -> int:
        producer = await self._open()
        entries = [entry for document in unsent for entry in document.entries]
        async with producer.transaction():
            futures = []
            for entry in entries:
                topic, key, value, headers = to_record(entry)
                futures.append(await producer.send(topic, value, key=key, headers=headers))
            await asyncio.gather(*futures)
        oldest = min(entry.recorded_at for entry in entries)
        if self.on_sent:
            self.on_sent(len(entries), real_seconds_since(self.clock, oldest))
        return len(entries)

    async def _open(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self.bootstrap,
                transactional_id=self.transactional_id,
                transaction_timeout_ms=10_000,
                enable_idempotence=True,
                acks="all",
                compression_type="lz4",
                linger_ms=0,
                **client_options(),
            )
            await producer.start()
            self._producer = producer
        return self._producer

    async def _give_up(self) -> None:
        """Close; nobody knows what was sent, so everything is looked at again."""
        self._swept_at = -SWEEP_SECONDS
        await self._close()

    async def _close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            with contextlib.suppress(KafkaError, asyncio.TimeoutError):
                await asyncio.wait_for(producer.stop(), timeout=5)
