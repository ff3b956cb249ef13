"""The roster (danh sách trực): who is there, for which area, for how many patients, and on duty or not."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from common.kernel.decision import Decision, TimerFired
from common.kernel.errors import Invalid
from common.kernel.ids import derived_id
from f0_monitoring.domain import shifts
from f0_monitoring.domain.access import require_roster_keeper
from f0_monitoring.domain.commands import Candidate, KeepDoctor
from f0_monitoring.domain.errors import NoSuchDoctor, NoSuchShift
from f0_monitoring.domain.shifts import (
    CancelShift,
    ComeOnDuty,
    DoctorCommand,
    GoOffDuty,
    PlanShift,
    Shift,
    ShiftKind,
)

DOCTOR = "doctor"
PROFESSIONS = frozenset((DOCTOR, "nurse", "health_officer", "pharmacist", "volunteer"))


@dataclass(frozen=True, slots=True)
class Doctor:
    """
    Somebody on the roster. Name and phone are sealed.

    *shift_id* is the period that is being served, or was left early. *duty_at* and *duty_by* say since
    when somebody is on or off duty, and who or what (`timer`) made it so. *scope_codes* are the areas whose
    officers may change that: the doctor's own and all that contain them.
    """

    doctor_id: str
    commune_codes: tuple[str, ...] = ()
    district_codes: tuple[str, ...] = ()
    capacity: int = 50
    specialities: tuple[str, ...] = ()
    on_duty: bool = True
    sealed: str = field(default="", repr=False)
    profession: str = DOCTOR
    shifts: tuple[Shift, ...] = ()
    shift_id: str | None = None
    duty_at: datetime | None = None
    duty_by: str = ""
    scope_codes: tuple[str, ...] = ()
    is_lead: bool = False
    """Keeps the roster of the own area."""

    @property
    def shift(self) -> Shift | None:
        """The period that is being served, or None outside the plan."""
        return next((each for each in self.shifts if each.shift_id == self.shift_id), None)


def candidate_of(doctor: Doctor, load: int) -> Candidate | None:
    """Return *doctor* as one who could take a patient, on the terms of the present period; others: None."""
    if doctor.profession != DOCTOR:
        return None
    shift = doctor.shift if doctor.on_duty else None
    own_area = shift is None or not (shift.commune_codes or shift.district_codes)
    return Candidate(
        doctor_id=doctor.doctor_id,
        commune_codes=doctor.commune_codes if own_area or shift is None else shift.commune_codes,
        district_codes=doctor.district_codes if own_area or shift is None else shift.district_codes,
        capacity=(shift.capacity if shift else None) or doctor.capacity,
        load=load,
        specialities=(shift.specialities if shift else ()) or doctor.specialities,
        on_duty=doctor.on_duty,
        is_night=shift is not None and shift.kind is ShiftKind.NIGHT,
    )


def decide_doctor(state: Doctor | None, command: Any, rules: None, now: datetime) -> Decision[Doctor]:  # noqa: ARG001
    """Keep the roster: the last word on a doctor counts, and the clock."""
    match command:
        case KeepDoctor():
            return _settled(state, _kept(state, command, now), now)
        case DoctorCommand():
            known = _known(state)
            require_roster_keeper(command.by, known.doctor_id, known.scope_codes)
            return _settled(state, _changed(known, command, now), now)
        case TimerFired():
            return _settled(state, _known(state), now)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def _changed(doctor: Doctor, command: DoctorCommand, now: datetime) -> Doctor:
    match command:
        case PlanShift():
            shifts.require_sound(command.shift, now)
            return replace(doctor, shifts=shifts.planned(doctor.shifts, command.shift, now))
        case CancelShift():
            if all(each.shift_id != command.shift_id for each in doctor.shifts):
                raise NoSuchShift("Không còn ca này trong lịch. Hãy tải lại lịch trực.")
            return replace(doctor, shifts=shifts.without(doctor.shifts, command.shift_id))
        case ComeOnDuty():
            return _on(doctor, command, now)
        case GoOffDuty():
            return _duty(doctor, False, command.by.subject, now)
    raise TypeError(f"no decision for {type(command).__name__}")


def _on(doctor: Doctor, command: ComeOnDuty, now: datetime) -> Doctor:
    plan = doctor.shifts
    if command.until is not None:
        present = shifts.shift_at(plan, now)
        plan = shifts.without(plan, present.shift_id) if present else plan
        name = derived_id("unplanned-shift", doctor.doctor_id, now.isoformat())
        unplanned = shifts.unplanned(name, now, command.until)
        begun = replace(unplanned, **_terms(present)) if present else unplanned
        plan = shifts.planned(plan, begun, now)
        doctor = replace(doctor, shifts=plan, shift_id=name)
    return _duty(doctor, True, command.by.subject, now)


def _terms(shift: Shift) -> dict[str, Any]:
    names = ("kind", "commune_codes", "district_codes", "specialities", "capacity")
    return {name: getattr(shift, name) for name in names}


def _duty(doctor: Doctor, on_duty: bool, by: str, now: datetime) -> Doctor:
    if doctor.on_duty is on_duty:
        return doctor
    return replace(doctor, on_duty=on_duty, duty_at=now, duty_by=by)


def _settled(before: Doctor | None, doctor: Doctor, now: datetime) -> Decision[Doctor]:
    """Let the plan speak: a period that has begun puts its doctor on duty, one that has ended takes off."""
    present = shifts.shift_at(doctor.shifts, now)
    present_id = present.shift_id if present else None
    if present_id != doctor.shift_id:
        doctor = _duty(replace(doctor, shift_id=present_id), present is not None, "timer", now)
    doctor = replace(doctor, shifts=shifts.still_to_come(doctor.shifts, now))
    answer = {"doctor_id": doctor.doctor_id, "on_duty": doctor.on_duty}
    state = before if before == doctor else doctor
    return Decision(state=state, timers=shifts.timers_of(doctor.shifts, now), answer=answer)


def _known(state: Doctor | None) -> Doctor:
    if state is None:
        raise NoSuchDoctor("Hãy thêm người này vào danh sách trực trước.", field="doctor_id")
    return state


def _kept(state: Doctor | None, command: KeepDoctor, now: datetime) -> Doctor:
    if not command.commune_codes and not command.district_codes:
        raise Invalid("Hãy chọn ít nhất một xã hoặc huyện mà bác sĩ phụ trách.", field="commune_codes")
    if command.profession not in PROFESSIONS:
        raise Invalid(f"Hãy chọn nghề: {', '.join(sorted(PROFESSIONS))}.", field="profession")
    shifts.require_capacity(command.capacity)
    shifts.require_known(command.specialities)
    doctor = replace(
        state or Doctor(command.doctor_id, on_duty=command.on_duty),
        commune_codes=command.commune_codes,
        district_codes=command.district_codes,
        capacity=command.capacity,
        specialities=command.specialities,
        sealed=command.sealed,
        profession=command.profession,
        scope_codes=command.scope_codes,
        is_lead=command.is_lead,
    )
    # Who has a plan is on duty by the plan; the tick on the form is for those without one.
    return doctor if doctor.shifts else _duty(doctor, command.on_duty, command.by.subject, now)
