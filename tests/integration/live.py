"""A live stream (SSE) as a page keeps it open."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.integration.services import PATIENCE_SECONDS, Services


def anything(_message: Any) -> bool:
    """Take every message."""
    return True


@dataclass
class Live:
    """What was heard so far, as (event, data)."""

    heard: list[tuple[str, Any]] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, event: str, data: Any) -> None:
        """Keep a message and tell those who wait."""
        async with self._news:
            self.heard.append((event, data))
            self._news.notify_all()

    async def hears(
        self, event: str, which: Callable[[Any], bool] = anything, *, seconds: float = PATIENCE_SECONDS
    ) -> Any:
        """Return the first message of *event* that fits, waiting for it."""

        def found() -> Any:
            return next((data for name, data in self.heard if name == event and which(data)), None)

        async with self._news:
            try:
                async with asyncio.timeout(seconds):
                    await self._news.wait_for(lambda: found() is not None)
            except TimeoutError:
                raise AssertionError(
                    f"no such {event} within {seconds:.0f} s; heard {self.heard[-5:]}"
                ) from None
        return found()


@asynccontextmanager
async def listening(services: Services, service: str, path: str, **who: str) -> AsyncIterator[Live]:
    """Keep a stream open for as long as the block lasts."""
    live = Live()
    headers = {"Authorization": f"Bearer {services.token(**who)}"}
    address = f"{services.stack.address(service)}{path}"
    async with services.raw().stream("GET", address, headers=headers, timeout=None) as answer:
        assert answer.status_code == httpx.codes.OK, await answer.aread()
        task = asyncio.create_task(_read(answer, live))
        try:
            yield live
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _read(answer: httpx.Response, live: Live) -> None:
    event = ""
    async for line in answer.aiter_lines():
        name, _, text = line.partition(": ")
        if name == "event":
            event = text
        elif name == "data":
            await live.take(event, json.loads(text))
