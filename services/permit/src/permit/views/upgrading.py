"""Brings files of an earlier version up to date, beside everything else and only once."""

import asyncio
from typing import Final

from common.background import BackgroundTask
from common.logs import logger
from permit.ports import Upgrade

AT_ONCE: Final = 50
PAUSE_SECONDS: Final = 5.0

log = logger(__name__)


class Upgrader(BackgroundTask):
    """Runs beside a worker; several do no harm, and one that is killed begins again where files are old."""

    def __init__(self, upgrade: Upgrade) -> None:
        self._upgrade = upgrade

    async def start(self) -> None:
        """Begin."""
        self.begin(self._loop(), "upgrade")

    async def _loop(self) -> None:
        while True:
            try:
                await self.run()
            except Exception as fault:  # noqa: BLE001 - the database may be away for a while
                log.warning("upgrade-waits", error=repr(fault))
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                return

    async def run(self) -> None:
        """Go through all files, unless somebody did."""
        if await self._upgrade.is_done():
            return
        after: str | None = ""
        written = 0
        while after is not None:
            after, count = await self._upgrade.some(after, AT_ONCE)
            written += count
            await asyncio.sleep(0)
        log.info("files-upgraded", files=written)
