"""What those who watch the scans read and keep."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from permit.domain.board import Minute
from permit.domain.flags import Flag
from permit.domain.scans import Scan

Range = tuple[datetime, datetime]
"""Two instants, both included."""
MinuteKey = tuple[str, datetime]
"""A checkpoint and the beginning of a minute."""


class Flags(Protocol):
    """What stands against permits, or against the traffic of checkpoints."""

    async def standing(self) -> list[Flag]:
        """Return the flags that somebody still has to look at, the newest evidence first."""

    async def flagged(self, subjects: Collection[str] | None = None) -> frozenset[str]:
        """Return those of *subjects* (None: of all) that bear a flag which nobody cleared yet."""


class Sightings(Protocol):
    """The ledger of scans, as those who compare and count read it."""

    async def of_ids(self, scan_ids: Iterable[str]) -> list[Scan]:
        """Return the scans that are recorded among *scan_ids*."""

    async def around(self, permits: Mapping[str, Range], plates: Mapping[str, Range]) -> list[Scan]:
        """Return the scans of each permit and of each plate within its range."""

    async def in_minutes(self, keys: Iterable[MinuteKey]) -> list[Scan]:
        """Return the scans of these minutes of these checkpoints."""


class Minutes(Protocol):
    """The minutes of the checkpoint board."""

    async def put(self, minutes: Iterable[Minute]) -> None:
        """Keep each count unless a fuller one is kept already."""

    async def since(self, start: datetime) -> list[Minute]:
        """Return the minutes from *start* on."""

    async def changed(self, mark: datetime | None, start: datetime) -> tuple[list[Minute], datetime | None]:
        """Return the minutes from *start* on that changed at or after *mark*, and the newest change."""
