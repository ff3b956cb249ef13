"""How the course of care follows a transfer, in any order of arrival: what the transfer said last wins."""

from dataclasses import dataclass, replace
from datetime import datetime

from common.kernel.decision import Decision
from f0_monitoring.domain.care import LEGAL, moved
from f0_monitoring.domain.deadlines import timers_of
from f0_monitoring.domain.facts import PatientMoved
from f0_monitoring.domain.model import CareState, Patient, Step
from f0_monitoring.domain.rules import Course

TRANSFER = "transfer"
"""Why a step was taken: no person did it by hand, so the transfer need not hear of it."""


@dataclass(frozen=True, slots=True)
class FollowTransfer:
    """The transfer of a patient is at *sequence*: on the way, in a bed, or (*to_state* None) turned back."""

    person_id: str
    to_state: CareState | None
    sequence: int
    by: str

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.person_id


def decide(patient: Patient, command: FollowTransfer, course: Course, now: datetime) -> Decision[Patient]:
    """Follow, with the deadlines of where the patient is then."""
    after, told = followed(patient, command, course, now)
    return Decision(after, told, timers_of(after, course))


def followed(
    patient: Patient, command: FollowTransfer, course: Course, now: datetime
) -> tuple[Patient, tuple[PatientMoved, ...]]:
    """Return the record where the transfer has it; an older word than the last changes nothing."""
    if patient.is_closed or command.sequence <= patient.journey:
        return patient, ()
    target = command.to_state or _before_the_way(patient)
    after, facts = replace(patient, journey=command.sequence), []
    for state in _path(patient.care, target):
        step = Step(state, now, command.by, TRANSFER)
        there = moved(after, state, step, course, now)
        facts.append(
            PatientMoved(
                person_id=patient.person_id,
                area=patient.area,
                from_state=after.care,
                to_state=state,
                level=patient.risk.level,
                reason=TRANSFER,
            )
        )
        after = there
    return after, tuple(facts)


def _path(start: CareState, target: CareState) -> tuple[CareState, ...]:
    """Return the legal steps: one, or two by way of the transport that was heard of too late."""
    if start is target:
        return ()
    if target in LEGAL[start]:
        return (target,)
    way = CareState.TRANSFERRING
    return (way, target) if way in LEGAL[start] and target in LEGAL[way] else ()


def _before_the_way(patient: Patient) -> CareState:
    """Return where somebody was who turns back; whoever did not set out stays."""
    if patient.care is not CareState.TRANSFERRING:
        return patient.care
    before = [step.to_state for step in patient.history if step.to_state is not CareState.TRANSFERRING]
    return CareState.IN_HOSPITAL if before and before[-1] is CareState.IN_HOSPITAL else CareState.AT_HOME
