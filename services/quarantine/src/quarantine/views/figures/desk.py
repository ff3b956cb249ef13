"""Statistics by commune or district over a period, for people and for their reports."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from pydantic import BaseModel, Field

from common.geo import PROVINCE_CODE, Unit
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.kernel.errors import Invalid
from common.service import Runtime
from common.workshop import Workshop
from quarantine.domain.figures import ENDED_AS, Figures, summed
from quarantine.domain.model import Outcome
from quarantine.ports import FigureStore
from quarantine.views.figures import papers

LONGEST: Final = timedelta(days=366)
USUAL: Final = timedelta(days=13)
"""Two weeks, today included."""


class PeriodImpossible(Invalid):
    """The period ends before it begins, lies in the future, or is too long."""

    slug: ClassVar[str] = "period-impossible"
    title: ClassVar[str] = "Khoảng ngày không hợp lệ"


class Level(StrEnum):
    """What a line is about."""

    COMMUNE = "commune"
    DISTRICT = "district"


class FigureLine(BaseModel):
    """Số liệu của một địa bàn."""

    area_code: str
    area_name: str
    in_quarantine: int = Field(description="Đang cách ly, cuối ngày cuối")
    at_home: int
    in_facility: int
    ordered: int = Field(description="Vào cách ly trong kỳ")
    ended: int = Field(description="Hết cách ly trong kỳ, vì bất kỳ lý do nào")
    ended_as: dict[Outcome, int]
    missed: int = Field(description="Lượt đến hạn mà không khai báo")
    missed_percent: float | None = Field(
        description="Trên số ngày phải khai báo đã đến hạn; trống khi chưa có"
    )
    reports: int = Field(description="Số tờ khai")
    breaches: int
    positives: int = Field(description="Người cách ly có kết quả dương tính")
    first_contact_hours: float | None = Field(
        description="Trung bình từ quyết định đến lần khai báo đầu, giờ"
    )
    contacted: int = Field(description="Người có quyết định trong kỳ và đã khai báo ít nhất một lần")
    contacted_in_a_day: int = Field(description="Trong số đó, trong vòng 24 giờ")

    @classmethod
    def of(cls, code: str, name: str, figures: Figures) -> "FigureLine":
        """Build from the figures of one area."""
        return cls(
            area_code=code,
            area_name=name,
            in_quarantine=figures.stock("quarantine_active"),
            at_home=figures.stock("quarantine_home"),
            in_facility=figures.stock("quarantine_facility"),
            ordered=figures["quarantine_ordered"],
            ended=figures["quarantine_ended"],
            ended_as={outcome: figures[name_of] for outcome, name_of in ENDED_AS.items()},
            missed=figures["reports_missed"],
            missed_percent=figures.missed_percent,
            reports=figures["reports_quarantine"],
            breaches=figures["quarantine_breaches"],
            positives=figures["contacts_positive"],
            first_contact_hours=figures.first_contact_hours,
            contacted=figures["contacts"],
            contacted_in_a_day=figures["contacts_in_a_day"],
        )


class StatisticsView(BaseModel):
    """Thống kê cách ly."""

    first_day: date
    last_day: date
    level: Level
    as_of: datetime
    total: FigureLine
    items: list[FigureLine] = Field(description="Địa bàn có số liệu, theo mã")


@dataclass(frozen=True, slots=True)
class AskedFigures:
    """What is asked for; empty days mean the last two weeks."""

    first_day: date | None = None
    last_day: date | None = None
    level: Level = Level.COMMUNE
    area_code: str | None = None


class StatisticsDesk:
    """Adds the cells of the reader's areas up."""

    def __init__(self, runtime: Runtime, figures: FigureStore, workshop: Workshop) -> None:
        self._runtime = runtime
        self._figures = figures
        self._workshop = workshop

    async def show(self, asked: AskedFigures, by: Actor) -> StatisticsView:
        """Show the figures of the reader's areas, or of one area among them."""
        first, last = self._period(asked)
        by_commune = await self._figures.sums(by.area_codes, first, last)
        inside = {code: each for code, each in by_commune.items() if self._is_asked(code, asked.area_code)}
        lines = self._grouped(inside, asked.level)
        name = self._runtime.units.name_of(asked.area_code) if asked.area_code else "Tổng cộng"
        return StatisticsView(
            first_day=first,
            last_day=last,
            level=asked.level,
            as_of=self._runtime.clock.now(),
            total=FigureLine.of(asked.area_code or "", name, summed(inside.values())),
            items=lines,
        )

    async def xlsx(self, asked: AskedFigures, by: Actor) -> bytes:
        """Return the figures as Excel."""
        return await self._workshop.do(papers.xlsx, self._table(await self.show(asked, by)))

    async def csv(self, asked: AskedFigures, by: Actor) -> bytes:
        """Return the figures as CSV that Excel opens with its accents."""
        return papers.csv_text(self._table(await self.show(asked, by)))

    async def pdf(self, asked: AskedFigures, by: Actor) -> bytes:
        """Return the figures as a table to print."""
        return await self._workshop.do(papers.pdf, self._table(await self.show(asked, by)))

    def _period(self, asked: AskedFigures) -> tuple[date, date]:
        today = local_day(self._runtime.clock.now())
        last = asked.last_day or today
        first = asked.first_day or last - USUAL
        if first > last or last > today or last - first > LONGEST:
            raise PeriodImpossible(
                "Chọn ngày đầu không sau ngày cuối, ngày cuối không sau hôm nay, và nhiều nhất 366 ngày.",
                field="first_day",
            )
        return first, last

    def _is_asked(self, commune: str, area: str | None) -> bool:
        return area in (None, PROVINCE_CODE) or area in self._runtime.units.area_of(commune).codes()

    def _grouped(self, by_commune: Mapping[str, Figures], level: Level) -> list[FigureLine]:
        groups: dict[str, list[Figures]] = defaultdict(list)
        for commune, figures in by_commune.items():
            groups[self._key(commune, level)].append(figures)
        return [
            FigureLine.of(code, self._name(code), summed(parts)) for code, parts in sorted(groups.items())
        ]

    def _key(self, commune: str, level: Level) -> str:
        return commune if level is Level.COMMUNE else self._runtime.units.area_of(commune).district_code

    def _name(self, code: str) -> str:
        unit: Unit | None = self._runtime.units.unit(code)
        if unit is None or unit.level != "commune":
            return self._runtime.units.name_of(code)
        return f"{unit.name}, {self._runtime.units.name_of(unit.parent_code)}"

    def _table(self, view: StatisticsView) -> papers.Table:
        period = f"{view.first_day:%d/%m/%Y} - {view.last_day:%d/%m/%Y}"
        lines = [_cells(line) for line in (*view.items, view.total)]
        return papers.Table(f"THỐNG KÊ CÁCH LY Y TẾ, {period}", lines)


def _cells(line: FigureLine) -> list[str | int | float | None]:
    ended = line.ended_as
    return [
        line.area_code,
        line.area_name,
        line.in_quarantine,
        line.ordered,
        line.ended,
        *(ended[outcome] for outcome in papers.OUTCOMES),
        line.missed,
        line.missed_percent,
        line.breaches,
        line.contacted_in_a_day,
        line.first_contact_hours,
    ]
