"""
The figures in pages, as JSON or CSV, as they are or as they were known at an instant.

A page is a slice of a fixed order (areas by level and code; rows by day, then area); the cursor names the
last row shown, so a page never shifts, whatever arrives meanwhile.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from pydantic_core import to_json

from common.http.pagination import BadCursor, PageQuery, page_of
from common.kernel.clock import Clock, local_day
from ioc_aggregation.domain.days import DayRow, day_rows
from ioc_aggregation.domain.measures import unit_of, version_of
from ioc_aggregation.domain.metrics import COMPARED, DEFINITIONS_VERSION, FROM_ALERTS, METRICS
from ioc_aggregation.domain.model import AreaSummary, Level, Unit
from ioc_aggregation.views.asked import Answer, Asked, Form, Period, Wanted
from ioc_aggregation.views.bodies import AREA_FIELDS, area_body
from ioc_aggregation.views.errors import AreaUnknown, MetricNowOnly, MetricUnknown, PeriodImpossible
from ioc_aggregation.views.hindsight import Hindsight, Look
from ioc_aggregation.views.scope import Scope
from ioc_aggregation.views.separated import TYPE as CSV_TYPE
from ioc_aggregation.views.separated import csv_text, figure_columns

DAYS_SHOWN: Final = 14
SERIES_MAX: Final = 90
_RANKS: Final = {Level.PROVINCE: 0, Level.DISTRICT: 1, Level.COMMUNE: 2}
_DAY_FIELDS: Final = ("day", "code", "name", "level", "parent_code")


class Tables:
    """Pages of figures for a reader; *history_days* is how far back days are kept at hand."""

    def __init__(self, hindsight: Hindsight, clock: Clock, history_days: int) -> None:
        self._hindsight = hindsight
        self._clock = clock
        self._history = timedelta(days=history_days - 1)

    async def areas(self, scope: Scope, level: Level | None, parent: str | None, asked: Asked) -> Answer:
        """Return a page of areas. Raises `InstantUnknown`, `BadCursor`."""
        look = await self._hindsight.look(asked.as_of)
        areas = [area for area in seen(look, scope, level) if parent in (None, area.unit.parent_code)]
        after = _after(asked.page, int, str)
        left = [area for area in areas if after is None or _place(area.unit) > after]
        page, following = page_of(left[: asked.page.limit + 1], asked.page.limit, lambda a: _place(a.unit))
        items = [_area(area, look) for area in page]
        names = [name for name in METRICS if look.is_now or name not in FROM_ALERTS]
        columns = [*AREA_FIELDS, *figure_columns("metrics", names)]
        columns += [*figure_columns("yesterday", COMPARED), *figure_columns("week_ago", COMPARED)]
        return self._answer(asked, items, following, columns)

    async def area(self, scope: Scope, code: str, as_of: datetime | None) -> dict[str, Any]:
        """Return one area. Raises `AreaUnknown`, `InstantUnknown`."""
        look = await self._hindsight.look(as_of)
        return _area(_seen_area(look, scope, code), look)

    async def series(self, scope: Scope, code: str, metric: str, days: int, asked: Asked) -> Answer:
        """Return one figure of an area by day. Raises what `days` raises."""
        look = await self._hindsight.look(asked.as_of)
        unit = _seen_area(look, scope, code).unit
        known(metric)
        last = local_day(look.at)
        period = self._period(Period(last - timedelta(days=days - 1), last), look)
        rows, following = _page(look, self._hindsight, [unit], [metric], period, asked.page)
        items = [
            {"day": row.day, "value": row.values[metric], "restated": metric in row.restated} for row in rows
        ]
        head = {
            "code": code,
            "metric": metric,
            "kind": METRICS[metric].kind,
            "unit": unit_of(metric),
            "version": version_of(metric),
        }
        return self._answer(asked, items, following, ["day", "value", "restated"], head)

    async def days(self, scope: Scope, wanted: Wanted, asked: Asked) -> Answer:
        """
        Return several figures of several areas, by day.

        Raises `AreaUnknown`, `MetricUnknown`, `MetricNowOnly`, `PeriodImpossible`, `InstantUnknown` or
        `BadCursor`.
        """
        look = await self._hindsight.look(asked.as_of)
        metrics = _named(wanted.metrics)
        units = [each.unit for each in seen(look, scope, wanted.level)]
        if wanted.area is not None:
            top = _seen_area(look, scope, wanted.area).unit
            units = [unit for unit in units if _is_inside(unit, top)]
        span = self._period(wanted.period, look)
        rows, following = _page(look, self._hindsight, units, metrics, span, asked.page)
        columns = [*_DAY_FIELDS, *figure_columns("values", metrics), "restated"]
        return self._answer(asked, [_row(row) for row in rows], following, columns, {"metrics": metrics})

    def _period(self, asked: Period, look: Look) -> tuple[date, date]:
        oldest, newest = local_day(self._clock.now()) - self._history, local_day(look.at)
        last = asked.last or newest
        first = asked.first or max(oldest, last - timedelta(days=DAYS_SHOWN - 1))
        if not oldest <= first <= last <= newest:
            raise PeriodImpossible(oldest, newest)
        return first, last

    def _answer(
        self,
        asked: Asked,
        items: list[dict[str, Any]],
        following: str | None,
        columns: Sequence[str],
        head: dict[str, Any] | None = None,
    ) -> Answer:
        if asked.form is Form.CSV:
            return Answer(csv_text(items, columns), CSV_TYPE, following)
        body = {
            "server_now": self._clock.now(),
            "known_at": asked.as_of,
            "definitions_version": DEFINITIONS_VERSION,
            **(head or {}),
            "items": items,
            "next": following,
        }
        return Answer(to_json(body), "application/json", following)


def known(metric: str) -> None:
    """Refuse a figure that does not exist, or has no value by day."""
    if metric not in METRICS:
        raise MetricUnknown
    if metric in FROM_ALERTS:
        raise MetricNowOnly


def seen(look: Look, scope: Scope, level: Level | None) -> list[AreaSummary]:
    """Return the areas in *scope*, province first."""
    areas = [area for area in look.areas.values() if level in (None, area.unit.level)]
    return sorted((a for a in areas if scope.sees(a.unit)), key=lambda area: _place(area.unit))


def _is_inside(unit: Unit, top: Unit) -> bool:
    return top.level is Level.PROVINCE or top.code in (unit.code, unit.parent_code)


def _seen_area(look: Look, scope: Scope, code: str) -> AreaSummary:
    area = look.areas.get(code)
    if area is None or not scope.sees(area.unit):
        raise AreaUnknown
    return area


def _place(unit: Unit) -> tuple[int, str]:
    return _RANKS[unit.level], unit.code


def _area(area: AreaSummary, look: Look) -> dict[str, Any]:
    body = area_body(area)
    if not look.is_now:
        body["metrics"] = {name: n for name, n in area.metrics.items() if name not in FROM_ALERTS}
    return body


def _named(names: str | None) -> list[str]:
    if names is None:
        return list(COMPARED)
    metrics = list(dict.fromkeys(name.strip() for name in names.split(",")))
    for metric in metrics:
        known(metric)
    return metrics


def _page(
    look: Look,
    hindsight: Hindsight,
    units: Sequence[Unit],
    metrics: Sequence[str],
    period: tuple[date, date],
    page: PageQuery,
) -> tuple[list[DayRow], str | None]:
    """Return a page of rows; only the days that it shows are counted."""
    first, last = period
    after = _after(page, str, int, str)
    begin = max(first, _day_of(after[0])) if after else first
    of_first = [unit for unit in units if after is None or (begin.isoformat(), *_place(unit)) > after]
    rest = page.limit + 1 - len(of_first)
    days = -(-rest // len(units)) if units and rest > 0 else 0
    until = min(last, begin + timedelta(days=days))
    if begin > last or not units:
        return [], None
    rows = list(day_rows(look.province, hindsight.tree, units, metrics, begin, until))
    left = [row for row in rows if after is None or _key(row) > after]
    return page_of(left, page.limit, _key)


def _after(page: PageQuery, *kinds: type) -> tuple[Any, ...] | None:
    after = page.after(*kinds)
    if after and None in after:
        raise _bad_cursor()
    return after


def _bad_cursor() -> BadCursor:
    return BadCursor("Con trỏ trang không đúng. Hãy tải lại danh sách từ đầu.", field="cursor")


def _key(row: DayRow) -> tuple[str, int, str]:
    return (row.day.isoformat(), *_place(row.unit))


def _day_of(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise _bad_cursor() from None


def _row(row: DayRow) -> dict[str, Any]:
    unit = row.unit
    return {
        "day": row.day.isoformat(),
        "code": unit.code,
        "name": unit.name,
        "level": unit.level.value,
        "parent_code": unit.parent_code,
        "values": dict(row.values),
        "restated": list(row.restated),
    }
