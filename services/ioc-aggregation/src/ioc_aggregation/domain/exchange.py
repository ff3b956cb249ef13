"""
Totals for the national system (DHIS2): which values of which commune and period are handed on.

A commune that was silent on a day is left out of it: nothing is not zero. A day counts as silent if somebody
was under care or in quarantine at its end and nobody spoke, neither the people nor those who look after them;
a commune of which nobody ever heard is silent on every day. A week is handed on when each of its days is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from ioc_aggregation.domain.days import DayRow, day_rows
from ioc_aggregation.domain.metrics import STOCKS
from ioc_aggregation.domain.model import Unit
from ioc_aggregation.domain.province import Province
from ioc_aggregation.domain.summary import Tree

DAY: Final = timedelta(days=1)
_LOOKED_AFTER: Final = ("f0_active", "quarantine_active")
SPOKEN: Final = (
    "f0_new",
    "f0_recovered",
    "f0_died",
    "f0_withdrawn",
    "quarantine_ordered",
    "contacts_positive",
    "reports_f0",
    "reports_quarantine",
)
"""Figures of a day that people make; missed deadlines, scans and alerts may be the machine's doing."""


class Every(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Measure:
    """One of our figures, and by which codes the national system knows it."""

    metric: str
    data_element: str
    category_option_combo: str


@dataclass(frozen=True, slots=True)
class Value:
    """One figure of one commune and period; *is_restated*: late facts changed it afterwards."""

    measure: Measure
    period: str
    commune_code: str
    amount: int
    is_restated: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which communes are handed on for a period, and which are silent and left out."""

    period: str
    heard: tuple[str, ...]
    silent: tuple[str, ...]


def days_over(every: Every, first: date, last: date) -> tuple[date, date] | None:
    """Return the first and last day of the whole periods from *first* to *last*; None if there is none."""
    if every is Every.WEEK:
        first += timedelta(days=-first.weekday() % 7)
        last -= timedelta(days=(last.weekday() + 1) % 7)
    return (first, last) if first <= last else None


def period_of(every: Every, day: date) -> str:
    """Return the period of a day as DHIS2 writes it: yyyyMMdd, or yyyyWn of ISO weeks from Monday."""
    if every is Every.DAY:
        return f"{day:%Y%m%d}"
    year, week, _ = day.isocalendar()
    return f"{year}W{week}"


class Exchange:
    """The whole periods of *span* in these communes; late facts are known from *oldest* on."""

    def __init__(
        self,
        province: Province,
        tree: Tree,
        communes: Sequence[Unit],
        measures: Sequence[Measure],
        every: Every,
        span: tuple[date, date],
        oldest: date,
    ) -> None:
        self._measures, self._province, self._oldest = measures, province, oldest
        self._known = province.communes()
        named = [each.metric for each in measures]
        metrics = list(dict.fromkeys((*named, *_LOOKED_AFTER, *SPOKEN)))
        self._rows: dict[str, dict[str, list[DayRow]]] = {}
        for row in day_rows(province, tree, communes, metrics, *span):
            of_period = self._rows.setdefault(period_of(every, row.day), {})
            of_period.setdefault(row.unit.code, []).append(row)

    def values(self, *, only_restated: bool = False) -> Iterator[Value]:
        """Yield what is handed on, the oldest period first; *only_restated*: what late facts changed."""
        for period in sorted(self._rows, key=self._start):
            for code, days in self._rows[period].items():
                if not self._is_silent(code, days):
                    found = self._of_commune(period, code, days)
                    yield from (value for value in found if value.is_restated or not only_restated)

    def coverage(self) -> list[Coverage]:
        """Return who is handed on and who is silent, the oldest period first."""
        found = []
        for period in sorted(self._rows, key=self._start):
            silent = {code for code, days in self._rows[period].items() if self._is_silent(code, days)}
            heard = tuple(sorted(self._rows[period].keys() - silent))
            found.append(Coverage(period, heard, tuple(sorted(silent))))
        return found

    def _start(self, period: str) -> date:
        return min(row.day for days in self._rows[period].values() for row in days)

    def _of_commune(self, period: str, code: str, days: Sequence[DayRow]) -> Iterator[Value]:
        restated = self._restated(code, days)
        for measure in self._measures:
            amount = _amount(measure.metric, days)
            yield Value(measure, period, code, amount, measure.metric in restated)

    def _restated(self, code: str, days: Sequence[DayRow]) -> set[str]:
        """
        Return the figures that late facts changed.

        A late fact changes a flow on its own day, but a stock at the end of that day and of all days since.
        """
        first, last = min(row.day for row in days), max(row.day for row in days)
        late: set[str] = set()
        for back in range((last - self._oldest).days + 1):
            day = last - back * DAY
            names = self._province.late(day, code).keys()
            late |= names if day >= first else names & STOCKS
        return late

    def _is_silent(self, code: str, days: Iterable[DayRow]) -> bool:
        return code not in self._known or any(_nobody_spoke(row.values) for row in days)


def _nobody_spoke(values: Mapping[str, int]) -> bool:
    return any(values[name] > 0 for name in _LOOKED_AFTER) and not any(values[name] for name in SPOKEN)


def _amount(metric: str, days: Sequence[DayRow]) -> int:
    """Return the sum of a flow, or a stock at the end of the last day."""
    if metric in STOCKS:
        return max(days, key=lambda row: row.day).values[metric]
    return sum(row.values[metric] for row in days)
