"""The table of days: several figures of several areas, day by day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ioc_aggregation.domain.metrics import METRICS, STOCKS, Kind
from ioc_aggregation.domain.model import Level, Unit
from ioc_aggregation.domain.province import Province
from ioc_aggregation.domain.summary import Tree


@dataclass(frozen=True, slots=True)
class DayRow:
    """The figures of one area on one day; late facts changed those in *restated* after the day was over."""

    day: date
    unit: Unit
    values: Mapping[str, int]
    restated: tuple[str, ...]


def day_rows(
    province: Province, tree: Tree, units: Sequence[Unit], metrics: Sequence[str], first: date, last: date
) -> Iterator[DayRow]:
    """Yield a row per day and unit, in this order; stocks are those at the end of the day."""
    inside = {unit.code: communes_of(province, tree, unit) for unit in units}
    communes = {code for codes in inside.values() for code in codes}
    by_day = _by_day(province, communes, metrics, first, last)
    for back in range((last - first).days, -1, -1):
        day = last - timedelta(days=back)
        for unit in units:
            codes = inside[unit.code]
            values = {name: sum(by_day[day][code][name] for code in codes) for name in metrics}
            yield DayRow(day, unit, values, _restated(province, codes, metrics, day))


def communes_of(province: Province, tree: Tree, unit: Unit) -> list[str]:
    """Return the codes of the communes of *unit*; of the province also those that no district lists."""
    if unit.level is Level.COMMUNE:
        return [unit.code]
    communes = tree.communes(province.communes())
    is_whole = unit.code == tree.province.code
    return [each.code for each in communes if is_whole or each.parent_code == unit.code]


def _by_day(
    province: Province, communes: Iterable[str], metrics: Sequence[str], first: date, last: date
) -> dict[date, dict[str, dict[str, int]]]:
    """Walk back from now: a stock less what changed on a day is the stock at the end of the day before."""
    stocks = [name for name in metrics if name in STOCKS]
    flows = [name for name in metrics if name not in STOCKS]
    standing = {code: {name: province.stock(code).get(name, 0) for name in stocks} for code in communes}
    for changes in province.after(last):
        _take(standing, changes)
    found = {}
    for back in range((last - first).days + 1):
        day = last - timedelta(days=back)
        changes = {code: dict(province.flow(day, code)) for code in standing}
        found[day] = {
            code: {**held, **{name: changes[code].get(name, 0) for name in flows}}
            for code, held in standing.items()
        }
        _take(standing, changes)
    return found


def _take(standing: dict[str, dict[str, int]], changes: Mapping[str, Mapping[str, int]]) -> None:
    for code, held in standing.items():
        of_day = changes.get(code)
        if of_day:
            for name in held:
                held[name] -= of_day.get(name, 0)


def _restated(
    province: Province, communes: Sequence[str], metrics: Sequence[str], day: date
) -> tuple[str, ...]:
    late: set[str] = set().union(*(province.late(day, code) for code in communes))
    return tuple(name for name in metrics if name in late and METRICS[name].kind is Kind.FLOW)
