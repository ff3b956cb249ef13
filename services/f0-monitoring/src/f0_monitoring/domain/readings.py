"""What a record remembers of its declarations: the last readings, and when the next one is owed."""

from dataclasses import replace
from datetime import datetime

from f0_monitoring.domain import criteria, news2, slots
from f0_monitoring.domain.model import READINGS_CAP, Patient, Reading, Report
from f0_monitoring.domain.rules import RuleSet


def with_reading(patient: Patient, report: Report, ruleset: RuleSet, *, is_stale: bool) -> Patient:
    """Add the reading in the order of time; only a declaration newer than all others moves the duty on."""
    settled = criteria.saturations(report.vitals)[0][0]
    score = news2.score(report.vitals, settled).total if news2.applies_to(patient.profile) else None
    reading = Reading(
        report_id=report.report_id,
        at=report.measured_at,
        spo2_percent=settled,
        temperature_celsius=report.vitals.temperature_celsius,
        pulse_per_minute=report.vitals.pulse_per_minute,
        breaths_per_minute=report.vitals.breaths_per_minute,
        news2=score,
    )
    readings = tuple(sorted((*patient.readings, reading), key=lambda r: (r.at, r.report_id))[-READINGS_CAP:])
    first = patient.first_spo2_percent if patient.first_spo2_percent is not None else settled
    kept = replace(patient, readings=readings, first_spo2_percent=first)
    if is_stale:
        return kept
    return replace(
        kept,
        last_report_at=report.measured_at,
        missed_in_a_row=0,
        next_due_at=_next_due(patient, report, ruleset),
    )


def _next_due(patient: Patient, report: Report, ruleset: RuleSet) -> datetime | None:
    answered = slots.slot_due(ruleset.course, report.measured_at)
    if patient.next_due_at is None or answered < patient.next_due_at:
        return patient.next_due_at
    return slots.due_after(ruleset.course, answered)
