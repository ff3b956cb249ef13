"""Looks at the sources of the figures every few seconds, and tells which went silent and which came back."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from common.background import BackgroundTask
from common.kernel.clock import Clock
from common.kernel.ids import derived_id
from common.logs import logger
from common.messaging.subscription import Door
from common.work.model import Cause, Errand
from ioc_aggregation.domain.rules import IocRules
from ioc_aggregation.domain.sources import Sighting, sightings
from ioc_aggregation.ports.sources import AppUsers, KnownSources
from ioc_aggregation.views.board import Board

EVERY_SECONDS: Final = 20.0
CATCH_UP_SECONDS: Final = 120.0
"""After a start the readers have a backlog: until then old facts look like silence."""
log = logger("ioc.sources")


class Sources:
    """How the sources look now: topics and communes by the board, apps by who used them last."""

    def __init__(
        self, board: Board, users: AppUsers, clock: Clock, rules: Callable[[datetime], IocRules]
    ) -> None:
        self._board, self._users, self._clock, self._rules = board, users, clock, rules
        self._apps: Mapping[str, datetime] = {}

    def seen(self) -> list[Sighting]:
        """Return how each looks, by what was last looked up."""
        now, picture = self._clock.now(), self._board.picture
        patience, heard = self._rules(now).sources, {**picture.sources, **self._apps}
        return sightings(picture.areas, heard, patience, self._board.tree.province.code, now)

    async def look(self) -> list[Sighting]:
        """Ask when each app was last heard, and return how all look."""
        self._apps = await self._users.last_heard()
        return self.seen()


class SourceLooks(BackgroundTask):
    """Keeps the apps of *sources* fresh, for the wall; where it is given a *work*, changes are told."""

    def __init__(
        self,
        sources: Sources,
        known: KnownSources,
        work: Door | None,
        clock: Clock,
        *,
        every_seconds: float = EVERY_SECONDS,
        catch_up_seconds: float = CATCH_UP_SECONDS,
    ) -> None:
        self._sources, self._known, self._work, self._clock = sources, known, work, clock
        self._every_seconds, self._catch_up_seconds = every_seconds, catch_up_seconds
        self._doubtful: frozenset[str] = frozenset()

    async def start(self) -> None:
        """Begin looking."""
        self.begin(self._look_for_ever(), "sources")

    async def tell(self, seen: list[Sighting]) -> int:
        """Tell what changed; silence counts when two looks in a row saw it. Return how many were told."""
        known = await self._known.silent()
        silent = frozenset(one.source_id for one in seen if one.is_silent)
        sure, self._doubtful = silent & self._doubtful, silent
        changed = [
            one
            for one in seen
            if (one.source_id in sure and one.source_id not in known)
            or (not one.is_silent and one.source_id in known)
        ]
        if changed and self._work is not None:
            await self._work.run_batch([Errand(one, _cause(one, self._clock.now())) for one in changed])
        return len(changed)

    async def _look_for_ever(self) -> None:
        began = time.monotonic()
        while True:
            try:
                seen = await self._sources.look()
                if self._work is not None and time.monotonic() - began >= self._catch_up_seconds:
                    await self.tell(seen)
            except Exception as fault:  # noqa: BLE001 - the next look sees the same and more
                log.warning("sources not looked at", fault=type(fault).__name__)
            await asyncio.sleep(self._every_seconds)


def _cause(seen: Sighting, now: datetime) -> Cause:
    """Two workers that see the same in the same second say it once."""
    return Cause(derived_id("source", seen.source_id, str(seen.is_silent), now.isoformat(timespec="seconds")))
