"""The roster as a whole: who could take a patient, and patients who wait for the first doctor."""

from common.kernel.areas import MACHINE, Actor
from common.kernel.ids import derived_id
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause, Errand
from f0_monitoring.domain.commands import AssignDoctor, Candidate, KeepDoctor
from f0_monitoring.domain.roster import Doctor
from f0_monitoring.ports import Doctors, Patients
from f0_monitoring.views.answers import DoctorView
from f0_monitoring.views.requests import DoctorBody

STAFF = "staff"
"""Data class of doctors' names and phones."""
WAITING_MAX = 500


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

    async def candidates(self) -> tuple[Candidate, ...]:
        """Return every doctor with how many open patients they have now."""
        loads = await self._patients.loads()
        return tuple(
            Candidate(
                doctor_id=doctor.doctor_id,
                commune_codes=doctor.commune_codes,
                district_codes=doctor.district_codes,
                capacity=doctor.capacity,
                load=loads.get(doctor.doctor_id, 0),
                specialities=doctor.specialities,
                on_duty=doctor.on_duty,
            )
            for doctor in await self._doctors.roster()
        )

    async def keep(self, doctor_id: str, body: DoctorBody, by: Actor, cause: Cause) -> DoctorView:
        """Put a doctor on the roster; patients who had nobody get one."""
        for code in body.commune_codes:
            self._runtime.units.area_of(code, field="commune_codes")
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
        )
        await self._roster.run(command, cause)
        await self._assign_waiting(cause)
        return next(view for view in await self.views() if view.doctor_id == doctor_id)

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
        )
