"""Which criteria a declaration meets, and which of them a second measurement must confirm."""

from collections.abc import Iterator
from dataclasses import dataclass

from f0_monitoring.domain import news2
from f0_monitoring.domain.model import Consciousness, Level, Profile, Vitals, worst
from f0_monitoring.domain.rules import (
    INSTRUMENTS,
    SATURATION_ALONE,
    Checklist,
    Criterion,
    Measure,
    RuleSet,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a person at the moment of a declaration."""

    profile: Profile
    vitals: Vitals
    symptoms: tuple[str, ...] = ()
    first_spo2_percent: int | None = None
    doubted: tuple[str, ...] = ()
    """Criteria that fired once, unconfirmed, in the declaration before: firing again confirms them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A criterion that fired."""

    criterion: Criterion
    value: int | float | str
    is_confirmed: bool

    @property
    def level(self) -> Level:
        """The level that it counts for now."""
        if self.is_confirmed or self.criterion.unconfirmed_level is None:
            return self.criterion.level
        return self.criterion.unconfirmed_level


def find(rules: RuleSet, seen: Seen) -> tuple[Finding, ...]:
    """Return what fires, worst first. Signs of two instruments at once confirm each other."""
    checklist, vitals = rules.checklist(seen.profile), seen.vitals
    found: list[Finding] = []
    for c in checklist.by_number:
        value = getattr(vitals, c.measure)
        if value is not None and c.lowest <= value <= c.highest:
            found.append(Finding(c, value, _counts_at_once(c, seen)))
    found += _by_saturation(checklist, seen)
    if seen.symptoms:
        named = (c for c in checklist.by_symptom if not c.any_of.isdisjoint(seen.symptoms))
        found += (Finding(c, next(s for s in seen.symptoms if s in c.any_of), True) for c in named)
    if vitals.consciousness is not Consciousness.ALERT:
        state = vitals.consciousness.value
        found += (Finding(c, state, True) for c in checklist.by_consciousness if state in c.any_of)
    if _corroborate_each_other(found):
        found = [Finding(f.criterion, f.value, True) if _is_single_danger(f) else f for f in found]
    return tuple(sorted(found, key=_worst_first))


def _worst_first(finding: Finding) -> tuple[int, int, str]:
    return -finding.level.rank, -finding.criterion.level.rank, finding.criterion.code


def confirmed_level(findings: tuple[Finding, ...]) -> Level:
    """Return the worst level of what is confirmed."""
    return worst(*(f.level for f in findings if f.is_confirmed))


def doubtful_level(findings: tuple[Finding, ...]) -> Level:
    """Return the worst level that unconfirmed findings count for meanwhile."""
    return worst(*(f.level for f in findings if not f.is_confirmed))


def _by_saturation(checklist: Checklist, seen: Seen) -> Iterator[Finding]:
    views = [_View.of(seen, spo2, is_settled) for spo2, is_settled in saturations(seen.vitals)]
    for c in checklist.by_saturation:
        for view in views:
            value = view.value(c)
            if value is not None and c.lowest <= value <= c.highest:
                is_measured_twice = view.is_settled and (c.measure in SATURATION_ALONE or view.scores)
                yield Finding(c, value, is_measured_twice or _counts_at_once(c, seen))
                break


@dataclass(frozen=True, slots=True)
class _View:
    """One saturation to judge by, with all that follows from it."""

    spo2: int | None
    is_settled: bool
    scores: bool
    values: dict[Measure, int | None]

    @classmethod
    def of(cls, seen: Seen, spo2: int | None, is_settled: bool) -> "_View":
        first = seen.first_spo2_percent
        score = news2.score(seen.vitals, spo2) if news2.applies_to(seen.profile) else None
        values = {
            Measure.SPO2: spo2,
            Measure.SPO2_FALL: None if first is None or spo2 is None else first - spo2,
            Measure.NEWS2_TOTAL: score.total if score else None,
            Measure.NEWS2_HIGHEST: score.highest_part if score else None,
        }
        return cls(spo2, is_settled, bool(score and score.spo2), values)

    def value(self, criterion: Criterion) -> int | None:
        limit = criterion.spo2_at_most
        if limit is not None and (self.spo2 is None or self.spo2 > limit):
            return None
        return self.values[criterion.measure]


def saturations(vitals: Vitals) -> tuple[tuple[int | None, bool], ...]:
    """
    Return the saturations to judge by, each with whether it is settled by a second measurement.

    Two bad ones confirm, so the better of two settles; a second that is worse than the first leaves a
    doubt of its own.
    """
    first, repeat = vitals.spo2_percent, vitals.spo2_repeat_percent
    if first is None or repeat is None:
        return ((first if repeat is None else repeat, False),)
    if repeat >= first:
        return ((repeat, True),)
    return ((first, True), (repeat, False))


def _counts_at_once(criterion: Criterion, seen: Seen) -> bool:
    return criterion.unconfirmed_level is None or criterion.code in seen.doubted


def _is_single_danger(finding: Finding) -> bool:
    return finding.criterion.is_danger_sign and finding.criterion.measure in INSTRUMENTS


def _corroborate_each_other(found: list[Finding]) -> bool:
    instruments = {INSTRUMENTS[f.criterion.measure] for f in found if _is_single_danger(f)}
    return len(instruments) > 1
