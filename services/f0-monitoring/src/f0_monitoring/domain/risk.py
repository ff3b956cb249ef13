"""
The risk of a patient over time (đánh giá nguy cơ).

The worst criterion decides. A sign counts at once or after a second measurement; it is lowered only
after the calm period of the rules, and only by declarations newer than what raised it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from common.kernel.clock import local_day
from common.kernel.states import with_changes
from f0_monitoring.domain import criteria, reasons
from f0_monitoring.domain.criteria import Finding
from f0_monitoring.domain.declare import seen_by
from f0_monitoring.domain.facts import RiskChanged
from f0_monitoring.domain.model import (
    Doubt,
    Level,
    Patient,
    Profile,
    Reason,
    Report,
    Risk,
    worst,
)
from f0_monitoring.domain.readings import remembered
from f0_monitoring.domain.rules import RiskRules, RuleSet


def baseline(profile: Profile, rules: RuleSet) -> tuple[Level, tuple[Reason, ...]]:
    """Return the level that age, diseases, vaccination and pregnancy give, with the criteria that say so."""
    sheet = rules.sheet(profile)
    return sheet.level, sheet.reasons


def first_risk(profile: Profile, rules: RuleSet, now: datetime) -> Risk:
    """Return the risk of a new patient, before any measurement."""
    level, found = baseline(profile, rules)
    return Risk(level=level, since=now, ruleset=rules.version, baseline=level, reasons=found)


def assess(patient: Patient, report: Report, rules: RiskRules, now: datetime) -> Patient:
    """
    Judge one declaration by the rules of the day it was measured.

    A declaration older than the newest one can raise the risk while its calm period lasts, exactly as
    it would have in time; it never lowers it, and an older one is only kept.
    """
    at = report.measured_at
    ruleset = rules.on(local_day(at))
    seen = seen_by(patient, report, ruleset.course)
    saturations = seen.saturations
    findings, settled = criteria.find_by(saturations, ruleset, seen), saturations[0]
    newest = patient.last_report_at
    if newest is not None and at < newest:
        kept = replace(patient, **remembered(patient, report, at, settled, ruleset, is_stale=True))
        return _raised_late(kept, newest, findings, at, ruleset)
    changes = remembered(patient, report, at, settled, ruleset, is_stale=False)
    changes["risk"] = _judged(patient, findings, at, ruleset)
    changes["doubt"] = _doubt(findings, report, ruleset, now) if findings else None
    return with_changes(patient, **changes)


def _judged(patient: Patient, findings: tuple[Finding, ...], at: datetime, ruleset: RuleSet) -> Risk:
    if not findings and _is_quiet(patient.risk, ruleset):
        return patient.risk
    confirmed, doubtful = criteria.confirmed_level(findings), criteria.doubtful_level(findings)
    before = patient.risk
    signs, calm_since, calm_worst = _signs(before, worst(confirmed, doubtful), confirmed, at, ruleset)
    base, base_reasons = baseline(patient.profile, ruleset)
    level = worst(base, signs, doubtful)
    found = reasons.of(findings, at)
    return Risk(
        level=level,
        since=before.since if level is before.level else at,
        ruleset=ruleset.version,
        baseline=base,
        signs=signs,
        reasons=reasons.together(found, reasons.lasting(before, signs, found), base_reasons),
        has_danger_sign=_is_danger(findings) or (before.has_danger_sign and signs is before.signs),
        calm_since=calm_since,
        calm_worst=calm_worst,
    )


def _is_quiet(before: Risk, ruleset: RuleSet) -> bool:
    """Tell whether only who they are gives the level, so that a declaration without signs changes nothing."""
    no_signs = before.level is before.baseline and before.signs is Level.LOW and before.calm_since is None
    return no_signs and before.ruleset == ruleset.version and all(r.at is None for r in before.reasons)


def _signs(
    before: Risk, seen: Level, confirmed: Level, at: datetime, ruleset: RuleSet
) -> tuple[Level, datetime | None, Level]:
    """Return the lasting level of signs, and since when it has been calmer than that."""
    if seen.rank >= before.signs.rank:
        return worst(confirmed, before.signs), None, Level.LOW
    calm_since = before.calm_since or at
    calm_worst = worst(before.calm_worst, seen)
    if at - calm_since < timedelta(hours=ruleset.course.calm_hours):
        return before.signs, calm_since, calm_worst
    return worst(confirmed, calm_worst), None, Level.LOW


def _raised_late(
    patient: Patient, newest: datetime, findings: tuple[Finding, ...], at: datetime, ruleset: RuleSet
) -> Patient:
    confirmed = criteria.confirmed_level(findings)
    age = newest - at
    if age >= timedelta(hours=ruleset.course.calm_hours) or confirmed.rank <= patient.risk.signs.rank:
        return patient
    found = tuple(r for r in reasons.of(findings, at) if r.is_confirmed)
    raised = _with_signs(patient, confirmed, found, is_danger=_is_danger(findings), since=at)
    calm_since = min(r.at for r in patient.readings if r.at > at)
    calmed = replace(raised.risk, calm_since=calm_since, calm_worst=patient.risk.signs)
    return replace(raised, risk=calmed)


def believe_doubt(patient: Patient, now: datetime) -> Patient:
    """No second measurement came: what was in doubt counts from now on."""
    doubt = patient.doubt
    if doubt is None:
        return patient
    waiting = dict(doubt.waiting)
    believed = tuple(
        replace(r, is_confirmed=True, level=waiting[r.criterion])
        for r in patient.risk.reasons
        if not r.is_confirmed and r.criterion in waiting
    )
    settled = replace(patient, doubt=replace(doubt, unanswered_at=None, waiting=()))
    level = worst(*waiting.values())
    return _with_signs(settled, level, believed, is_danger=level is Level.VERY_HIGH, since=now)


def raise_for_silence(patient: Patient, ruleset: RuleSet, now: datetime) -> Patient:
    """Silence after a bad value raises the risk (`missed_in_a_row` criteria of the rules)."""
    last = _alarm(patient)
    fired = [
        c
        for c in ruleset.silence_criteria
        if last.rank >= c.after_level.rank
        and c.concerns(patient.profile)
        and c.fires(patient.missed_in_a_row)
    ]
    level = worst(*(c.level for c in fired))
    if level.rank <= patient.risk.signs.rank:
        return patient
    found = tuple(
        Reason(c.code, patient.missed_in_a_row, c.threshold, c.document, c.level, at=now) for c in fired
    )
    return _with_signs(patient, level, found, is_danger=False, since=now)


def _with_signs(
    patient: Patient, signs: Level, found: tuple[Reason, ...], *, is_danger: bool, since: datetime
) -> Patient:
    """Raise the lasting signs of *patient* to at least *signs*."""
    before = patient.risk
    if signs.rank <= before.signs.rank:
        return patient
    level = worst(before.level, signs)
    raised = replace(
        before,
        level=level,
        since=before.since if level is before.level else since,
        signs=signs,
        reasons=reasons.together(found, before.reasons),
        has_danger_sign=is_danger,
        calm_since=None,
        calm_worst=Level.LOW,
    )
    return replace(patient, risk=raised)


def change(before: Patient, after: Patient, report_id: str | None, now: datetime) -> tuple[RiskChanged, ...]:
    """Return the fact that tells how the risk changed, if it did."""
    old, new = before.risk, after.risk
    if new is old and after.doubt is before.doubt:
        return ()
    again = new.level is old.level and _rose_again(before, after)
    if new.level is old.level and not again:
        return ()
    return (
        RiskChanged(
            person_id=after.person_id,
            area=after.area,
            rose=again or new.level.rank > old.level.rank,
            from_level=old.level,
            to_level=new.level,
            ruleset=new.ruleset,
            report_id=report_id,
            assessed_at=now,
            is_danger_sign=new.has_danger_sign,
            carer_id=after.carer_id,
            reasons=new.reasons,
        ),
    )


def _rose_again(before: Patient, after: Patient) -> bool:
    """Tell whether signs got worse below a level that was already high, or returned after a calm."""
    old, new = _alarm(before), _alarm(after)
    returned = before.risk.calm_since is not None and after.risk.calm_since is None and new is old
    return new.rank >= Level.HIGH.rank and (new.rank > old.rank or returned)


def _alarm(patient: Patient) -> Level:
    return worst(patient.risk.signs, patient.doubt.level if patient.doubt else Level.LOW)


def _doubt(findings: tuple[Finding, ...], report: Report, ruleset: RuleSet, now: datetime) -> Doubt | None:
    unsure = [f.criterion for f in findings if not f.is_confirmed]
    if not unsure:
        return None
    minutes = [c.unanswered_minutes for c in unsure if c.unanswered_minutes is not None]
    return Doubt(
        report_id=report.report_id,
        at=report.measured_at,
        codes=tuple(c.code for c in unsure),
        level=criteria.doubtful_level(findings),
        until=report.measured_at + timedelta(hours=ruleset.course.confirm_within_hours),
        waiting=tuple((c.code, c.level) for c in unsure if c.unanswered_minutes is not None),
        unanswered_at=now + timedelta(minutes=min(minutes)) if minutes else None,
    )


def _is_danger(findings: tuple[Finding, ...]) -> bool:
    return any(f.criterion.is_danger_sign and f.is_confirmed for f in findings)
