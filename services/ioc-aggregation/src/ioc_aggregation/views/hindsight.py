"""
The board as it was known at an instant (`as_of`), for readers who must give account of what they acted on.

Known is what the services had recorded by then: a fact that reached us later, because we were behind, counts;
one that its service recorded later, about whatever day, does not.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from common.kernel.clock import VIETNAM, Clock
from common.kernel.errors import Invalid
from ioc_aggregation.domain.known import known
from ioc_aggregation.domain.model import AreaSummary
from ioc_aggregation.domain.province import Province
from ioc_aggregation.domain.summary import Tree
from ioc_aggregation.ports import TotalsReader
from ioc_aggregation.views.board import Board

KEPT: Final = 8
FRESH_FOR: Final = timedelta(seconds=60)
"""A fact may still arrive that was recorded before the instant: an answer is kept no longer than this."""


class InstantUnknown(Invalid):
    """An instant that has not come, or is older than what can be answered."""

    slug: ClassVar[str] = "instant-unknown"
    title: ClassVar[str] = "Không trả lời được tại thời điểm này"

    def __init__(self, first: datetime, last: datetime) -> None:
        shown = [f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}" for at in (first, last)]
        super().__init__(f"Hãy chọn as_of từ {shown[0]} đến {shown[1]} (giờ Việt Nam).", field="as_of")


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of the province at *at*; *is_now* for the living board."""

    at: datetime
    province: Province
    areas: dict[str, AreaSummary]
    is_now: bool = False


class Hindsight:
    """Answers of the last *days* days; the newest ones are kept for a minute, so that pages agree."""

    def __init__(self, board: Board, reader: TotalsReader, clock: Clock, days: int) -> None:
        self._board = board
        self._reader = reader
        self._clock = clock
        self._reach = timedelta(days=days)
        self._kept: dict[datetime, tuple[datetime, Look]] = {}
        self._one_at_a_time = asyncio.Lock()

    @property
    def tree(self) -> Tree:
        """The units of the province."""
        return self._board.tree

    async def look(self, at: datetime | None) -> Look:
        """Return what was known at *at*, or is known now. Raises `InstantUnknown`."""
        picture, now = self._board.picture, self._clock.now()
        if at is None:
            return Look(picture.drawn_at, self._board.province, picture.areas, is_now=True)
        if not now - self._reach <= at <= now:
            raise InstantUnknown(now - self._reach, now)
        async with self._one_at_a_time:
            self._kept = {when: kept for when, kept in self._kept.items() if now - kept[0] < FRESH_FOR}
            if at not in self._kept:
                self._kept = dict(list(self._kept.items())[1 - KEPT :])
                self._kept[at] = (now, await self._looked(at))
            return self._kept[at][1]

    async def _looked(self, at: datetime) -> Look:
        province = self._board.frozen()
        later = await self._reader.later(at, sorted(province.communes()), province.upto())
        then = known(province, later)
        return Look(at, then, self._board.drawn(then, at))
