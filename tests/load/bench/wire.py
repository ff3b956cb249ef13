"""A lean HTTP/1.1 client for load: prebuilt requests over kept-alive connections, latencies kept."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


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
    load, waiting = Load(), iter(requests)
    start = time.perf_counter()
    await asyncio.gather(*(_visitor(port, waiting, load) for _ in range(connections)))
    load.took = time.perf_counter() - start
    return load


async def paced(port: int, requests: list[bytes], *, per_second: float, connections: int) -> Load:
    """Send *requests* at a fixed rate; latency counts from the planned instant, so queueing is seen."""
    load, start = Load(), time.perf_counter()
    plan = iter([(start + n / per_second, sent) for n, sent in enumerate(requests)])
    await asyncio.gather(*(_punctual(port, plan, load) for _ in range(connections)))
    load.took = time.perf_counter() - start
    return load


async def _visitor(port: int, waiting: Iterator[bytes], load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for sent in waiting:
        begun = time.perf_counter()
        status, _ = await exchange(reader, writer, sent)
        load.seconds.append(time.perf_counter() - begun)
        load.statuses[status] = load.statuses.get(status, 0) + 1
    writer.close()


async def _punctual(port: int, plan: Iterator[tuple[float, bytes]], load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for at, sent in plan:
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        status, _ = await exchange(reader, writer, sent)
        load.seconds.append(time.perf_counter() - at)
        load.statuses[status] = load.statuses.get(status, 0) + 1
    writer.close()
