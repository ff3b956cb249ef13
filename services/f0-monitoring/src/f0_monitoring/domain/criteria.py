"""Which criteria a declaration meets, and which of them a second measurement must confirm."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from f0_monitoring.domain import news2
from f0_monitoring.domain.model import Consciousness, Level, Profile, Vitals, worst
from f0_monitoring.domain.rules import RuleSet
from f0_monitoring.domain.signs import INSTRUMENTS, SATURATION_ALONE, Criterion, Measure, Scale


@dataclass(frozen=True, slots=True)
class Saturation:
    """One saturation to judge by, whether a second measurement settles it, and what follows from it."""

    spo2_percent: int | None
    is_settled: bool
    score: news2.News2 | None
    """NEWS2 with this saturation; None for people whom it is not made for."""
    values: dict[Measure, int | None]

    @classmethod
    def of(cls, spo2: int | None, is_settled: bool, score: news2.News2 | None, seen: "Seen") -> "Saturation":
        """Derive what criteria look at, beside the person's own first saturation and lowest score."""
        first, lowest = seen.first_spo2_percent, seen.lowest_news2
        values = {
            Measure.SPO2: spo2,
            Measure.SPO2_FALL: None if first is None or spo2 is None else first - spo2,
            Measure.NEWS2_TOTAL: score.total if score else None,
            Measure.NEWS2_HIGHEST: score.highest_part if score else None,
            Measure.NEWS2_RISE: score.total - lowest if score and lowest is not None else None,
        }
        return cls(spo2, is_settled, score, values)

    @property
    def news2(self) -> int | None:
        """The total of NEWS2."""
        return self.values[Measure.NEWS2_TOTAL]

    def fires(self, criterion: Criterion) -> bool:
        """Tell whether this saturation meets *criterion*."""
        limit, value = criterion.spo2_at_most, self.values[criterion.measure]
        if limit is not None and (self.spo2_percent is None or self.spo2_percent > limit):
            return False
        return value is not None and criterion.fires(value)

    def settles(self, criterion: Criterion) -> bool:
        """Tell whether *criterion* was in effect measured twice."""
        counts = criterion.measure in SATURATION_ALONE or (self.score is not None and self.score.spo2 > 0)
        return self.is_settled and counts


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a person at the moment of a declaration."""

    profile: Profile
    vitals: Vitals
    symptoms: tuple[str, ...] = ()
    first_spo2_percent: int | None = None
    doubted: tuple[str, ...] = ()
    """Criteria that fired once, unconfirmed, in the declaration before: firing again confirms them."""
    lowest_news2: int | None = None
    """The lowest score of the declarations that the record remembers; None before the first."""
    saturations: tuple[Saturation, ...] = field(init=False)
    """What to judge by, the settled one first."""

    def __post_init__(self) -> None:
        """Derive the saturations once: criteria and the record both look at them."""
        object.__setattr__(self, "saturations", tuple(_saturations(self)))


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
    for scale in checklist.by_number:
        value = getattr(vitals, scale.measure)
        if not scale.is_quiet(value):
            found += (Finding(c, value, _counts_at_once(c, seen)) for c in scale.criteria if c.fires(value))
    for scale in checklist.by_saturation:
        if not all(scale.is_quiet(s.values[scale.measure]) for s in seen.saturations):
            found += _by_saturation(scale, seen)
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


def _by_saturation(scale: Scale, seen: Seen) -> Iterator[Finding]:
    for c in scale.criteria:
        fired = next((s for s in seen.saturations if s.fires(c)), None)
        if fired is not None:
            value = fired.values[scale.measure]
            yield Finding(c, value or 0, fired.settles(c) or _counts_at_once(c, seen))


def _saturations(seen: Seen) -> Iterator[Saturation]:
    """
    Yield the saturations to judge by.

    Two bad ones confirm, so the better of two settles; a second that is worse than the first leaves a
    doubt of its own.
    """
    vitals, scored = seen.vitals, news2.applies_to(seen.profile)
    for spo2, is_settled in _measured(vitals.spo2_percent, vitals.spo2_repeat_percent):
        score = news2.score(vitals, spo2) if scored else None
        yield Saturation.of(spo2, is_settled, score, seen)


def _measured(first: int | None, repeat: int | None) -> tuple[tuple[int | None, bool], ...]:
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
