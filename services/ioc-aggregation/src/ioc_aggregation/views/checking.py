"""The last comparison of the figures with the log: shown to operators, and measured."""

import asyncio
from typing import Final

import structlog

from common import metrics
from common.background import BackgroundTask
from ioc_aggregation.ports import Check, Checks

log = structlog.get_logger(__name__)

EVERY_SECONDS: Final = 60.0


class Checking(BackgroundTask):
    """Looks every minute at what the nightly comparison found."""

    def __init__(self, checks: Checks, *, every_seconds: float = EVERY_SECONDS) -> None:
        self.last: Check | None = None
        self._checks = checks
        self._every_seconds = every_seconds

    async def start(self) -> None:
        """Begin looking."""
        self.begin(self._look_for_ever(), "checking")

    async def look(self) -> None:
        """Take the newest result and measure it."""
        self.last = await self._checks.latest()
        metrics.figures_differing.set(self.last.differing if self.last else 0)
        metrics.figures_checked.set(self.last.at.timestamp() if self.last else 0)

    async def _look_for_ever(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as fault:  # noqa: BLE001 - the last result stays, with its time
                log.warning("result of the comparison not read", fault=type(fault).__name__)
            await asyncio.sleep(self._every_seconds)
