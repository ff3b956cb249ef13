"""Who gets which report: within the areas of whoever asks, in the format asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from common.kernel.areas import Actor
from common.kernel.clock import Clock, local_day
from common.kernel.errors import Invalid
from common.workshop import Workshop
from ioc_aggregation.domain.model import Unit
from ioc_aggregation.domain.report import Report
from ioc_aggregation.domain.suppression import public
from ioc_aggregation.views.board import Board
from ioc_aggregation.views.errors import AreaUnknown
from ioc_aggregation.views.reports import paper, words, workbook
from ioc_aggregation.views.scope import Scope


class Version(StrEnum):
    """For the staff (internal), or for publication (public)."""

    INTERNAL = "internal"
    PUBLIC = "public"


class Format(StrEnum):
    """How a report is taken away."""

    PDF = "pdf"
    XLSX = "xlsx"


class DayUnknown(Invalid):
    """A day that has not come, or is older than what is kept at hand."""

    slug: ClassVar[str] = "day-unknown"
    title: ClassVar[str] = "Không có báo cáo của ngày này"

    def __init__(self, first: date, last: date) -> None:
        super().__init__(f"Hãy chọn một ngày từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}.", field="day")


@dataclass(frozen=True, slots=True)
class File:
    """What is handed out or sent."""

    name: str
    type: str
    content: bytes


_MAKERS: Final[dict[Format, tuple[str, Callable[[Report], bytes]]]] = {
    Format.PDF: (paper.TYPE, paper.pdf),
    Format.XLSX: (workbook.TYPE, workbook.xlsx),
}


class ReportDesk:
    """Makes reports from the board; *history_days* is how far back the board knows."""

    def __init__(self, board: Board, workshop: Workshop, clock: Clock, history_days: int) -> None:
        self._board = board
        self._workshop = workshop
        self._clock = clock
        self._history = timedelta(days=history_days)

    def report(self, code: str, day: date | None, version: Version, reader: Actor) -> Report:
        """Return a report, of yesterday if no day is named. Raises `AreaUnknown`, `DayUnknown`."""
        area = self._board.picture.areas.get(code)
        if area is None or not Scope.of(reader).sees(area.unit):
            raise AreaUnknown
        return self.made(area.unit, day, version)

    def made(self, area: Unit, day: date | None, version: Version = Version.INTERNAL) -> Report:
        """Return a report for whoever may see *area*. Raises `DayUnknown`."""
        today = local_day(self._clock.now())
        wanted = day or today - timedelta(days=1)
        if not today - self._history < wanted <= today:
            raise DayUnknown(today - self._history + timedelta(days=1), today)
        report = self._board.report(area, wanted)
        return public(report) if version is Version.PUBLIC else report

    async def file(self, report: Report, form: Format) -> File:
        """Return the report as a file; it is drawn in a process of its own."""
        kind, make = _MAKERS[form]
        return File(words.file_name(report, form.value), kind, await self._workshop.do(make, report))
