"""Reading the facts behind a figure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

Place = tuple[datetime, str]
"""Where a page ends: when the last fact was recorded, and its id."""


@dataclass(frozen=True, slots=True)
class Traced:
    """One fact that changed a figure: never what it said of anybody, only whose pseudonym it is about."""

    fact_id: str
    kind: str
    subject: str
    sequence: int
    commune_code: str
    day: date
    recorded_at: datetime
    change: int


@dataclass(frozen=True, slots=True)
class Sum:
    """All facts together: how many, and by how much they changed the figure."""

    facts: int
    change: int


class Traces(Protocol):
    """The rows of facts that the totals were made of."""

    async def behind(
        self, communes: Collection[str], metric: str, day: date, *, after: Place | None, limit: int
    ) -> list[Traced]:
        """Return the facts that changed *metric* of these communes on *day*, the newest first."""

    async def sum_of(self, communes: Collection[str], metric: str, day: date) -> Sum:
        """Return all of these facts together."""
