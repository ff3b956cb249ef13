"""What is due for a patient's record."""

from datetime import timedelta

from common.kernel.decision import Timer
from f0_monitoring.domain import followup
from f0_monitoring.domain.model import Patient
from f0_monitoring.domain.rules import Course

DECLARATION = "declaration"
REMEASURE = "remeasure"


def timers_of(patient: Patient, course: Course) -> tuple[Timer, ...]:
    """Return what is due for this record: its next declaration, an answer to a doubt, the end of a snooze."""
    timers = []
    if patient.next_due_at is not None:
        timers.append(Timer(DECLARATION, patient.next_due_at + timedelta(seconds=course.grace_seconds)))
    if patient.doubt is not None and patient.doubt.unanswered_at is not None:
        timers.append(Timer(REMEASURE, patient.doubt.unanswered_at))
    return (*timers, *followup.timers_of(patient))
