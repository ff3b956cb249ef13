"""The rules of one day, as the decisions read them. The numbers live in rules/risk/*.yaml."""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Protocol

from f0_monitoring.domain.model import MONTHS_A_YEAR, Level, Profile

OLDEST_MONTHS = 131 * MONTHS_A_YEAR


class Measure(StrEnum):
    """What a criterion looks at."""

    SPO2 = "spo2_percent"
    SPO2_FALL = "spo2_fall_points"
    TEMPERATURE = "temperature_celsius"
    PULSE = "pulse_per_minute"
    BREATHS = "breaths_per_minute"
    SYSTOLIC = "systolic_mmhg"
    DIASTOLIC = "diastolic_mmhg"
    CONSCIOUSNESS = "consciousness"
    SYMPTOM = "symptom"
    NEWS2_TOTAL = "news2_total"
    NEWS2_HIGHEST = "news2_highest_part"
    MISSED = "missed_in_a_row"


class Comparison(StrEnum):
    """How the value is held against the limit."""

    AT_LEAST = "at_least"
    ABOVE = "above"
    AT_MOST = "at_most"
    BELOW = "below"
    ANY_OF = "any_of"


SIGNS = {
    Comparison.AT_LEAST: "≥",
    Comparison.ABOVE: ">",
    Comparison.AT_MOST: "≤",
    Comparison.BELOW: "<",
    Comparison.ANY_OF: "",
}
INSTRUMENTS = {
    Measure.SPO2: "oximeter",
    Measure.SPO2_FALL: "oximeter",
    Measure.PULSE: "oximeter",
    Measure.BREATHS: "count",
    Measure.SYSTOLIC: "cuff",
    Measure.DIASTOLIC: "cuff",
    Measure.TEMPERATURE: "thermometer",
}
"""Two danger signs from different instruments confirm each other; a cold finger spoils SpO2 and pulse."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """
    A sign and the level that it raises to once it is confirmed.

    With *unconfirmed_level* a single measurement counts only for that level and a second one is asked
    for; without, the sign counts at once. *unanswered_minutes* is how long the second one may take
    before the first is believed. *spo2_at_most* limits the sign to saturations up to that.
    """

    code: str
    document: str
    level: Level
    measure: Measure
    comparison: Comparison
    limit: float = 0
    any_of: frozenset[str] = frozenset()
    from_months: int = 0
    below_months: int = OLDEST_MONTHS
    skips_pregnant: bool = False
    unconfirmed_level: Level | None = None
    unanswered_minutes: int | None = None
    is_danger_sign: bool = False
    spo2_at_most: int | None = None

    @property
    def threshold(self) -> str:
        """The threshold as people read it: `< 94`."""
        return f"{SIGNS[self.comparison]} {self.limit:g}" if not self.any_of else "có"

    def fires(self, value: float) -> bool:
        """Tell whether *value* crosses the limit."""
        match self.comparison:
            case Comparison.AT_LEAST:
                return value >= self.limit
            case Comparison.ABOVE:
                return value > self.limit
            case Comparison.AT_MOST:
                return value <= self.limit
            case Comparison.BELOW:
                return value < self.limit
            case Comparison.ANY_OF:
                return False

    def concerns(self, profile: Profile) -> bool:
        """Tell whether the criterion is meant for a person like this."""
        in_age = self.from_months <= profile.age_months < self.below_months
        return in_age and not (self.skips_pregnant and profile.pregnant)


@dataclass(frozen=True, slots=True)
class ProfileCriterion:
    """Who somebody is, and the level that it gives before any measurement. None means "either"."""

    code: str
    document: str
    level: Level
    threshold: str
    from_months: int = 0
    below_months: int = OLDEST_MONTHS
    has_condition: bool | None = None
    is_fully_vaccinated: bool | None = None
    pregnant: bool | None = None

    def fires(self, profile: Profile) -> bool:
        """Tell whether *profile* meets every part of the criterion."""
        return (
            self.from_months <= profile.age_months < self.below_months
            and self.has_condition in (None, bool(profile.conditions))
            and self.is_fully_vaccinated in (None, profile.is_fully_vaccinated)
            and self.pregnant in (None, profile.pregnant)
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of day in which one declaration is owed, in Vietnamese local time."""

    name: str
    opens: time
    due: time


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a measurement can be at all (inclusive), and what to say when it cannot."""

    lowest: float
    highest: float
    advice: str


@dataclass(frozen=True, slots=True)
class Course:
    """How declarations are owed, re-measured and believed."""

    slots: tuple[Slot, ...]
    grace_seconds: int
    first_due_after_hours: int
    ahead_minutes_max: int
    oldest_days: int
    calm_hours: int
    confirm_within_hours: int
    bounds: dict[str, Bounds]
    symptoms: frozenset[str]
    symptom_aliases: dict[str, str]
    conditions: frozenset[str]
    condition_aliases: dict[str, str]


@dataclass(frozen=True, eq=False)
class RuleSet:
    """Everything in force on one day. *version* is stored with each decision."""

    version: str
    profile_criteria: tuple[ProfileCriterion, ...]
    criteria: tuple[Criterion, ...]
    course: Course
    _for_person: dict[tuple[int, bool], tuple[Criterion, ...]] = field(default_factory=dict, repr=False)

    @property
    def silence_criteria(self) -> tuple[Criterion, ...]:
        """Criteria on declarations missed in a row."""
        return tuple(c for c in self.criteria if c.measure is Measure.MISSED)

    def criteria_for(self, profile: Profile) -> tuple[Criterion, ...]:
        """Return the criteria that concern a person of this age and condition."""
        key = (profile.age_months, profile.pregnant)
        known = self._for_person.get(key)
        if known is None:
            known = tuple(c for c in self.criteria if c.concerns(profile))
            self._for_person[key] = known
        return known


class RiskRules(Protocol):
    """The dated rules: which were in force on a Vietnamese calendar day."""

    def on(self, day: date) -> RuleSet:
        """Return the rules in force on *day*."""
