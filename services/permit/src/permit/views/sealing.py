"""Seals the record of decisions, hour by hour, and says the seal where the database cannot take it back."""

import asyncio
from typing import Final

from common.background import BackgroundTask
from common.logs import logger
from common.service import Runtime
from permit.ports import Record

PAUSE_SECONDS: Final = 60.0

log = logger(__name__)


class Sealer(BackgroundTask):
    """Runs beside a worker; what was missed while no worker ran is made up for."""

    def __init__(self, runtime: Runtime, record: Record, key: bytes) -> None:
        self._clock = runtime.clock
        self._record = record
        self._key = key

    async def start(self) -> None:
        """Begin."""
        self.begin(self._loop(), "sealer")

    async def _loop(self) -> None:
        while True:
            try:
                while seal := await self._record.seal_next(self._key, self._clock.now()):
                    log.info("decisions-sealed", since=seal.since, entries=seal.count, seal=seal.digest)
            except Exception as fault:  # noqa: BLE001 - the database may be away for a while
                log.warning("sealing-waits", error=repr(fault))
            await asyncio.sleep(PAUSE_SECONDS)
