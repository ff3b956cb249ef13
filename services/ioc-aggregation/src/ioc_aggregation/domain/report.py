"""
The report of a day: what happened in an area and in each unit inside it, beside yesterday and a week ago.

Figures are those of `metrics`; a stock is that at the end of the day. A report of today is as of now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from common.kernel.clock import local_day
from ioc_aggregation.domain.metrics import DEFINITIONS_VERSION, STOCKS
from ioc_aggregation.domain.model import Level, Unit
from ioc_aggregation.domain.province import Province
from ioc_aggregation.domain.summary import WEEK_DAYS, Tree

TREND_DAYS = 14
COLUMNS = (
    "f0_new",
    "f0_active",
    "f0_very_high",
    "f0_recovered",
    "f0_died",
    "quarantine_ordered",
    "quarantine_active",
    "quarantine_ended",
    "reports_missed",
    "quarantine_breaches",
    "permits_active",
    "scans",
    "scans_refused",
    "alerts_raised",
)
"""What a report shows, in this order."""

Values = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One unit; *restated* names the figures of the day that late facts changed after it was over."""

    unit: Unit
    values: Mapping[str, int | None]
    """None is a small number that a public report does not tell."""
    is_silent: bool = False
    restated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TrendDay:
    """New cases and open cases of one day."""

    day: date
    new: int | None
    active: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is printed, whatever the format."""

    day: date
    drawn_at: datetime
    is_of_today: bool
    total: Line
    lines: tuple[Line, ...]
    yesterday: Mapping[str, int | None]
    week_ago: Mapping[str, int | None]
    trend: tuple[TrendDay, ...]
    silent: tuple[str, ...] = ()
    """Names of communes that were not heard; their last figures count."""
    is_public: bool = False
    definitions_version: str = DEFINITIONS_VERSION
    columns: tuple[str, ...] = field(default=COLUMNS)


def report_of(
    province: Province, tree: Tree, area: Unit, day: date, now: datetime, silent: Iterable[str] = ()
) -> Report:
    """Make the report of *area* on *day*, by districts or communes. *silent*: codes of unheard communes."""
    unheard = set(silent)
    communes = _communes_of(province, tree, area)
    values = _values(province, communes, day)
    before, week = (
        _sum(_values(province, communes, day - timedelta(days=n)), communes) for n in (1, WEEK_DAYS)
    )

    def line(unit: Unit, inside: list[str], *, is_silent: bool) -> Line:
        return Line(unit, _sum(values, inside), is_silent, _restated(province, inside, day))

    return Report(
        day=day,
        drawn_at=now,
        is_of_today=day == local_day(now),
        total=line(area, communes, is_silent=False),
        lines=tuple(
            line(unit, inside, is_silent=not unheard.isdisjoint(inside))
            for unit, inside in _parts(tree, area, communes)
        ),
        yesterday=before,
        week_ago=week,
        trend=tuple(_trend(province, communes, day)),
        silent=tuple(tree.unit(code).name for code in communes if code in unheard),
    )


def _communes_of(province: Province, tree: Tree, area: Unit) -> list[str]:
    units = tree.communes(province.communes())
    if area.level is Level.PROVINCE:
        return [unit.code for unit in units]
    return [unit.code for unit in units if area.code in (unit.code, unit.parent_code)]


def _parts(tree: Tree, area: Unit, communes: list[str]) -> list[tuple[Unit, list[str]]]:
    """Return the units directly inside *area*, each with its communes; a commune stands for itself."""
    if area.level is not Level.PROVINCE:
        return [(tree.unit(code), [code]) for code in communes]
    parts = [
        (district, [code for code in communes if district.code in (code, tree.unit(code).parent_code)])
        for district in tree.districts
    ]
    listed = {code for _, inside in parts for code in inside}
    # Codes that no district lists count in the province: without their lines the sum would not hold.
    return parts + [(tree.unit(code), [code]) for code in communes if code not in listed]


def _values(province: Province, communes: Iterable[str], day: date) -> dict[str, Values]:
    after = province.after(day)
    found: dict[str, Values] = {}
    for code in communes:
        stocks, flows = province.stock(code), province.flow(day, code)
        since = [changes[code] for changes in after if code in changes]
        found[code] = {
            name: stocks.get(name, 0) - sum(changes.get(name, 0) for changes in since)
            if name in STOCKS
            else flows.get(name, 0)
            for name in COLUMNS
        }
    return found


def _sum(values: Mapping[str, Values], communes: Iterable[str]) -> dict[str, int]:
    inside = [values[code] for code in communes]
    return {name: sum(each[name] for each in inside) for name in COLUMNS}


def _restated(province: Province, communes: Iterable[str], day: date) -> frozenset[str]:
    late = {name for code in communes for name, count in province.late(day, code).items() if count}
    return frozenset(late & set(COLUMNS))


def _trend(province: Province, communes: list[str], day: date) -> Iterable[TrendDay]:
    for back in range(TREND_DAYS - 1, -1, -1):
        then = day - timedelta(days=back)
        values = _sum(_values(province, communes, then), communes)
        yield TrendDay(then, values["f0_new"], values["f0_active"])
