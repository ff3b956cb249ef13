"""
Xem trước đổi quy định: what other rules would say of an open record, seen before they decide about anybody.

A record keeps its level until its next declaration is judged by the rules of that day. So a change is
foreseen by judging the declarations that the record remembers (three days) twice, by the rules of today
and by the others, with the very functions that judge them in earnest. Nothing is kept of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from f0_monitoring.domain import risk
from f0_monitoring.domain.model import READINGS_CAP, Level, Patient, Profile, Report, Risk, worst
from f0_monitoring.domain.rules import RuleSet
from f0_monitoring.domain.signs import Criterion


@dataclass(frozen=True, slots=True)
class OneRuleSet:
    """Rules that are the same on every day."""

    ruleset: RuleSet

    def on(self, day: date) -> RuleSet:  # noqa: ARG002  the same on every day
        """Return the rules, whatever the day."""
        return self.ruleset


@dataclass(frozen=True, slots=True)
class Move:
    """What the rules of today and the others say of one record."""

    today: Risk
    then: Risk

    @property
    def from_level(self) -> Level:
        """The level by the rules of today."""
        return self.today.level

    @property
    def to_level(self) -> Level:
        """The level by the other rules."""
        return self.then.level

    @property
    def is_none(self) -> bool:
        """Tell whether the record would stay at its level."""
        return self.today.level is self.then.level

    @property
    def rises(self) -> bool:
        """Tell whether the record would be at a worse level."""
        return self.then.level.rank > self.today.level.rank


class Difference:
    """
    Where two sets of rules differ, by the kind of person.

    A new document mostly concerns some ages; everybody else is passed by without reading a declaration.
    """

    def __init__(self, today: RuleSet, then: RuleSet) -> None:
        self._today = today
        self._then = then
        self._signs = tuple(_unsourced(rules) for rules in (today, then))
        self._known: dict[tuple[int, bool], bool] = {}

    def touches(self, profile: Profile) -> bool:
        """Tell whether the two could say something else of somebody like this."""
        key = (profile.age_months, profile.pregnant)
        if key not in self._known:
            today, then = (frozenset(c for c in signs if c.concerns(profile)) for signs in self._signs)
            is_same = today == then and self._today.course == self._then.course
            self._known[key] = not is_same
        return self._known[key] or self._levels(self._today, profile) != self._levels(self._then, profile)

    @staticmethod
    def _levels(rules: RuleSet, profile: Profile) -> Level:
        return worst(*(c.level for c in rules.baseline_of(profile)))


def _unsourced(rules: RuleSet) -> tuple[Criterion, ...]:
    """Return what counts, whichever document says so."""
    return tuple(replace(c, document="") for c in rules.criteria)


def foresee(
    patient: Patient, reports: Sequence[Report], today: RuleSet, then: RuleSet, now: datetime
) -> Move:
    """Judge what *patient* declared (*reports*, in any order) by the rules of today and by the others."""
    ordered = sorted(reports, key=lambda report: (report.measured_at, report.report_id))
    return Move(_judged(patient, ordered, today, now), _judged(patient, ordered, then, now))


def _judged(patient: Patient, reports: Sequence[Report], ruleset: RuleSet, now: datetime) -> Risk:
    rules = OneRuleSet(ruleset)
    has_all = len(reports) < READINGS_CAP
    judged = replace(
        patient,
        risk=risk.first_risk(patient.profile, ruleset, patient.declared_at),
        doubt=None,
        readings=(),
        first_spo2_percent=None if has_all else patient.first_spo2_percent,
        last_report_at=None,
        missed_in_a_row=0,
    )
    for report in reports:
        judged = _doubt_ended(judged, report.measured_at)
        judged = risk.assess(judged, report, rules, report.received_at)
    judged = _doubt_ended(judged, now)
    silent = replace(judged, missed_in_a_row=patient.missed_in_a_row)
    return risk.raise_for_silence(silent, ruleset, now).risk


def _doubt_ended(patient: Patient, now: datetime) -> Patient:
    """Believe a reading that nobody measured again in time, as its timer does."""
    doubt = patient.doubt
    if doubt is None or doubt.unanswered_at is None or doubt.unanswered_at > now:
        return patient
    return risk.believe_doubt(patient, doubt.unanswered_at)
