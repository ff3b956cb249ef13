"""The state of the system itself: looked at every few seconds, and told to the operators who watch."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import structlog

from common.background import BackgroundTask
from common.kernel.clock import Clock
from common.messaging.inspection import Standing

log = structlog.get_logger(__name__)

EVERY_SECONDS = 5.0
ANSWER_SECONDS = 15.0


class Inspector(Protocol):
    """Knows how far every consumer group is (`common.messaging.inspection.Inspector`)."""

    async def standings(self) -> list[Standing]:
        """Return the standing of every group."""


OpenInspector = Callable[[], AbstractAsyncContextManager[Inspector]]


@dataclass(frozen=True, slots=True)
class BusReport:
    """The bus when it was last seen; *seen_at* is None until then."""

    seen_at: datetime | None = None
    is_reachable: bool = False
    standings: Sequence[Standing] = ()


class Heartbeat(BackgroundTask):
    """Looks at the bus; a broker that is away is part of the report, not a fault."""

    def __init__(
        self, open_inspector: OpenInspector, clock: Clock, *, every_seconds: float = EVERY_SECONDS
    ) -> None:
        self.report = BusReport()
        self.on_beat: Callable[[], None] = lambda: None
        self._open = open_inspector
        self._clock = clock
        self._every_seconds = every_seconds

    async def start(self) -> None:
        """Begin looking."""
        self.begin(self._beat_for_ever(), "heartbeat")

    async def _beat_for_ever(self) -> None:
        while True:
            try:
                async with self._open() as inspector:
                    await self._beat(inspector)
            except Exception as fault:  # noqa: BLE001 - whatever keeps us from looking is what we report
                log.warning("bus not seen", fault=type(fault).__name__)
                self.report = replace(self.report, is_reachable=False)
                self.on_beat()
            await asyncio.sleep(self._every_seconds)

    async def _beat(self, inspector: Inspector) -> None:
        while True:
            standings = await asyncio.wait_for(inspector.standings(), ANSWER_SECONDS)
            self.report = BusReport(self._clock.now(), True, standings)
            self.on_beat()
            await asyncio.sleep(self._every_seconds)
