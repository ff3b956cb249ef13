"""Reading rules/risk/*.yaml: validated at start-up, then handed to the domain as plain data."""

from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from types import MappingProxyType
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from common.rules import Confidence, RuleBook, load_rules
from f0_monitoring.domain import rules
from f0_monitoring.domain.model import MONTHS_A_YEAR, Level
from f0_monitoring.domain.signs import OLDEST_MONTHS, Comparison, Criterion, Measure
from f0_monitoring.rulebook.bilingual import BilingualRules, Dictionary, Noted, Said, Wording
from f0_monitoring.rulebook.calendar import check_form, refuse_gaps


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Criterion(Noted):
    code: str = Field(pattern=r"^[a-z0-9-]+$")
    level: Level
    label: Said
    label_en: Said
    from_months: int = Field(default=0, ge=0)
    from_years: int = Field(default=0, ge=0)
    below_months: int | None = None
    below_years: int | None = None
    confidence: Confidence

    @property
    def ages(self) -> dict[str, int]:
        below = self.below_months
        if below is None:
            below = OLDEST_MONTHS if self.below_years is None else self.below_years * MONTHS_A_YEAR
        return {"from_months": max(self.from_months, self.from_years * MONTHS_A_YEAR), "below_months": below}


class PersonRow(_Criterion):
    """A level by age, disease, vaccination or pregnancy."""

    threshold: Said
    threshold_en: Said
    has_condition: bool | None = None
    is_fully_vaccinated: bool | None = None
    pregnant: bool | None = None

    def to_domain(self, document: str) -> rules.ProfileCriterion:
        """Return the criterion as the domain reads it."""
        return rules.ProfileCriterion(
            code=self.code,
            document=document,
            level=self.level,
            threshold=self.threshold,
            has_condition=self.has_condition,
            is_fully_vaccinated=self.is_fully_vaccinated,
            pregnant=self.pregnant,
            **self.ages,
        )


class SignRow(_Criterion):
    """A level by what is measured or felt."""

    meaning: Said
    meaning_en: Said
    document: str = ""
    measure: Measure
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    any_of: tuple[str, ...] = ()
    skips_pregnant: bool = False
    unconfirmed_level: Level | None = None
    unanswered_minutes: int | None = Field(default=None, ge=1)
    is_danger_sign: bool = False
    spo2_at_most: int | None = None
    after_level: Level | None = None

    @property
    def comparison(self) -> tuple[Comparison, float]:
        """The one comparison that the row gives."""
        limits = [(c, v) for c in Comparison if isinstance(v := getattr(self, c.value), float)]
        return limits[0] if limits else (Comparison.ANY_OF, 0.0)

    @model_validator(mode="after")
    def _has_one_limit(self) -> Self:
        limits = (self.at_least, self.above, self.at_most, self.below, self.any_of or None)
        if sum(limit is not None for limit in limits) != 1:
            raise ValueError(f"{self.code}: give exactly one of at_least, above, at_most, below, any_of")
        if self.unconfirmed_level is not None and self.unconfirmed_level.rank > self.level.rank:
            raise ValueError(f"{self.code}: a doubt cannot weigh more than a certainty")
        if self.unanswered_minutes is not None and self.unconfirmed_level is None:
            raise ValueError(f"{self.code}: nothing to answer without unconfirmed_level")
        if (self.after_level is not None) is not (self.measure is Measure.MISSED):
            raise ValueError(f"{self.code}: after_level goes with missed_in_a_row, and only with it")
        return self

    def to_domain(self, document: str) -> Criterion:
        """Return the criterion as the domain reads it."""
        comparison, limit = self.comparison
        return Criterion(
            code=self.code,
            document=self.document or document,
            level=self.level,
            measure=self.measure,
            comparison=comparison,
            limit=limit,
            any_of=frozenset(self.any_of),
            skips_pregnant=self.skips_pregnant,
            unconfirmed_level=self.unconfirmed_level,
            unanswered_minutes=self.unanswered_minutes,
            is_danger_sign=self.is_danger_sign,
            spo2_at_most=self.spo2_at_most,
            after_level=self.after_level or Level.LOW,
            **self.ages,
        )


class CriteriaFile(BilingualRules):
    """rules/risk/criteria: one document's criteria."""

    people: tuple[PersonRow, ...] = ()
    signs: tuple[SignRow, ...] = ()


class _Slot(_Row):
    name: Said
    name_en: Said
    opens: time
    due: time


class _Bounds(_Row):
    lowest: float
    highest: float
    advice: str


class Word(_Row):
    """A code of the form with what people read."""

    code: str
    vi: Said
    en: Said
    is_danger_sign: bool = False
    aliases: tuple[str, ...] = ()


class CourseFile(BilingualRules):
    """rules/risk/course: how declarations are owed, and the form itself."""

    slots: tuple[_Slot, ...] = Field(min_length=1)
    grace_seconds: int = Field(ge=0, le=50)
    first_due_after_hours: int = Field(ge=0)
    ahead_minutes_max: int = Field(ge=0)
    oldest_days: int = Field(ge=1)
    calm_hours: int = Field(ge=1)
    confirm_within_hours: int = Field(ge=1)
    remeasure_after_seconds: int = Field(ge=1)
    remeasure_within_seconds: int = Field(ge=1)
    bounds: dict[str, _Bounds]
    symptoms: tuple[Word, ...]
    conditions: tuple[Word, ...]

    def to_domain(self) -> rules.Course:
        """Return the course as the domain reads it."""
        return rules.Course(
            slots=tuple(rules.Slot(s.name, s.opens, s.due) for s in self.slots),
            grace_seconds=self.grace_seconds,
            first_due_after_hours=self.first_due_after_hours,
            ahead_minutes_max=self.ahead_minutes_max,
            oldest_days=self.oldest_days,
            calm_hours=self.calm_hours,
            confirm_within_hours=self.confirm_within_hours,
            remeasure_after_seconds=self.remeasure_after_seconds,
            remeasure_within_seconds=self.remeasure_within_seconds,
            bounds={name: rules.Bounds(b.lowest, b.highest, b.advice) for name, b in self.bounds.items()},
            symptoms=frozenset(word.code for word in self.symptoms),
            symptom_aliases=_aliases(self.symptoms),
            conditions=frozenset(word.code for word in self.conditions),
            condition_aliases=_aliases(self.conditions),
        )


def _aliases(words: tuple[Word, ...]) -> dict[str, str]:
    return {alias: word.code for word in words for alias in word.aliases}


class RiskRuleBooks:
    """All dated rules of this service; `on(day)` is what the domain reads."""

    def __init__(self, criteria: RuleBook[CriteriaFile], course: RuleBook[CourseFile]) -> None:
        refuse_gaps(criteria, course)
        check_form(criteria, course)
        self.criteria = criteria
        self.course = course
        self._by_day: dict[date, rules.RuleSet] = {}
        self.dictionary = Dictionary(criteria.versions)
        self.wording: Mapping[str, Wording] = MappingProxyType(dict(self.dictionary.by_code()))

    def on(self, day: date) -> rules.RuleSet:
        """Return the rules in force on *day*; raise `NoRuleInForce` before the first classification."""
        known = self._by_day.get(day)
        if known is None:
            known = self._compose(day)
            self._by_day[day] = known
        return known

    def form(self, day: date) -> CourseFile:
        """Return the declaration form in force on *day*."""
        return self.course.in_force(day)

    def _compose(self, day: date) -> rules.RuleSet:
        self.criteria.in_force(day, "classification")
        files = self.criteria.all_in_force(day)
        return rules.RuleSet(
            version="+".join(file.version for file in files),
            profile_criteria=tuple(row.to_domain(file.document) for file in files for row in file.people),
            criteria=tuple(row.to_domain(file.document) for file in files for row in file.signs),
            course=self.course.in_force(day).to_domain(),
        )


def load_risk_rules(folder: Path) -> RiskRuleBooks:
    """Read rules/risk below *folder*; raise `RuleFileInvalid` with the file's name."""
    risk = folder / "risk"
    return RiskRuleBooks(load_rules(risk / "criteria", CriteriaFile), load_rules(risk / "course", CourseFile))
