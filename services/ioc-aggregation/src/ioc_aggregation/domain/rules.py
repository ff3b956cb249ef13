"""The dated rules of the figures: when silence is told, and the levels of spread."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class IocRules:
    """
    One version of the rules.

    *silent_after*: how long an area with people under care may be unheard. *levels*: new cases per
    100,000 people and week at which levels 2, 3 and 4 begin. *document* gives the levels. *sources*: for how
    many waking hours each topic and each app may be quiet; those not listed may be so for days.
    """

    version: str
    document: str
    silent_after: timedelta
    levels: tuple[float, float, float]
    sources: Mapping[str, timedelta] = field(default_factory=dict)

    def level_of(self, incidence: float) -> int:
        """Return the level, 1 to 4, of so many new cases per 100,000 people and week."""
        return bisect_right(self.levels, incidence) + 1
