"""
Looks at the system itself and makes an alert of what is wrong, for operators.

It asks the bus how far every group has got, without any service telling on itself: a service that is dead
cannot say so. What it sees goes through the unit of work like any fact, so it folds, climbs and heals.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Final, Protocol

from alerting.domain.model import Kind
from alerting.domain.trouble import LAG_LASTS, LAG_RECORDS, UNREACHABLE_LASTS, Code, Trouble, notes_of
from alerting.ports import Inbox
from common.background import BackgroundTask
from common.clocks import real_seconds_since
from common.kernel.clock import Clock
from common.kernel.ids import derived_id
from common.logs import logger
from common.messaging.inspection import Standing
from common.messaging.subscription import Door
from common.work.model import Cause, Errand

EVERY_SECONDS: Final = 20.0
ANSWER_SECONDS: Final = 15.0
BUS: Final = "kafka"
log = logger("alerting.watchman")


class Inspects(Protocol):
    """Knows how far every consumer group is (`common.messaging.inspection.Inspector`)."""

    async def standings(self) -> list[Standing]:
        """Return the standing of every group."""


class Watchman(BackgroundTask):
    """Makes a round every few seconds."""

    def __init__(
        self,
        open_inspector: Callable[[], AbstractAsyncContextManager[Inspects]],
        inbox: Inbox,
        work: Door,
        clock: Clock,
        *,
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        self._open = open_inspector
        self._inbox = inbox
        self._work = work
        self._clock = clock
        self._every_seconds = every_seconds
        self._behind_since: dict[str, datetime] = {}
        self._seen_at: datetime | None = None

    async def start(self) -> None:
        """Begin the rounds."""
        self.begin(self._rounds(), "watchman")

    async def round(self) -> None:
        """Look once and tell what is new and what is over."""
        now = self._clock.now()
        troubles = await self._look(now)
        known = {found.key: found for found in await self._inbox.of_kind(Kind.SYSTEM_TROUBLE)}
        notes = notes_of(troubles, known, now)
        if notes:
            await self._work.run_batch([Errand(note, _cause(note.subject_id, now)) for note in notes])

    async def _look(self, now: datetime) -> list[Trouble]:
        self._seen_at = self._seen_at or now
        try:
            async with self._open() as inspector:
                standings = await asyncio.wait_for(inspector.standings(), ANSWER_SECONDS)
        except Exception as fault:  # noqa: BLE001 - whatever keeps us from looking is what we report
            log.warning("bus not seen", fault=type(fault).__name__)
            is_long = self._for_long(self._seen_at, UNREACHABLE_LASTS)
            return [Trouble(Code.UNREACHABLE, BUS)] if is_long else []
        self._seen_at = now
        return [*_letters(standings), *self._lags(standings, now)]

    def _lags(self, standings: Sequence[Standing], now: datetime) -> list[Trouble]:
        """Return the groups that have been behind for long: a rush of a minute is no trouble."""
        behind = {each.group: each.lag_records for each in standings if each.lag_records >= LAG_RECORDS}
        self._behind_since = {group: self._behind_since.get(group, now) for group in behind}
        return [
            Trouble(Code.LAG, group, records)
            for group, records in behind.items()
            if self._for_long(self._behind_since[group], LAG_LASTS)
        ]

    def _for_long(self, since: datetime, lasts: timedelta) -> bool:
        """Measured in real time: on a rehearsal's clock every hiccup would last for minutes."""
        return real_seconds_since(self._clock, since) >= lasts.total_seconds()

    async def _rounds(self) -> None:
        while True:
            try:
                await self.round()
            except Exception:
                log.exception("round interrupted")
            await asyncio.sleep(self._every_seconds)


def _letters(standings: Sequence[Standing]) -> list[Trouble]:
    return [
        Trouble(Code.DEAD_LETTERS, each.group, each.dead_letters_waiting)
        for each in standings
        if each.dead_letters_waiting
    ]


def _cause(subject_id: str, now: datetime) -> Cause:
    """Two workers that see the same in the same second say it once."""
    return Cause(derived_id("watchman", subject_id, now.isoformat(timespec="seconds")))
