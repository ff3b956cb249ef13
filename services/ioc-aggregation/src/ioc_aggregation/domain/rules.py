"""The dated rules of the figures: when silence is told, and the levels of spread."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class IocRules:
    """
    One version of the rules.

    *silent_after*: how long an area with people under care may be unheard. *levels*: new cases per
    100,000 people and week at which levels 2, 3 and 4 begin. *document* gives the levels.
    """

    version: str
    document: str
    silent_after: timedelta
    levels: tuple[float, float, float]

    def level_of(self, incidence: float) -> int:
        """Return the level, 1 to 4, of so many new cases per 100,000 people and week."""
        return bisect_right(self.levels, incidence) + 1
