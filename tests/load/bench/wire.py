"""A lean HTTP/1.1 client for load: prebuilt requests over kept-alive connections, latencies kept."""

import asyncio
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

_LENGTH: Final = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
Plan = Iterator[tuple[float | None, bytes]]
"""Requests, each with the instant at which it is due (by `time.perf_counter`), or None for at once."""


@dataclass(slots=True)
class Load:
    """What a run measured: statuses, and seconds from sending to the last byte of the answer."""

    statuses: dict[int, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    took: float = 0.0

    @property
    def per_second(self) -> float:
        """Return answered requests per second."""
        return len(self.seconds) / self.took

    def percentile(self, share: float) -> float:
        """Return the latency below which *share* of the requests stayed, in milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


def request(method: str, path: str, body: object, token: str, key: str = "") -> bytes:
    """Return the bytes of one request."""
    content = json.dumps(body).encode()
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
    ]
    if key:
        lines.append(f"Idempotency-Key: {key}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


async def exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes
) -> tuple[int, bytes]:
    """Send one request on an open connection and return status and body."""
    writer.write(sent)
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = next(
        int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
    )
    return status, await reader.readexactly(length)


async def crowd(port: int, requests: list[bytes], *, connections: int) -> Load:
    """Send all *requests* as fast as *connections* in a closed loop can."""
    return await _sent(port, iter([(None, sent) for sent in requests]), connections)


async def paced(port: int, requests: list[bytes], *, per_second: float, connections: int) -> Load:
    """Send *requests* at a fixed rate; latency counts from the planned instant, so queueing is seen."""
    start = time.perf_counter()
    plan = iter([(start + n / per_second, sent) for n, sent in enumerate(requests)])
    return await _sent(port, plan, connections)


async def _sent(port: int, plan: Plan, connections: int) -> Load:
    load, loop = Load(), asyncio.get_running_loop()
    start = time.perf_counter()
    made = [
        await loop.create_connection(lambda: _Line(load, plan), "127.0.0.1", port) for _ in range(connections)
    ]
    await asyncio.gather(*(line.ended for _, line in made))
    load.took = time.perf_counter() - start
    return load


class _Line(asyncio.Protocol):
    """
    One kept-alive connection: the next request is written when the last was answered and its time has come.

    No task and no stream: what a generator costs is taken from the servers that it measures.
    """

    def __init__(self, load: Load, plan: Plan) -> None:
        self._load, self._plan = load, plan
        self._begun = 0.0
        self._got = b""
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Count an answer when all of it is there."""
        self._got += data
        head = self._got.find(b"\r\n\r\n") + 4
        if head < 4:
            return
        length = _LENGTH.search(self._got, 0, head)
        if length is None:
            raise ValueError("an answer without a length")
        if len(self._got) - head < int(length[1]):
            return
        status, self._got = int(self._got[9:12]), b""
        self._load.seconds.append(time.perf_counter() - self._begun)
        self._load.statuses[status] = self._load.statuses.get(status, 0) + 1
        self._next()

    def connection_lost(self, fault: Exception | None) -> None:
        """End; whoever hung up early is not forgiven."""
        if not self.ended.done():
            self.ended.set_exception(fault or ConnectionError("the server hung up"))

    def _next(self) -> None:
        planned = next(self._plan, None)
        if planned is None:
            self.ended.set_result(None)
            self._transport.close()
            return
        at, sent = planned
        wait = 0.0 if at is None else at - time.perf_counter()
        if wait > 0:
            asyncio.get_running_loop().call_later(wait, self._send, at, sent)
        else:
            self._send(at, sent)

    def _send(self, at: float | None, sent: bytes) -> None:
        self._begun = time.perf_counter() if at is None else at
        self._transport.write(sent)
