"""
How much oxygen the patients of an area will need: from how many there are at each risk, and how that grows.

A picture to plan with, not a prescription. The parameters are dated data (`rules/oxygen-need`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LEVELS: Final = ("low", "medium", "high", "very_high")
WEEK_DAYS: Final = 7
MINUTES: Final = 60


@dataclass(frozen=True, slots=True)
class LevelNeed:
    """
    What the patients of one risk level use.

    *share* (0 to 1) of them are on oxygen at a time; *flow* is litres of gas per minute of those, with its
    *lowest* and *highest* plausible mean.
    """

    share: float
    flow: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class NeedRules:
    """The parameters in force; a cylinder holds so many litres of gas."""

    version: str
    document: str
    is_confirmed: bool
    levels: Mapping[str, LevelNeed]
    cylinder_litres: float
    horizons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """Litres of gas needed in the next *hours*, and patients on oxygen at their middle."""

    hours: int
    patients: float
    litres: float
    lowest: float
    highest: float
    cylinders: float


def forecast(now: Mapping[str, int], week_ago: Mapping[str, int], rules: NeedRules) -> list[Need]:
    """
    Return the need of every horizon, from the figures of an area now and a week ago.

    The number of patients goes on changing as in the last week and never falls below none; the mix of risks
    stays as it is now. Patient hours are those of the middle of the horizon, times its length.
    """
    active = now.get("f0_active", 0)
    change_per_hour = (active - week_ago.get("f0_active", active)) / (WEEK_DAYS * 24)
    return [_need(now, active, change_per_hour, hours, rules) for hours in rules.horizons]


def _need(now: Mapping[str, int], active: int, change_per_hour: float, hours: int, rules: NeedRules) -> Need:
    growth = max(0.0, 1 + change_per_hour * hours / 2 / active) if active else 0.0
    on_oxygen = {level: now.get(f"f0_{level}", 0) * growth * rules.levels[level].share for level in LEVELS}

    def litres(flow_of: Mapping[str, float]) -> float:
        return sum(on_oxygen[level] * flow_of[level] for level in LEVELS) * MINUTES * hours

    flows = rules.levels
    mean = litres({level: flows[level].flow for level in LEVELS})
    return Need(
        hours,
        sum(on_oxygen.values()),
        mean,
        litres({level: flows[level].lowest for level in LEVELS}),
        litres({level: flows[level].highest for level in LEVELS}),
        mean / rules.cylinder_litres,
    )
