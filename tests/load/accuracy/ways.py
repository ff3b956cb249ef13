"""
Ways to apply a rule: as printed, measured again, and as the service does it. Each says when a doctor is called.

The service's own functions judge; only the calendar around them is made here.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from common.kernel.areas import Area
from f0_monitoring.domain import criteria, news2, risk
from f0_monitoring.domain.criteria import Finding, Seen
from f0_monitoring.domain.foresight import OneRuleSet
from f0_monitoring.domain.model import CareState, DeclaredBy, Level, Origin, Patient, Report, Vitals
from f0_monitoring.domain.rules import RuleSet
from tests.load.accuracy.watched import Slot, Watched

Way = Callable[[Watched], Iterator[Slot]]
"""Yields the slots in which a doctor is called for somebody."""
LATER = timedelta(minutes=1)
MEMORY = 6
AREA = Area("05830", "173")


def literal(ruleset: RuleSet, least: Level) -> Way:
    """One reading past a limit is enough."""

    def calls(watched: Watched) -> Iterator[Slot]:
        for slot, seen in _declared(watched):
            if _counts(criteria.find(ruleset, seen(slot.first, ())), least):
                yield slot

    return calls


def remeasured(ruleset: RuleSet, least: Level) -> Way:
    """A number counts when it is past the limit again a minute later; a symptom counts at once."""

    def calls(watched: Watched) -> Iterator[Slot]:
        for slot, seen in _declared(watched):
            once = criteria.find(ruleset, seen(slot.first, ()))
            sure = tuple(f for f in once if f.is_confirmed)
            unsure = tuple(f.criterion.code for f in once if not f.is_confirmed)
            if unsure and not _counts(sure, least):
                again = criteria.find(ruleset, seen(slot.second, unsure))
                sure = tuple(f for f in again if f.is_confirmed)
            if _counts(sure, least):
                yield slot

    return calls


def service(ruleset: RuleSet, *, hears_silence: bool) -> Way:
    """Everything in force together, over time: trend, calm period, doubts, and silence."""
    rules = OneRuleSet(ruleset)

    def calls(watched: Watched) -> Iterator[Slot]:
        patient = _record(watched, ruleset)
        for number, slot in enumerate(watched.slots):
            before = patient = _doubt_ended(patient, slot)
            if slot.is_missed:
                patient = replace(patient, missed_in_a_row=patient.missed_in_a_row + 1)
                patient = risk.raise_for_silence(patient, ruleset, slot.at) if hears_silence else patient
                rang = _rings(before, patient, slot)
            else:
                patient, rang = _twice(patient, slot, number, rules)
            if rang:
                yield slot

    return calls


def _declared(watched: Watched) -> Iterator[tuple[Slot, Callable[[Vitals, tuple[str, ...]], Seen]]]:
    first_spo2: int | None = None
    scores: list[int] = []
    for slot in watched.slots:
        if slot.is_missed:
            continue

        def seen(
            measured: Vitals,
            doubted: tuple[str, ...],
            *,
            slot: Slot = slot,
            first: int | None = first_spo2,
            lowest: int | None = min(scores[-MEMORY:], default=None),
        ) -> Seen:
            return Seen(watched.profile, measured, slot.symptoms, first, doubted, lowest)

        yield slot, seen
        first_spo2 = slot.first.spo2_percent if first_spo2 is None else first_spo2
        if news2.applies_to(watched.profile):
            scores.append(news2.score(slot.first, slot.first.spo2_percent).total)


def _counts(findings: tuple[Finding, ...], least: Level) -> bool:
    return any(f.criterion.level.rank >= least.rank for f in findings)


def _record(watched: Watched, ruleset: RuleSet) -> Patient:
    now = watched.slots[0].at - timedelta(hours=3)
    return Patient(
        person_id="p",
        area=AREA,
        profile=watched.profile,
        origin=Origin.OFFICER,
        declared_at=now,
        tested_on=date(2022, 1, 9),
        care=CareState.AT_HOME,
        risk=risk.first_risk(watched.profile, ruleset, now),
    )


def _doubt_ended(patient: Patient, slot: Slot) -> Patient:
    doubt = patient.doubt
    if doubt is None or doubt.unanswered_at is None or doubt.unanswered_at > slot.at:
        return patient
    return risk.believe_doubt(patient, doubt.unanswered_at)


def _twice(patient: Patient, slot: Slot, number: int, rules: OneRuleSet) -> tuple[Patient, bool]:
    """Declare, and measure again when the answer asks for it."""
    after = risk.assess(patient, _report(slot, number, is_second=False), rules, slot.at)
    rang = _rings(patient, after, slot)
    if after.doubt is None:
        return after, rang
    later = risk.assess(after, _report(slot, number, is_second=True), rules, slot.at + LATER)
    return later, rang or _rings(after, later, slot)


def _report(slot: Slot, number: int, *, is_second: bool) -> Report:
    at = slot.at + LATER if is_second else slot.at
    measured = slot.second if is_second else slot.first
    name = f"r-{number}-{int(is_second)}"
    return Report(name, "p", AREA, at, at, False, DeclaredBy.SELF, "p", measured, slot.symptoms)


def _rings(before: Patient, after: Patient, slot: Slot) -> bool:
    """Tell whether a doctor is called: the confirmed risk rose to high or more."""
    changes = risk.change(before, after, None, slot.at)
    return any(c.rose and _confirmed(after).rank >= Level.HIGH.rank for c in changes)


def _confirmed(patient: Patient) -> Level:
    return patient.risk.signs
