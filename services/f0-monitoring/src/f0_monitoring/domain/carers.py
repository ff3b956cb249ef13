"""
Who looks after a patient: the doctor who answers now, the one in charge, the team (F5).

Automatic moves keep the doctor in charge over the days: at night another covers, and the patient comes
back in the morning. What a person decided by hand is pinned until it is released.
"""

from dataclasses import dataclass, replace
from typing import Any

from common.kernel.areas import Actor
from common.kernel.decision import Decision
from f0_monitoring.domain import assign
from f0_monitoring.domain.access import require_staff
from f0_monitoring.domain.attention import TEAM_CAP, Helper, Role
from f0_monitoring.domain.commands import AssignDoctor, Candidate
from f0_monitoring.domain.errors import NoSuchDoctor, RecordClosed, TeamFull
from f0_monitoring.domain.facts import CarersChanged, DoctorAssigned
from f0_monitoring.domain.model import Patient

NEW, MANUAL, RELEASED = "new", "manual", "released"
OFF_DUTY, FULL, BACK, NOBODY = "off-duty", "full", "back", "nobody"


@dataclass(frozen=True, slots=True)
class CarerCommand:
    """A wish about who looks after a patient."""

    person_id: str

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class MoveToDoctor(CarerCommand):
    """
    Give the patient to another doctor, because the present one (*from_doctor_id*) goes or is full.

    It changes nothing when that is no longer so: the plan that it comes from may be a moment old.
    """

    from_doctor_id: str | None
    doctor_id: str
    found: str
    because: str
    is_lead: bool


@dataclass(frozen=True, slots=True)
class JoinTeam(CarerCommand):
    """Somebody else looks after the patient too."""

    helper: Helper
    by: Actor


@dataclass(frozen=True, slots=True)
class LeaveTeam(CarerCommand):
    """Somebody no longer looks after the patient."""

    staff_id: str
    by: Actor


def decide(patient: Patient, command: CarerCommand | AssignDoctor) -> Decision[Patient]:
    """Decide who looks after *patient*."""
    match command:
        case AssignDoctor():
            return _assigned(patient, command)
        case MoveToDoctor():
            return _moved(patient, command)
        case JoinTeam():
            require_staff(command.by, patient)
            _require_open(patient)
            return _joined(patient, command)
        case LeaveTeam():
            require_staff(command.by, patient)
            return _left(patient, command)
    raise TypeError(f"no decision for {type(command).__name__}")


def with_doctor(
    patient: Patient, candidates: tuple[Candidate, ...], because: str = NEW
) -> tuple[Patient, tuple[DoctorAssigned, ...]]:
    """Give the patient the doctor who fits best; nobody when the roster is empty."""
    choice = assign.choose(patient.person_id, patient.area, patient.profile, candidates)
    if choice is None:
        return patient, ()
    is_night = any(c.is_night for c in candidates if c.doctor_id == choice.doctor_id)
    return _given_to(patient, choice, because, is_lead=not is_night)


def _assigned(patient: Patient, command: AssignDoctor) -> Decision[Patient]:
    require_staff(command.by, patient)
    _require_open(patient)
    if command.doctor_id is None:
        because = RELEASED if patient.is_pinned else NEW
        free = replace(patient, is_pinned=False) if patient.is_pinned else patient
        after, facts = with_doctor(free, command.candidates, because)
    else:
        if all(candidate.doctor_id != command.doctor_id for candidate in command.candidates):
            raise NoSuchDoctor("Hãy thêm bác sĩ vào danh sách trực trước khi phân công.", field="doctor_id")
        choice = assign.Choice(command.doctor_id, MANUAL)
        pinned = patient if patient.is_pinned else replace(patient, is_pinned=True)
        after, facts = _given_to(pinned, choice, MANUAL, is_lead=True)
    return Decision(state=after, facts=facts, answer={"carer_id": after.carer_id})


def _moved(patient: Patient, command: MoveToDoctor) -> Decision[Patient]:
    if patient.is_closed or patient.is_pinned or patient.carer_id != command.from_doctor_id:
        return Decision(state=patient)
    choice = assign.Choice(command.doctor_id, command.found)
    after, facts = _given_to(patient, choice, command.because, is_lead=command.is_lead)
    return Decision(state=after, facts=facts)


def _given_to(
    patient: Patient, choice: assign.Choice, because: str, *, is_lead: bool
) -> tuple[Patient, tuple[DoctorAssigned, ...]]:
    lead_id = choice.doctor_id if is_lead else patient.lead_id
    if choice.doctor_id == patient.carer_id:
        return (patient if lead_id == patient.lead_id else replace(patient, lead_id=lead_id)), ()
    fact = DoctorAssigned(
        patient.person_id, patient.area, choice.doctor_id, patient.carer_id, choice.reason, because, lead_id
    )
    after = replace(patient, carer_id=choice.doctor_id, carer_reason=choice.reason, lead_id=lead_id)
    return after, (fact,)


def _joined(patient: Patient, command: JoinTeam) -> Decision[Patient]:
    helper = command.helper
    if helper in patient.team:
        return Decision(state=patient)
    others = tuple(each for each in patient.team if each.staff_id != helper.staff_id)
    if len(others) >= TEAM_CAP:
        raise TeamFull(f"Một người bệnh có tối đa {TEAM_CAP} người cùng chăm sóc. Hãy bỏ bớt người.")
    return _team(patient, (*others, helper), helper, command.by, joined=True)


def _left(patient: Patient, command: LeaveTeam) -> Decision[Patient]:
    gone = next((each for each in patient.team if each.staff_id == command.staff_id), None)
    if gone is None:
        return Decision(state=patient)
    others = tuple(each for each in patient.team if each is not gone)
    return _team(patient, others, gone, command.by, joined=False)


def _team(
    patient: Patient, team: tuple[Helper, ...], helper: Helper, by: Actor, *, joined: bool
) -> Decision[Patient]:
    fact = CarersChanged(
        patient.person_id, patient.area, helper.staff_id, Role(helper.role), joined, by.subject
    )
    return Decision(state=replace(patient, team=team), facts=(fact,))


def _require_open(patient: Any) -> None:
    if patient.is_closed:
        raise RecordClosed("Hồ sơ đã kết thúc nên không phân công người chăm sóc nữa.")
