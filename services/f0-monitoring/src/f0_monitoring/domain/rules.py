"""The rules of one day, as the decisions read them. The numbers live in rules/risk/*.yaml."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Protocol

from f0_monitoring.domain.model import Level, Profile, Reason, worst
from f0_monitoring.domain.signs import OLDEST_MONTHS, Checklist, Criterion, Measure


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
    remeasure_after_seconds: int
    remeasure_within_seconds: int
    bounds: dict[str, Bounds]
    symptoms: frozenset[str]
    symptom_aliases: dict[str, str]
    conditions: frozenset[str]
    condition_aliases: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    The rules as one kind of person meets them.

    *baseline* are the criteria that the person meets before any measurement, *level* is the worst of them
    and *reasons* are those that give it; *checklist* is what each declaration is held against.
    """

    baseline: tuple[ProfileCriterion, ...]
    level: Level
    reasons: tuple[Reason, ...]
    checklist: Checklist

    @classmethod
    def of(cls, profile: Profile, rules: "RuleSet") -> "Sheet":
        """Pick from *rules* what concerns people like *profile*."""
        fired = tuple(c for c in rules.profile_criteria if c.fires(profile))
        level = worst(*(c.level for c in fired))
        reasons = (Reason(c.code, profile.age_years, c.threshold, c.document, c.level) for c in fired)
        return cls(
            baseline=fired,
            level=level,
            reasons=tuple(reason for reason in reasons if reason.level is level),
            checklist=Checklist.of(tuple(c for c in rules.criteria if c.concerns(profile))),
        )


@dataclass(frozen=True, eq=False)
class RuleSet:
    """Everything in force on one day. *version* is stored with each decision."""

    version: str
    profile_criteria: tuple[ProfileCriterion, ...]
    criteria: tuple[Criterion, ...]
    course: Course
    _sheets: dict[tuple[int, bool, bool, bool], Sheet] = field(default_factory=dict, repr=False)

    @property
    def silence_criteria(self) -> tuple[Criterion, ...]:
        """Criteria on declarations missed in a row."""
        return tuple(c for c in self.criteria if c.measure is Measure.MISSED)

    def baseline_of(self, profile: Profile) -> tuple[ProfileCriterion, ...]:
        """Return the criteria that this kind of person meets before any measurement."""
        return self.sheet(profile).baseline

    def sheet(self, profile: Profile) -> Sheet:
        """Return the rules for this kind of person, made at the first one of the kind."""
        kind = (profile.age_months, bool(profile.conditions), profile.is_fully_vaccinated, profile.pregnant)
        known = self._sheets.get(kind)
        if known is None:
            known = self._sheets[kind] = Sheet.of(profile, self)
        return known


class RiskRules(Protocol):
    """The dated rules: which were in force on a Vietnamese calendar day."""

    def on(self, day: date) -> RuleSet:
        """Return the rules in force on *day*."""
