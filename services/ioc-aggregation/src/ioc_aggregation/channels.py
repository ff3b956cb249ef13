"""What leaves for partner systems: the summary of each area that changed, at most every second or so."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

import structlog

from common.background import BackgroundTask
from common.kernel.ids import derived_id
from common.messaging.subscription import Door
from common.work.model import Cause, Errand, Outcome
from ioc_aggregation.domain.metrics import COMPARED, DEFINITIONS_VERSION
from ioc_aggregation.domain.model import AreaSummary, PublishSummary

log = structlog.get_logger(__name__)

EVERY_SECONDS = 1.5


class Lease(Protocol):
    """Says whether this process is the one that publishes."""

    async def hold(self) -> bool:
        """Take or renew the lease; true while it is ours."""


class Drawn(Protocol):
    """A picture of all areas."""

    @property
    def areas(self) -> Mapping[str, AreaSummary]:
        """Summaries by code."""


class Painter(Protocol):
    """Whoever holds the newest picture."""

    @property
    def picture(self) -> Drawn:
        """The newest picture."""


class PartnerChannel(BackgroundTask):
    """Compares the board with what was published and tells the difference. One process at a time does it."""

    def __init__(
        self, board: Painter, work: Door, lease: Lease, *, every_seconds: float = EVERY_SECONDS
    ) -> None:
        self._board = board
        self._work = work
        self._lease = lease
        self._every_seconds = every_seconds
        self._told: dict[str, PublishSummary] = {}

    async def start(self) -> None:
        """Begin publishing."""
        self.begin(self._publish_for_ever(), "partner-channel")

    async def publish(self) -> int:
        """Tell partners what changed since the last time; return how many areas."""
        areas = self._board.picture.areas.values()
        wanted = [to_publish(area) for area in areas if area.as_of is not None]
        changed = [command for command in wanted if self._told.get(command.area_code) != command]
        if not changed or not await self._lease.hold():
            return 0
        results = await self._work.run_batch([Errand(c, _cause(c)) for c in changed])
        for command, result in zip(changed, results, strict=True):
            if result.outcome is not Outcome.REFUSED:
                self._told[command.area_code] = command
        return len(changed)

    async def _publish_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._every_seconds)
            try:
                await self.publish()
            except Exception as fault:  # noqa: BLE001 - the next round tells the same and more
                log.warning("summaries not published", fault=type(fault).__name__)


def to_publish(area: AreaSummary) -> PublishSummary:
    """Return the command that tells partners about *area*."""
    if area.as_of is None:
        raise ValueError(f"nothing is known about {area.unit.code}")
    return PublishSummary(
        area.unit.code,
        area.unit.level,
        area.as_of,
        DEFINITIONS_VERSION,
        area.is_complete,
        any(name in COMPARED for name in area.restated),
        area.metrics,
        area.silent_since,
    )


def _cause(command: PublishSummary) -> Cause:
    """The same picture told by two processes is told once."""
    parts: list[Any] = [command.area_code, command.as_of, command.is_complete, command.restated]
    figures = sorted(command.metrics.items())
    return Cause(derived_id("area-summary", *(str(part) for part in (*parts, figures, command.silent_since))))
