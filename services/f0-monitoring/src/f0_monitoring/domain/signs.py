"""The signs that a declaration is held against: what is looked at, which value fires, who it is meant for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf, nextafter
from operator import attrgetter

from f0_monitoring.domain.model import MONTHS_A_YEAR, Level, Profile, Vitals

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
    NEWS2_RISE = "news2_rise_points"
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
_INTERVALS: dict[Comparison, Callable[[float], tuple[float, float]]] = {
    Comparison.AT_LEAST: lambda limit: (limit, inf),
    Comparison.ABOVE: lambda limit: (nextafter(limit, inf), inf),
    Comparison.AT_MOST: lambda limit: (-inf, limit),
    Comparison.BELOW: lambda limit: (-inf, nextafter(limit, -inf)),
    Comparison.ANY_OF: lambda _: (inf, -inf),
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
NUMBERS = (
    Measure.TEMPERATURE,
    Measure.PULSE,
    Measure.BREATHS,
    Measure.SYSTOLIC,
    Measure.DIASTOLIC,
)
"""Measures that are read as they were declared, in the order of `numbers_of` and of a checklist's scales."""
numbers_of: Callable[[Vitals], tuple[float | None, ...]] = attrgetter(*NUMBERS)
SATURATION_ALONE = frozenset((Measure.SPO2, Measure.SPO2_FALL))
BY_SATURATION = (
    Measure.SPO2,
    Measure.SPO2_FALL,
    Measure.NEWS2_TOTAL,
    Measure.NEWS2_HIGHEST,
    Measure.NEWS2_RISE,
)
"""Measures that a second SpO2 can settle, in the order in which `criteria.Saturation` begins."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """
    A sign and the level that it raises to once it is confirmed.

    With *unconfirmed_level* a single measurement counts only for that level and a second one is asked
    for; without, the sign counts at once. *unanswered_minutes* is how long the second one may take
    before the first is believed. *spo2_at_most* limits the sign to saturations up to that; *after_level*
    limits silence to people whose last values counted for that level or more.
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
    after_level: Level = Level.LOW
    threshold: str = field(init=False, repr=False)
    """The threshold as people read it: `< 94`."""
    lowest: float = field(init=False, repr=False)
    highest: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Turn the comparison into the closed interval that fires, and into words."""
        lowest, highest = _INTERVALS[self.comparison](self.limit)
        threshold = f"{SIGNS[self.comparison]} {self.limit:g}" if not self.any_of else "có"
        object.__setattr__(self, "threshold", threshold)
        object.__setattr__(self, "lowest", lowest)
        object.__setattr__(self, "highest", highest)

    def fires(self, value: float) -> bool:
        """Tell whether *value* crosses the limit."""
        return self.lowest <= value <= self.highest

    def concerns(self, profile: Profile) -> bool:
        """Tell whether the criterion is meant for a person like this."""
        in_age = self.from_months <= profile.age_months < self.below_months
        return in_age and not (self.skips_pregnant and profile.pregnant)


@dataclass(frozen=True, slots=True)
class Scale:
    """The criteria on one measure. No value strictly between *quiet_above* and *quiet_below* fires any."""

    measure: Measure
    criteria: tuple[Criterion, ...]
    quiet_above: float
    quiet_below: float

    @classmethod
    def of(cls, measure: Measure, criteria: Iterable[Criterion]) -> "Scale":
        """Return the scale of *measure*; without criteria every value is quiet."""
        own = tuple(c for c in criteria if c.measure is measure)
        too_low = (c.highest for c in own if c.lowest == -inf)
        too_high = (c.lowest for c in own if c.highest == inf)
        return cls(measure, own, max(too_low, default=-inf), min(too_high, default=inf))


def are_quiet(scales: Iterable[Scale], values: Iterable[float | None]) -> bool:
    """
    Tell whether *values*, in the order of *scales*, fire nothing for certain; what is None fires nothing.

    So it is with nearly every declaration: its criteria are then not looked at one by one.
    """
    for scale, value in zip(scales, values, strict=False):  # a Saturation goes on behind its measures
        if value is not None and not scale.quiet_above < value < scale.quiet_below:
            return False
    return True


@dataclass(frozen=True, slots=True)
class Checklist:
    """The criteria that concern one kind of person, by how they are looked at."""

    by_number: tuple[Scale, ...]
    by_saturation: tuple[Scale, ...]
    by_symptom: tuple[Criterion, ...]
    by_consciousness: tuple[Criterion, ...]

    @classmethod
    def of(cls, criteria: tuple[Criterion, ...]) -> "Checklist":
        """Sort *criteria* into the list; those on silence are not looked at with a declaration."""
        return cls(
            by_number=tuple(Scale.of(measure, criteria) for measure in NUMBERS),
            by_saturation=tuple(Scale.of(measure, criteria) for measure in BY_SATURATION),
            by_symptom=tuple(c for c in criteria if c.measure is Measure.SYMPTOM),
            by_consciousness=tuple(c for c in criteria if c.measure is Measure.CONSCIOUSNESS),
        )
