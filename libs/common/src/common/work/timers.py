"""
Durable timers: deadlines live in their aggregate's document; due ones become commands.

A worker owns hash shards instead of leasing rows (measured: leases write each aggregate twice and buy no
correctness). Firing is effectively once: the timer leaves the document in the same write that holds its
effects, and a timer that is no longer there is not fired.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from common.background import BackgroundTask
from common.clocks import real_seconds_since
from common.kernel.clock import Clock
from common.kernel.decision import TimerFired
from common.kernel.ids import derived_id
from common.work.engine import Work
from common.work.model import SHARDS, Cause, Errand, Outcome, Result, TimerSource

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 0.25
"""How often due timers are looked for; the bar is 1 s of lateness."""
BATCH_MAX = 500
REST_SECONDS = 1.0
"""How often a collection that has no timer at all is asked whether it has one by now."""
SURE_SECONDS = 30.0
"""For how long a collection that has some is not asked that again."""

Shards = Callable[[], Awaitable[list[int]]]


async def all_shards() -> list[int]:
    """For a service with one worker."""
    return list(range(SHARDS))


class TimerLoop(BackgroundTask):
    """Looks for due timers in this worker's shards and runs them through the unit of work."""

    def __init__(
        self,
        work: Work,  # type: ignore[type-arg]
        source: TimerSource,
        clock: Clock,
        *,
        shards: Shards = all_shards,
        on_fired: Callable[[float], None] | None = None,
    ) -> None:
        self.work = work
        self.source = source
        self.clock = clock
        self.shards = shards
        self.on_fired = on_fired
        self._refused: set[tuple[str, str, datetime]] = set()
        self._sure_until = 0.0

    async def start(self) -> None:
        """Begin looking."""
        self.begin(self._loop(), f"timers-{self.work.heart.name}")

    async def fire_due(self) -> int:
        """Fire what is due now, at most one batch; return how many timers were handled."""
        due = await self.source.due(self.clock.now(), await self.shards(), BATCH_MAX)
        due = [fired for fired in due if _key(fired) not in self._refused]
        results = await self.work.run_batch([Errand(fired, _cause(fired)) for fired in due])
        for fired, result in zip(due, results, strict=True):
            if result.outcome is Outcome.REFUSED:
                self._refused.add(_key(fired))
                self._give_up(fired, result)
            elif result.outcome is Outcome.APPLIED and self.on_fired:
                self.on_fired(real_seconds_since(self.clock, fired.due_at))
        return len(due)

    def _give_up(self, fired: TimerFired, result: Result) -> None:
        """Leave a timer whose decision refused alone until the next start: it must not spin."""
        self._refused.add(_key(fired))
        log.error("timer-refused", timer=fired.name, aggregate=fired.aggregate_id, error=repr(result.error))

    async def _loop(self) -> None:
        while True:
            pause = PAUSE_SECONDS
            try:
                if not await self._has_timers():
                    pause = REST_SECONDS
                elif await self.fire_due() == BATCH_MAX:
                    pause = 0.0
            except Exception as fault:  # noqa: BLE001 - the database may be away for a while
                log.warning("timers-waiting", error=repr(fault))
            await asyncio.sleep(pause)

    async def _has_timers(self) -> bool:
        """Tell whether looking for due timers makes sense: most kinds of aggregates never set one."""
        now = asyncio.get_running_loop().time()
        if now >= self._sure_until and await self.source.has_timers():
            self._sure_until = now + SURE_SECONDS
        return now < self._sure_until


def _key(fired: TimerFired) -> tuple[str, str, datetime]:
    return fired.aggregate_id, fired.name, fired.due_at


def _cause(fired: TimerFired) -> Cause:
    token = derived_id("timer", fired.aggregate_id, fired.name, fired.due_at.isoformat())
    return Cause(id=token, correlation_id=token)
