"""The agenda: what shall happen at which (simulated) instant, done in order and not all at once."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from common.clocks import RehearsalClock, SystemClock

Deed = Callable[[], Awaitable[None]]


class Agenda:
    """Runs deeds when the clock of the rehearsal reaches them, a bounded number at a time."""

    def __init__(self, clock: RehearsalClock | SystemClock, *, at_once: int = 24) -> None:
        self.clock = clock
        self.done = 0
        self.faults: list[str] = []
        self.greatest_lag_seconds = 0.0
        """The longest that a deed began after its time, in real seconds."""
        self._waiting: list[tuple[datetime, int, Deed]] = []
        self._numbers = itertools.count()
        self._room = asyncio.Semaphore(at_once)
        self._running: set[asyncio.Task[None]] = set()

    def add(self, at: datetime, deed: Deed) -> None:
        """Put *deed* on the agenda."""
        heapq.heappush(self._waiting, (at, next(self._numbers), deed))

    @property
    def pending(self) -> int:
        """How many deeds wait."""
        return len(self._waiting)

    async def run_until(self, end: datetime, on_step: Callable[[datetime], None] | None = None) -> None:
        """
        Do what falls due before *end*, each deed at its time; return when all of it is finished.

        A machine that cannot keep up does the same deeds in the same order, only later: nothing is left out.
        """
        while (now := self.clock.now()) < end or self._running or self._is_due(end):
            if on_step:
                on_step(min(now, self._next(end)))
            if self._is_due(min(now, end)):
                at, _, deed = heapq.heappop(self._waiting)
                await self._begin(at, deed)
            elif now < end:
                await asyncio.sleep(self._pause(end))
            else:  # what still runs may yet put something before the end on the agenda
                await asyncio.wait(tuple(self._running), return_when=asyncio.FIRST_COMPLETED)

    def _is_due(self, now: datetime) -> bool:
        return bool(self._waiting) and self._waiting[0][0] <= now

    def _next(self, end: datetime) -> datetime:
        """Return the time of the next deed: what the province has come to."""
        return self._waiting[0][0] if self._waiting else end

    def _pause(self, end: datetime) -> float:
        """Real seconds until the next deed is due, at most a quarter."""
        upcoming = min(self._waiting[0][0], end) if self._waiting else end
        if isinstance(self.clock, RehearsalClock):
            upcoming = self.clock.real_time_of(upcoming)
        return min(max((upcoming - datetime.now(UTC)).total_seconds(), 0.0), 0.25)

    def _late_by(self, at: datetime) -> float:
        due = self.clock.real_time_of(at) if isinstance(self.clock, RehearsalClock) else at
        return (datetime.now(UTC) - due).total_seconds()

    async def _begin(self, at: datetime, deed: Deed) -> None:
        await self._room.acquire()
        self.greatest_lag_seconds = max(self.greatest_lag_seconds, self._late_by(at))
        task = asyncio.create_task(self._do(deed))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _do(self, deed: Deed) -> None:
        try:
            await deed()
        except Exception as fault:
            self.faults.append(f"{type(fault).__name__}: {fault}"[:300])
        finally:
            self.done += 1
            self._room.release()
