"""
Micro-batching: whatever waits while the writer is busy goes together.

There is no fixed window: the writer flushes as soon as it is free, so a lone request pays nothing
and a crowd shares one write (measured in docs/decisions/0001).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")


class Gatherer(Generic[In, Out]):
    """Collects items of concurrent callers and hands them in batches to one *process* call at a time."""

    def __init__(self, process: Callable[[list[In]], Awaitable[list[Out]]], *, batch_max: int = 500) -> None:
        self._process = process
        self._batch_max = batch_max
        self._waiting: deque[tuple[In, asyncio.Future[Out]]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def submit(self, items: Sequence[In]) -> list[Out]:
        """Return the outcome of each item; raises what *process* raised for its batch."""
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in items]
        self._waiting.extend(zip(items, futures, strict=True))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await asyncio.wait(futures) if futures else None
        return [future.result() for future in futures]

    async def drain(self) -> None:
        """Wait until nothing is being written any more."""
        while self._writer and not self._writer.done():
            await asyncio.wait([self._writer])

    async def _write(self) -> None:
        while self._waiting:
            size = min(self._batch_max, len(self._waiting))
            batch = [self._waiting.popleft() for _ in range(size)]
            await self._answer(batch)

    async def _answer(self, batch: list[tuple[In, "asyncio.Future[Out]"]]) -> None:
        try:
            outcomes = await self._process([item for item, _ in batch])
        except asyncio.CancelledError:
            for _, future in batch:
                future.cancel()
            raise
        except BaseException as fault:  # noqa: BLE001 - each caller gets the fault of its batch
            for _, future in batch:
                if not future.done():
                    future.set_exception(fault)
            return
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)
