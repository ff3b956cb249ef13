"""The ring of keys from the first minute on: made before the first request, changed before it grows old."""

import asyncio
from typing import Any, Final

import structlog

from common.background import BackgroundTask
from common.work.engine import Work
from permit.views.signing import SigningDesk

log = structlog.get_logger(__name__)
EVERY_SECONDS: Final = 3600.0


class KeyringOpening(BackgroundTask):
    """There is a key to sign with before the first request is answered, and there always will be."""

    def __init__(self, signing: SigningDesk, work: Work[Any, Any]) -> None:
        self._signing = signing
        self._work = work

    async def start(self) -> None:
        """Make the first keys unless they exist; look after their age from then on."""
        await self._signing.establish(self._work)
        self.begin(self._look_after(), "keyring")

    async def _look_after(self) -> None:
        while True:
            try:
                await self._signing.rotate_when_due(self._work)
            except Exception as fault:  # noqa: BLE001 - the next round tries again, two weeks are left
                log.warning("keyring-waiting", error=type(fault).__name__)
            await asyncio.sleep(EVERY_SECONDS)
