"""The job that works lists off, for as long as the process lives; one process at a time does it."""

import asyncio
from abc import abstractmethod
from typing import Final, Protocol

from common.background import BackgroundTask
from common.logs import logger

log = logger(__name__)
PAUSE_SECONDS: Final = 0.5
TROUBLE_PAUSE_SECONDS: Final = 2.0


class Lease(Protocol):
    """One process at a time does the work."""

    async def hold(self) -> bool:
        """Take or renew; true while it is ours."""


class PagedJob(BackgroundTask):
    """
    Does one page of each list in turn; *name* is that of the task.

    A page goes through the unit of work like many single requests; then its answers are kept, then the list
    notes it. Whoever is killed in between leaves a page that is done again.
    """

    name = "lists"

    def __init__(self, lease: Lease | None = None) -> None:
        self._lease = lease

    @abstractmethod
    async def round(self) -> int:
        """Do one page of each list; return how many pages."""

    async def start(self) -> None:
        """Begin, or go on where somebody stopped."""
        self.begin(self._loop(), self.name)

    async def _loop(self) -> None:
        while True:
            try:
                done = await self.round() if self._lease is None or await self._lease.hold() else 0
            except Exception as fault:  # noqa: BLE001  the database may be away; the page is done again
                log.warning("lists are waiting", job=self.name, fault=repr(fault))
                await asyncio.sleep(TROUBLE_PAUSE_SECONDS)
                continue
            if not done:
                await asyncio.sleep(PAUSE_SECONDS)
