"""What a record remembers of its declarations: the last readings, and when the next one is owed."""

from datetime import datetime
from typing import Any

from f0_monitoring.domain import slots
from f0_monitoring.domain.criteria import Saturation
from f0_monitoring.domain.model import READINGS_CAP, Patient, Reading, Report
from f0_monitoring.domain.rules import RuleSet


def remembered(
    patient: Patient, report: Report, at: datetime, settled: Saturation, ruleset: RuleSet, *, is_stale: bool
) -> dict[str, Any]:
    """
    Return what changes in the record: the reading in the order of time, and the duty.

    *at* is when it was measured. Only a declaration newer than all others moves the duty on.
    """
    vitals = report.vitals
    reading = Reading(
        report_id=report.report_id,
        at=at,
        spo2_percent=settled.spo2_percent,
        temperature_celsius=vitals.temperature_celsius,
        pulse_per_minute=vitals.pulse_per_minute,
        breaths_per_minute=vitals.breaths_per_minute,
        news2=settled.news2,
    )
    readings = (*patient.readings, reading)
    if is_stale:
        readings = tuple(sorted(readings, key=lambda r: (r.at, r.report_id)))
    first = patient.first_spo2_percent
    first = settled.spo2_percent if first is None else first
    changes: dict[str, Any] = {"readings": readings[-READINGS_CAP:], "first_spo2_percent": first}
    if not is_stale:
        changes["last_report_at"] = at
        changes["missed_in_a_row"] = 0
        changes["next_due_at"] = _next_due(patient, at, ruleset)
    return changes


def _next_due(patient: Patient, measured_at: datetime, ruleset: RuleSet) -> datetime | None:
    answered = slots.slot_due(ruleset.course, measured_at)
    if patient.next_due_at is None or answered < patient.next_due_at:
        return patient.next_due_at
    return slots.due_after(ruleset.course, answered)
