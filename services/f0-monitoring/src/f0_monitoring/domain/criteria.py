"""Which criteria a declaration meets, and which of them a second measurement must confirm."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from f0_monitoring.domain import news2
from f0_monitoring.domain.model import Consciousness, Level, Profile, Vitals, worst
from f0_monitoring.domain.rules import RuleSet
from f0_monitoring.domain.signs import (
    INSTRUMENTS,
    SATURATION_ALONE,
    Checklist,
    Criterion,
    Scale,
    are_quiet,
    numbers_of,
)


class Saturation(NamedTuple):
    """
    One saturation to judge by, what follows from it, and whether a second measurement settles it.

    It begins with the measures of `signs.BY_SATURATION`, named alike. NEWS2 with this saturation is None
    for people whom it is not made for. A tuple, like `Seen`, because one is made per declaration: a frozen
    dataclass takes four times as long.
    """

    spo2_percent: int | None
    spo2_fall_points: int | None
    news2_total: int | None
    news2_highest_part: int | None
    news2_rise_points: int | None
    is_settled: bool
    is_scored: bool
    """Whether the saturation itself has points in NEWS2."""

    @classmethod
    def of(cls, spo2: int | None, is_settled: bool, score: news2.News2 | None, seen: "Seen") -> "Saturation":
        """Derive what criteria look at, beside the person's own first saturation and lowest score."""
        first, lowest = seen.first_spo2_percent, seen.lowest_news2
        fall = None if first is None or spo2 is None else first - spo2
        if score is None:
            return cls(spo2, fall, None, None, None, is_settled, False)
        total = score.total
        rise = None if lowest is None else total - lowest
        return cls(spo2, fall, total, score.highest_part, rise, is_settled, score.spo2 > 0)

    @property
    def news2(self) -> int | None:
        """The total of NEWS2."""
        return self.news2_total

    def fires(self, criterion: Criterion) -> bool:
        """Tell whether this saturation meets *criterion*."""
        limit, value = criterion.spo2_at_most, getattr(self, criterion.measure)
        if limit is not None and (self.spo2_percent is None or self.spo2_percent > limit):
            return False
        return value is not None and criterion.fires(value)

    def settles(self, criterion: Criterion) -> bool:
        """Tell whether *criterion* was in effect measured twice."""
        return self.is_settled and (criterion.measure in SATURATION_ALONE or self.is_scored)


class Seen(NamedTuple):
    """What is known of a person at the moment of a declaration."""

    profile: Profile
    vitals: Vitals
    symptoms: tuple[str, ...] = ()
    first_spo2_percent: int | None = None
    doubted: tuple[str, ...] = ()
    """Criteria that fired once, unconfirmed, in the declaration before: firing again confirms them."""
    lowest_news2: int | None = None
    """The lowest score of the declarations that the record remembers; None before the first."""

    @property
    def saturations(self) -> tuple[Saturation, ...]:
        """
        What to judge by, the settled one first.

        Two bad ones confirm, so the better of two settles; a second that is worse than the first leaves a
        doubt of its own.
        """
        vitals, scored = self.vitals, news2.applies_to(self.profile)
        return tuple(
            Saturation.of(spo2, is_settled, news2.score(vitals, spo2) if scored else None, self)
            for spo2, is_settled in _measured(vitals.spo2_percent, vitals.spo2_repeat_percent)
        )


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
    return find_by(seen.saturations, rules, seen)


def find_by(saturations: tuple[Saturation, ...], rules: RuleSet, seen: Seen) -> tuple[Finding, ...]:
    """Do as `find` for a caller who has derived *saturations* of *seen* already."""
    found = list(_fired(rules.sheet(seen.profile).checklist, saturations, seen))
    if not found:
        return ()
    if _corroborate_each_other(found):
        found = [Finding(f.criterion, f.value, True) if _is_single_danger(f) else f for f in found]
    return tuple(sorted(found, key=_worst_first))


def _fired(checklist: Checklist, saturations: tuple[Saturation, ...], seen: Seen) -> Iterator[Finding]:
    vitals, symptoms, state = seen.vitals, seen.symptoms, seen.vitals.consciousness
    if not are_quiet(checklist.by_number, numbers_of(vitals)):
        yield from _by_number(checklist.by_number, seen)
    if not all(are_quiet(checklist.by_saturation, saturation) for saturation in saturations):
        yield from _by_saturation(checklist.by_saturation, saturations, seen)
    if symptoms:
        named = (c for c in checklist.by_symptom if not c.any_of.isdisjoint(symptoms))
        yield from (Finding(c, next(s for s in symptoms if s in c.any_of), True) for c in named)
    if state is not Consciousness.ALERT:
        yield from (Finding(c, state.value, True) for c in checklist.by_consciousness if state in c.any_of)


def _worst_first(finding: Finding) -> tuple[int, int, str]:
    return -finding.level.rank, -finding.criterion.level.rank, finding.criterion.code


def confirmed_level(findings: tuple[Finding, ...]) -> Level:
    """Return the worst level of what is confirmed."""
    return worst(*(f.level for f in findings if f.is_confirmed))


def doubtful_level(findings: tuple[Finding, ...]) -> Level:
    """Return the worst level that unconfirmed findings count for meanwhile."""
    return worst(*(f.level for f in findings if not f.is_confirmed))


def _by_number(scales: tuple[Scale, ...], seen: Seen) -> Iterator[Finding]:
    for scale, value in zip(scales, numbers_of(seen.vitals), strict=True):
        if value is not None:
            fired = (c for c in scale.criteria if c.fires(value))
            yield from (Finding(c, value, _counts_at_once(c, seen)) for c in fired)


def _by_saturation(
    scales: tuple[Scale, ...], saturations: tuple[Saturation, ...], seen: Seen
) -> Iterator[Finding]:
    for c in (c for scale in scales for c in scale.criteria):
        fired = next((s for s in saturations if s.fires(c)), None)
        if fired is not None:
            value = getattr(fired, c.measure)
            yield Finding(c, value, fired.settles(c) or _counts_at_once(c, seen))


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
