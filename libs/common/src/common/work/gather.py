"""
Micro-batching: whatever waits while the writer is busy goes together.

There is no fixed window: the writer flushes as soon as it is free, so a lone request pays nothing
and a crowd shares one write (measured in docs/decisions/0001).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")


@dataclass(frozen=True, slots=True)
class Parcel(Generic[In, Out]):
    """Items that one caller handed in together, and where their outcomes go."""

    items: Sequence[In]
    outcomes: "asyncio.Future[list[Out]]"


class Gatherer(Generic[In, Out]):
    """Collects items of concurrent callers and hands them in batches to one *process* call at a time."""

    def __init__(self, process: Callable[[list[In]], Awaitable[list[Out]]], *, batch_max: int = 500) -> None:
        self._process = process
        self._batch_max = batch_max
        self._waiting: deque[Parcel[In, Out]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def submit(self, items: Sequence[In]) -> list[Out]:
        """Return the outcome of each item; raises what *process* raised for its batch."""
        size = self._batch_max
        if len(items) <= size:
            return await self._hand_in(items) if items else []
        parts = [self._hand_in(items[at : at + size]) for at in range(0, len(items), size)]
        return [outcome for part in await asyncio.gather(*parts) for outcome in part]

    async def drain(self) -> None:
        """Wait until nothing is being written any more."""
        while self._writer and not self._writer.done():
            await asyncio.wait([self._writer])

    def _hand_in(self, items: Sequence[In]) -> "asyncio.Future[list[Out]]":
        parcel: Parcel[In, Out] = Parcel(items, asyncio.get_running_loop().create_future())
        self._waiting.append(parcel)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return parcel.outcomes

    async def _write(self) -> None:
        while self._waiting:
            await self._answer(self._next_batch())

    def _next_batch(self) -> list[Parcel[In, Out]]:
        batch = [self._waiting.popleft()]
        size = len(batch[0].items)
        while self._waiting and size + len(self._waiting[0].items) <= self._batch_max:
            batch.append(self._waiting.popleft())
            size += len(batch[-1].items)
        return batch

    async def _answer(self, batch: list[Parcel[In, Out]]) -> None:
        try:
            outcomes = await self._process([item for parcel in batch for item in parcel.items])
        except asyncio.CancelledError:
            for parcel in batch:
                parcel.outcomes.cancel()
            raise
        except BaseException as fault:  # noqa: BLE001 - each caller gets the fault of its batch
            for parcel in batch:
                if not parcel.outcomes.done():
                    parcel.outcomes.set_exception(fault)
            return
        at = 0
        for parcel in batch:
            if not parcel.outcomes.done():
                parcel.outcomes.set_result(outcomes[at : at + len(parcel.items)])
            at += len(parcel.items)
