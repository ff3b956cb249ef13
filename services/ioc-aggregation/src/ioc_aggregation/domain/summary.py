"""From totals to what is shown: every area's figures now, yesterday and a week ago, and who is silent."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from common.kernel.clock import local_day
from ioc_aggregation.domain.metrics import COMPARED, FROM_ALERTS, METRICS, STOCKS, Kind
from ioc_aggregation.domain.model import AreaSummary, Level, SeriesPoint, Unit
from ioc_aggregation.domain.province import Province
from ioc_aggregation.domain.rules import IocRules

WEEK_DAYS = 7
_COUNTED = tuple(name for name in METRICS if name not in FROM_ALERTS)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the totals do not hold: the rules, alerts nobody took, by commune, and directives, by area."""

    rules: IocRules
    waiting: Mapping[str, int] = field(default_factory=dict)
    directives: Mapping[str, str] = field(default_factory=dict)


class Tree:
    """The units by code; districts know their communes. Codes that are not listed belong to the province."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = {unit.code: unit for unit in units}
        self.province = next(unit for unit in self.units.values() if unit.level is Level.PROVINCE)
        self.districts = [unit for unit in self.units.values() if unit.level is Level.DISTRICT]

    def unit(self, code: str) -> Unit:
        """Return the unit *code*; one that is not on the list is shown under its code."""
        return self.units.get(code) or Unit(code, code, Level.COMMUNE, self.province.code, 0)

    def communes(self, heard_of: Iterable[str]) -> list[Unit]:
        """Return the listed communes and the others that facts were about."""
        listed = {unit.code for unit in self.units.values() if unit.level is Level.COMMUNE}
        return [self.unit(code) for code in sorted(listed | set(heard_of))]


class Past:
    """The compared figures at the end of one day, for many communes."""

    def __init__(self, province: Province, day: date) -> None:
        self._province = province
        self._day = day
        self._after = province.after(day)

    def of(self, commune: str) -> dict[str, int]:
        """Return the compared figures of a commune on that day."""
        flows, stocks = self._province.flow(self._day, commune), self._province.stock(commune)
        since = [changes[commune] for changes in self._after if commune in changes]
        return {
            name: stocks.get(name, 0) - sum(changes.get(name, 0) for changes in since)
            if name in STOCKS
            else flows.get(name, 0)
            for name in COMPARED
        }


def commune_summaries(
    province: Province, tree: Tree, now: datetime, surroundings: Surroundings, only: Set[str] | None = None
) -> dict[str, AreaSummary]:
    """Return the summaries of all communes, or of those in *only*, by code."""
    today = local_day(now)
    yesterday, week_ago = (Past(province, today - timedelta(days=back)) for back in (1, WEEK_DAYS))
    units = [unit for unit in tree.communes(province.communes()) if only is None or unit.code in only]
    return {unit.code: _commune(province, unit, now, surroundings, yesterday, week_ago) for unit in units}


def with_sums(
    communes: Mapping[str, AreaSummary], tree: Tree, surroundings: Surroundings
) -> dict[str, AreaSummary]:
    """Add districts and the province, which are the sums of their communes by construction."""
    found = dict(communes)
    for district in tree.districts:
        parts = [summary for summary in communes.values() if summary.unit.parent_code == district.code]
        found[district.code] = _sum(district, parts, surroundings)
    # Of all communes: also of those that no district lists.
    found[tree.province.code] = _sum(tree.province, list(communes.values()), surroundings)
    return found


def summaries(
    province: Province, tree: Tree, now: datetime, surroundings: Surroundings
) -> dict[str, AreaSummary]:
    """Return the summary of every commune, district and the province, by code."""
    return with_sums(commune_summaries(province, tree, now, surroundings), tree, surroundings)


def series(
    province: Province, communes: Iterable[str], metric: str, today: date, days: int
) -> list[SeriesPoint]:
    """Return the value of one figure on each of the last *days* days, today last."""
    codes = list(communes)
    points = []
    for back in range(days - 1, -1, -1):
        day = today - timedelta(days=back)
        value = sum(province.value(code, metric, day) for code in codes)
        restated = any(province.late(day, code).get(metric, 0) for code in codes)
        points.append(SeriesPoint(day, value, restated))
    return points


def _commune(
    province: Province, unit: Unit, now: datetime, surroundings: Surroundings, yesterday: Past, week_ago: Past
) -> AreaSummary:
    today, code = local_day(now), unit.code
    stocks, flows = province.stock(code), province.flow(today, code)
    metrics = {name: (stocks if name in STOCKS else flows).get(name, 0) for name in _COUNTED}
    metrics["alerts_waiting"] = surroundings.waiting.get(code, 0)
    heard = province.heard.get(code)
    silent_since = _silent_since(metrics, heard, province.told.get(code), now, surroundings.rules)
    incidence = _incidence(province, unit, today)
    return AreaSummary(
        unit,
        metrics,
        yesterday=yesterday.of(code),
        week_ago=week_ago.of(code),
        as_of=province.told.get(code),
        heard_at=heard,
        silent_since=silent_since,
        silent_communes=int(silent_since is not None),
        restated=_restated(province, code, today),
        incidence=incidence,
        spread=_spread(incidence, heard, surroundings.rules),
        directive=surroundings.directives.get(code) or surroundings.directives.get(unit.parent_code),
    )


def _silent_since(
    metrics: Mapping[str, int], heard: datetime | None, told: datetime | None, now: datetime, rules: IocRules
) -> datetime | None:
    """Silence matters where somebody should be heard: nothing is expected of a commune without cases."""
    last = heard or told
    if last is None or metrics["f0_active"] + metrics["quarantine_active"] <= 0:
        return None
    return last if now - last > rules.silent_after else None


def _restated(province: Province, code: str, today: date) -> tuple[str, ...]:
    days = (today - timedelta(days=back) for back in range(1, WEEK_DAYS + 1))
    names = {name for day in days for name in province.late(day, code)}
    return tuple(sorted(name for name in names if METRICS[name].kind is Kind.FLOW))


def _incidence(province: Province, unit: Unit, today: date) -> float | None:
    if not unit.population:
        return None
    days = (today - timedelta(days=back) for back in range(WEEK_DAYS))
    new = sum(province.flow(day, unit.code).get("f0_new", 0) for day in days)
    return new * 100_000 / unit.population


def _spread(incidence: float | None, heard: datetime | None, rules: IocRules) -> int | None:
    return None if incidence is None or heard is None else rules.level_of(incidence)


def _sum(unit: Unit, parts: list[AreaSummary], surroundings: Surroundings) -> AreaSummary:
    heard = [part.heard_at for part in parts if part.heard_at]
    silent = [part.silent_since for part in parts if part.silent_since]
    people = sum(part.unit.population for part in parts if part.incidence is not None)
    new = sum((part.incidence or 0.0) * part.unit.population for part in parts)
    incidence = new / people if people else None
    return AreaSummary(
        unit,
        {name: sum(part.metrics[name] for part in parts) for name in METRICS},
        yesterday={name: sum(part.yesterday[name] for part in parts) for name in COMPARED},
        week_ago={name: sum(part.week_ago[name] for part in parts) for name in COMPARED},
        as_of=max((part.as_of for part in parts if part.as_of), default=None),
        heard_at=max(heard, default=None),
        silent_since=min(silent, default=None),
        silent_communes=len(silent),
        restated=tuple(sorted({name for part in parts for name in part.restated})),
        incidence=incidence,
        spread=_spread(incidence, max(heard, default=None), surroundings.rules),
        directive=surroundings.directives.get(unit.code),
    )
