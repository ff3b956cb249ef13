"""
Live streams (server-sent events): a snapshot first, then what changes.

Every (re)connection begins with a whole snapshot, so a lost event never leaves a page wrong, and a
reader that is too slow is simply sent away to come back. A stream ends when its token expires and
when the process drains.
"""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi.responses import StreamingResponse
from pydantic_core import to_json

from common import metrics

PING_SECONDS: Final = 15.0
RETRY_MS: Final = 2_000
QUEUE_MAX: Final = 1_000
CLIENTS_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Message:
    """
    One event of a stream; *data* is JSON-able, pydantic models included.

    *audience* are the area codes, roles or ids that may see it; empty means every reader.
    """

    event: str
    data: Any
    audience: frozenset[str] = frozenset()


Snapshot = Callable[[], Awaitable[Iterable[Message]]]
Select = Callable[[Message], bool]


def for_codes(codes: Iterable[str]) -> Select:
    """Select the messages whose audience shares a code with *codes*."""
    mine = frozenset(codes)
    return lambda message: not message.audience or bool(mine & message.audience)


def everything(_message: Message) -> bool:
    """Select every message."""
    return True


@dataclass(eq=False)
class _Reader:
    select: Select
    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_MAX + 1))
    is_leaving: bool = False


class TooManyReaders(ConnectionError):
    """No more live streams fit into this process: a passing fault."""


class Broadcast:
    """Fan-out within one process: whoever publishes never waits for a reader."""

    def __init__(self, name: str, *, clients_max: int = CLIENTS_MAX) -> None:
        self.name = name
        self._clients_max = clients_max
        self._readers: set[_Reader] = set()
        self._numbers = itertools.count(1)
        self._is_closed = False

    def publish(self, message: Message) -> None:
        """Hand *message* to every reader that may see it; a reader with a full queue is sent away."""
        number, written = next(self._numbers), b""
        for reader in tuple(self._readers):
            if reader.is_leaving or not reader.select(message):
                continue
            if reader.queue.qsize() >= QUEUE_MAX:
                metrics.sse_dropped.labels(self.name).inc()
                self._send_away(reader)
            else:
                written = written or encoded(message, number)  # once for all readers
                reader.queue.put_nowait(written)

    def close(self) -> None:
        """End all streams: the readers come back to whoever serves then."""
        self._is_closed = True
        for reader in tuple(self._readers):
            self._send_away(reader)

    @property
    def readers(self) -> int:
        """How many streams are open."""
        return len(self._readers)

    async def stream(
        self, snapshot: Snapshot, select: Select, *, until: float | None = None
    ) -> AsyncIterator[bytes]:
        """Yield the bytes of one stream: retry hint, snapshot, deltas, pings; ends at *until* (Unix)."""
        with self._reading(select) as reader:
            yield f"retry: {RETRY_MS}\n\n".encode()
            # Subscribed before the snapshot is read: a change in between is sent twice, never lost.
            for message in await snapshot():
                yield encoded(message)
            while True:
                pause = PING_SECONDS if until is None else min(PING_SECONDS, until - time.time())
                if pause <= 0:
                    return
                try:
                    item = await asyncio.wait_for(reader.queue.get(), pause)
                except TimeoutError:
                    yield b": ping\n\n"
                    continue
                if item is None:
                    return
                yield item

    @contextmanager
    def _reading(self, select: Select) -> Any:
        reader = _Reader(select)
        if self._is_closed:
            self._send_away(reader)
        self._readers.add(reader)
        metrics.sse_clients.labels(self.name).set(len(self._readers))
        try:
            yield reader
        finally:
            self._readers.discard(reader)
            metrics.sse_clients.labels(self.name).set(len(self._readers))

    def check_room(self) -> None:
        """Refuse with `TooManyReaders` (503) when full; checked before the first byte."""
        if len(self._readers) >= self._clients_max:
            raise TooManyReaders(self.name)

    @staticmethod
    def _send_away(reader: _Reader) -> None:
        reader.is_leaving = True
        reader.queue.put_nowait(None)


def encoded(message: Message, number: int | None = None) -> bytes:
    """Write one event; JSON holds no raw line break, so one data line is enough."""
    head = f"id: {number}\n" if number is not None else ""
    return b"%bevent: %b\ndata: %b\n\n" % (head.encode(), message.event.encode(), to_json(message.data))


def stream_response(
    broadcast: Broadcast, snapshot: Snapshot, *, select: Select = everything, until: float | None = None
) -> StreamingResponse:
    """Answer with a live stream; *until* is `Session.expires_at` of the reader."""
    broadcast.check_room()
    return StreamingResponse(
        broadcast.stream(snapshot, select, until=until),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
