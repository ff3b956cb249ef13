"""
Kept-alive HTTP connections to the services, one pool per address.

The people share a machine with the system that they try out, and a week at a thousand times real speed is forty
requests a second: httpx takes some 5 ms of a core for one, this 0.1 ms (measured with 24 at once on two cores).
"""

import asyncio
from urllib.parse import urlsplit

from tests.load.bench.wire import exchange

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class LineLost(Exception):
    """The connection broke, or nobody answered in time."""


class Lines:
    """Connections that are reused; a request that fails closes its own."""

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._idle: dict[str, list[Line]] = {}

    async def send(self, url: str, sent: bytes) -> tuple[int, bytes]:
        """Send one request to the host of *url*; return status and body. Raises `LineLost`."""
        host = urlsplit(url).netloc
        line: Line | None = None
        try:
            async with asyncio.timeout(self._timeout_seconds):
                line = await self._line(host)
                answer = await exchange(*line, sent)
        except (OSError, EOFError, TimeoutError, ValueError, RuntimeError) as fault:
            if line is not None:
                line[1].close()
            raise LineLost(f"{host}: {type(fault).__name__} {fault}") from fault
        self._idle.setdefault(host, []).append(line)
        return answer

    async def _line(self, host: str) -> Line:
        """Return a connection on which nobody waits; the server may have closed idle ones."""
        idle = self._idle.get(host, [])
        while idle:
            line = idle.pop()
            if not line[0].at_eof() and not line[1].is_closing():
                return line
            line[1].close()
        name, _, port = host.partition(":")
        return await asyncio.open_connection(name, int(port or 80))

    def close(self) -> None:
        """Hang up."""
        for lines in self._idle.values():
            for _, writer in lines:
                writer.close()
        self._idle.clear()
