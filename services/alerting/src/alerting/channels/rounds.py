"""The loop of a courier: round after round, with a rest when little was waiting."""

import asyncio
from typing import Final

from common.background import BackgroundTask
from common.logs import logger

PAUSE_SECONDS: Final = 0.5
ROUND_MAX: Final = 100
AT_ONCE: Final = 8
"""Messages under way at once, per courier."""
log = logger("alerting.courier")


class Rounds(BackgroundTask):
    """Goes on whatever happens: what waits is in the store, and a claim that was left runs out."""

    async def round(self) -> int:
        """Try what waits now, at most `ROUND_MAX`; return how many there were."""
        raise NotImplementedError

    async def go_on(self) -> None:
        """Make rounds until the task is ended."""
        while True:
            try:
                tried = await self.round()
            except Exception:
                log.exception("round interrupted")
                tried = 0
            if tried < ROUND_MAX:
                await asyncio.sleep(PAUSE_SECONDS)
