"""The roster as a whole: who could take a patient, and patients who wait for the first doctor."""

from dataclasses import replace
from datetime import datetime, timedelta

from common.kernel.areas import MACHINE, Actor
from common.kernel.ids import derived_id
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause, Errand
from f0_monitoring.domain.access import LEAD_DOCTOR, ROSTER_KEEPERS
from f0_monitoring.domain.commands import AssignDoctor, Candidate, KeepDoctor
from f0_monitoring.domain.roster import Doctor, candidate_of
from f0_monitoring.domain.shifts import DoctorCommand
from f0_monitoring.ports import Doctors, Patients
from f0_monitoring.views.answers import DoctorView
from f0_monitoring.views.cover import CoverListView, cover_list
from f0_monitoring.views.requests import DoctorBody
from f0_monitoring.views.roster import ShiftView

STAFF = "staff"
"""Data class of doctors' names and phones."""
PROVINCE = "19"
WAITING_MAX = 500
NAMES_KEPT = timedelta(seconds=10)


class Staff:
    """Keeps the roster and counts who has how many patients."""

    def __init__(
        self,
        runtime: Runtime,
        patients: Patients,
        doctors: Doctors,
        work: Work,  # type: ignore[type-arg]
        roster: Work,  # type: ignore[type-arg]
    ) -> None:
        self._runtime = runtime
        self._patients = patients
        self._doctors = doctors
        self._work = work
        self._roster = roster
        self._names: dict[str, str] = {}
        self._names_at: datetime | None = None

    async def candidates(self) -> tuple[Candidate, ...]:
        """Return every doctor with how many open patients they have now."""
        loads = await self._patients.loads()
        found = (
            candidate_of(doctor, loads.get(doctor.doctor_id, 0)) for doctor in await self._doctors.roster()
        )
        return tuple(candidate for candidate in found if candidate)

    async def keep(self, doctor_id: str, body: DoctorBody, by: Actor, cause: Cause) -> DoctorView:
        """Put a doctor on the roster; patients who had nobody get one."""
        units = self._runtime.units
        places = [units.area_of(code, field="commune_codes").codes() for code in body.commune_codes]
        scope = frozenset((*body.district_codes, PROVINCE)).union(*places)
        sealed = self._runtime.vault.seal(
            {"name": body.name, "phone": body.phone}, data_class=STAFF, person_id=doctor_id
        )
        command = KeepDoctor(
            doctor_id=doctor_id,
            commune_codes=tuple(body.commune_codes),
            district_codes=tuple(body.district_codes),
            capacity=body.capacity,
            specialities=tuple(body.specialities),
            on_duty=body.on_duty,
            by=by,
            sealed=sealed,
            profession=body.profession,
            scope_codes=tuple(sorted(scope)),
            is_lead=body.is_lead,
        )
        return await self.change(command, cause)

    async def change(self, command: KeepDoctor | DoctorCommand, cause: Cause) -> DoctorView:
        """Change one line of the roster; patients who had nobody get somebody at once."""
        await self._roster.run(command, cause)
        await self._assign_waiting(cause)
        return next(view for view in await self.views() if view.doctor_id == command.doctor_id)

    async def as_keeper(self, by: Actor) -> Actor:
        """Return *by* as the roster knows them: a lead doctor also keeps the roster of the own area."""
        if "doctor" not in by.roles or by.roles & ROSTER_KEEPERS:
            return by
        found = (d for d in await self._doctors.roster() if d.doctor_id == by.subject and d.is_lead)
        leads = next(found, None)
        if leads is None:
            return by
        codes = frozenset((*leads.commune_codes, *leads.district_codes))
        return replace(by, roles=by.roles | {LEAD_DOCTOR}, area_codes=codes)

    async def people(self) -> dict[str, tuple[str, str]]:
        """Return the name and phone of everybody on the roster, by sign-in subject."""
        return {view.doctor_id: (view.name, view.phone) for view in await self.views()}

    async def names(self) -> dict[str, str]:
        """Return the name of everybody on the roster; who is there changes rarely, so it is kept a while."""
        now = self._runtime.clock.now()
        if self._names_at is None or now - self._names_at > NAMES_KEPT:
            self._names = {staff_id: name for staff_id, (name, _) in (await self.people()).items()}
            self._names_at = now
        return self._names

    async def capacity_of(self, doctor_id: str) -> int | None:
        """Return how many patients fit one doctor now; None for who is not a doctor here."""
        found = (candidate_of(d, 0) for d in await self._doctors.roster() if d.doctor_id == doctor_id)
        return next((candidate.capacity for candidate in found if candidate), None)

    async def cover_of(self, commune_code: str) -> CoverListView:
        """Return who covers a commune now and in the next day; `UnknownCommune` for a code that is none."""
        area, now = self._runtime.units.area_of(commune_code), self._runtime.clock.now()
        return cover_list(await self._doctors.roster(), await self.views(), area, now)

    async def views(self) -> list[DoctorView]:
        """Return the roster with names, loads and areas."""
        loads = await self._patients.loads()
        return [self._view(doctor, loads.get(doctor.doctor_id, 0)) for doctor in await self._doctors.roster()]

    async def _assign_waiting(self, cause: Cause) -> None:
        waiting = await self._patients.without_doctor(limit=WAITING_MAX)
        candidates = await self.candidates() if waiting else ()
        await self._work.run_batch(
            [
                Errand(
                    AssignDoctor(patient.person_id, candidates, MACHINE),
                    Cause(id=derived_id(cause.id, patient.person_id), correlation_id=cause.correlation_id),
                )
                for patient in waiting
            ]
        )

    def _view(self, doctor: Doctor, load: int) -> DoctorView:
        fields = self._runtime.vault.open(doctor.sealed, person_id=doctor.doctor_id) if doctor.sealed else {}
        return DoctorView(
            doctor_id=doctor.doctor_id,
            name=str(fields.get("name", doctor.doctor_id)),
            phone=str(fields.get("phone", "")),
            commune_codes=list(doctor.commune_codes),
            district_codes=list(doctor.district_codes),
            capacity=doctor.capacity,
            load=load,
            specialities=list(doctor.specialities),
            on_duty=doctor.on_duty,
            profession=doctor.profession,
            duty_at=doctor.duty_at,
            duty_by=doctor.duty_by,
            shifts=[
                ShiftView.of(shift, is_present=shift.shift_id == doctor.shift_id) for shift in doctor.shifts
            ],
            is_lead=doctor.is_lead,
        )
