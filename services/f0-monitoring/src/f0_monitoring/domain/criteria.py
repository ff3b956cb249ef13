"""Which criteria a declaration meets, and which of them a second measurement must confirm."""

from dataclasses import dataclass

from f0_monitoring.domain import news2
from f0_monitoring.domain.model import Level, Profile, Vitals, worst
from f0_monitoring.domain.rules import INSTRUMENTS, Criterion, Measure, RuleSet

_SATURATION_ALONE = frozenset((Measure.SPO2, Measure.SPO2_FALL))
_SATURATION = _SATURATION_ALONE | {Measure.NEWS2_TOTAL, Measure.NEWS2_HIGHEST}


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
    found = [f for c in rules.criteria_for(seen.profile) if (f := _finding(c, seen)) is not None]
    if _corroborate_each_other(found):
        found = [Finding(f.criterion, f.value, True) if _is_single_danger(f) else f for f in found]
    return tuple(sorted(found, key=lambda f: (-f.level.rank, -f.criterion.level.rank, f.criterion.code)))


def confirmed_level(findings: tuple[Finding, ...]) -> Level:
    """Return the worst level of what is confirmed."""
    return worst(*(f.level for f in findings if f.is_confirmed))


def doubtful_level(findings: tuple[Finding, ...]) -> Level:
    """Return the worst level that unconfirmed findings count for meanwhile."""
    return worst(*(f.level for f in findings if not f.is_confirmed))


def _finding(criterion: Criterion, seen: Seen) -> Finding | None:
    if criterion.measure is Measure.SYMPTOM:
        return _symptom(criterion, seen)
    if criterion.measure is Measure.CONSCIOUSNESS:
        state = seen.vitals.consciousness.value
        return Finding(criterion, state, True) if state in criterion.any_of else None
    if criterion.measure in _SATURATION:
        return _by_saturation(criterion, seen)
    value = getattr(seen.vitals, criterion.measure.value, None)
    if value is None or not criterion.fires(value):
        return None
    return Finding(criterion, value, _counts_at_once(criterion, seen))


def _symptom(criterion: Criterion, seen: Seen) -> Finding | None:
    named = next((symptom for symptom in seen.symptoms if symptom in criterion.any_of), None)
    return Finding(criterion, named, True) if named else None


def _by_saturation(criterion: Criterion, seen: Seen) -> Finding | None:
    for spo2, is_settled in saturations(seen.vitals):
        value = _value(criterion, seen, spo2)
        if value is not None and criterion.fires(value):
            is_measured_twice = is_settled and (criterion.measure in _SATURATION_ALONE or _scores(seen, spo2))
            return Finding(criterion, value, is_measured_twice or _counts_at_once(criterion, seen))
    return None


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


def _value(criterion: Criterion, seen: Seen, spo2: int | None) -> int | None:
    if criterion.spo2_at_most is not None and (spo2 is None or spo2 > criterion.spo2_at_most):
        return None
    match criterion.measure:
        case Measure.SPO2:
            return spo2
        case Measure.SPO2_FALL:
            return None if spo2 is None or seen.first_spo2_percent is None else seen.first_spo2_percent - spo2
        case Measure.NEWS2_TOTAL:
            return news2.score(seen.vitals, spo2).total if news2.applies_to(seen.profile) else None
        case Measure.NEWS2_HIGHEST:
            return news2.score(seen.vitals, spo2).highest_part if news2.applies_to(seen.profile) else None
        case _:
            return None


def _scores(seen: Seen, spo2: int | None) -> bool:
    return news2.score(seen.vitals, spo2).spo2 > 0


def _counts_at_once(criterion: Criterion, seen: Seen) -> bool:
    return criterion.unconfirmed_level is None or criterion.code in seen.doubted


def _is_single_danger(finding: Finding) -> bool:
    return finding.criterion.is_danger_sign and finding.criterion.measure in INSTRUMENTS


def _corroborate_each_other(found: list[Finding]) -> bool:
    instruments = {INSTRUMENTS[f.criterion.measure] for f in found if _is_single_danger(f)}
    return len(instruments) > 1
