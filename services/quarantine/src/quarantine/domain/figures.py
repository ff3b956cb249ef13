"""
Số liệu cách ly: what each fact adds to the figures of its commune and day.

The names and days are those by which the operations centre counts, so both say the same of the same facts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from quarantine.domain.model import Category, Outcome, Place

ORDERED, HEARD = "ordered", "heard"
ENDED_AS: Final = {outcome: f"ended_{outcome}" for outcome in Outcome}
METRICS: Final = (
    "quarantine_active",
    *(f"quarantine_{place}" for place in Place),
    *(f"quarantine_{category}" for category in Category),
    "quarantine_ordered",
    "quarantine_ended",
    *ENDED_AS.values(),
    "quarantine_breaches",
    "contacts_positive",
    "reports_quarantine",
    "reports_late",
    "reports_missed",
    "days_declared",
)
CONTACTED: Final = ("contacts", "contacts_in_a_day", "contact_seconds")
"""Of the orders of a day: how many were heard of, how many within 24 hours, how long all of these took."""
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """
    One fact as the figures see it; *row_id* makes it count once.

    *on* is the Vietnamese day that it counts for, *at* when it happened. *kind* is `ORDERED` or `HEARD` for
    facts between which the time to the first contact lies.
    """

    row_id: str
    commune_code: str
    district_code: str
    on: date
    person_id: str
    at: datetime
    deltas: Counts
    kind: str = ""


@dataclass(frozen=True, slots=True)
class AddRows:
    """Add what one fact means to the figures."""

    rows: tuple[FigureRow, ...]

    @property
    def aggregate_id(self) -> str:
        """The fact's own row."""
        return self.rows[0].row_id


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one area over a period; stocks are those at the end of its last day."""

    counts: Counts = field(default_factory=dict)
    stocks: Counts = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        """Return one count; 0 for what never happened."""
        return self.counts.get(name, 0)

    def stock(self, name: str) -> int:
        """Return one stock at the end of the period."""
        return self.stocks.get(name, 0)

    @property
    def missed_percent(self) -> float | None:
        """Of the days judged, how many passed without a declaration in time; None when none was judged."""
        owed = self["reports_missed"] + self["days_declared"]
        return round(100 * self["reports_missed"] / owed, 1) if owed else None

    @property
    def first_contact_hours(self) -> float | None:
        """How long it took on average from the order to the first word; None when nobody was heard."""
        heard = self["contacts"]
        return round(self["contact_seconds"] / heard / 3600, 1) if heard else None


def summed(parts: Iterable[Figures]) -> Figures:
    """Return the figures of several areas together."""
    counts: dict[str, int] = {}
    stocks: dict[str, int] = {}
    for part in parts:
        for total, more in ((counts, part.counts), (stocks, part.stocks)):
            for name, amount in more.items():
                total[name] = total.get(name, 0) + amount
    return Figures(counts, stocks)
