"""What people do with consultations: ask, find an hour, call off, note, and get into the room."""

from datetime import datetime, timedelta
from typing import Any

from common.kernel.areas import Actor
from common.kernel.ids import derived_id
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause
from f0_monitoring.domain import consultation_commands as commands
from f0_monitoring.domain import consulting
from f0_monitoring.domain.calls import HoldConsultation
from f0_monitoring.domain.consultation import AT_HOME, STAFF, Consultation, Party, Quality, Way, party_of
from f0_monitoring.domain.consultation_errors import (
    AlreadyAsked,
    ConsultationOver,
    DoctorMissing,
    HourTaken,
    NoSuchConsultation,
    NotYourConsultation,
)
from f0_monitoring.domain.diary import DOCTOR, PERSON, Book, Booking, Free
from f0_monitoring.domain.errors import NoSuchDoctor, NoSuchPatient
from f0_monitoring.domain.model import Patient
from f0_monitoring.ports import Patients, Search
from f0_monitoring.ports.consultations import Consultations
from f0_monitoring.ports.meeting import MeetingRoom
from f0_monitoring.views import consultation_bodies as bodies
from f0_monitoring.views.consultation_view import CONSULTATION, Reader

SHOWN, PATIENTS_MAX = 200, 1000
LOOKS_BACK = timedelta(days=7)
"""How long what is over stays on the lists of doctors and staff."""


class ConsultationDesk:
    """Runs what people ask for, once it is known as whom they ask."""

    def __init__(
        self,
        runtime: Runtime,
        patients: Patients,
        consultations: Consultations,
        reader: Reader,
        work: Work[Consultation, None],
        diaries: Work[Any, None],
        room: MeetingRoom,
    ) -> None:
        self._runtime = runtime
        self._patients = patients
        self._consultations = consultations
        self._reader = reader
        self._work = work
        self._diaries = diaries
        self._room = room

    async def ask(
        self, person_id: str, body: bodies.WishBody, by: Actor, cause: Cause
    ) -> bodies.ConsultationView:
        """Open a consultation for a patient; one that is not over yet is enough."""
        patient = (await self._patients.many([person_id])).get(person_id)
        party = party_of(by, patient) if patient else None
        if patient is None or party is None:
            raise NoSuchPatient("Không có hồ sơ F0 này trong phạm vi của bạn.")
        consultation_id = derived_id("consultation", cause.id)
        await self._require_no_other(person_id, consultation_id)
        command = commands.RequestConsultation(
            consultation_id=consultation_id,
            person_id=person_id,
            area=patient.area,
            doctor_id=patient.carer_id,
            way=Way(body.way),
            wish=self._sealed(person_id, wish=body.wish),
            by=by,
            party=party,
            is_record_open=not patient.is_closed,
        )
        await self._work.run(command, cause)
        return await self.show(consultation_id, by)

    async def schedule(
        self, consultation_id: str, body: bodies.HourBody, by: Actor, cause: Cause
    ) -> bodies.ConsultationView:
        """Give it an hour that is free in both diaries; the hour it had before is given back."""
        kept, patient, party = await self.part_of(consultation_id, by)
        consulting.require_party(party, STAFF)
        doctor_id = await self._doctor(body, by, party, kept, patient)
        command = commands.ScheduleConsultation(
            consultation_id=consultation_id,
            doctor_id=doctor_id,
            starts_at=body.starts_at,
            minutes=body.minutes,
            way=Way(body.way) if body.way else kept.way,
            by=by,
            party=party,
        )
        # Tried on what is known first: an hour is not booked for what will be refused.
        consulting.decide_consultation(kept, command, None, self._runtime.clock.now())
        await self._book(kept, doctor_id, body.starts_at, body.minutes, cause)
        await self._work.run(command, cause)
        return await self.show(consultation_id, by)

    async def cancel(
        self, consultation_id: str, body: bodies.CancelBody, by: Actor, cause: Cause
    ) -> bodies.ConsultationView:
        """Call it off."""
        kept, _, party = await self.part_of(consultation_id, by)
        await self._work.run(commands.CancelConsultation(consultation_id, body.reason, by, party), cause)
        await self._ended(kept, cause)
        return await self.show(consultation_id, by)

    async def conclude(
        self, consultation_id: str, body: bodies.ResultBody, by: Actor, cause: Cause
    ) -> bodies.ConsultationView:
        """Note what came of it; *phone_minutes* makes it held, by an ordinary telephone."""
        kept, _, party = await self.part_of(consultation_id, by)
        if body.phone_minutes is not None:
            held = HoldConsultation(consultation_id, by, party, phone_minutes=body.phone_minutes)
            await self._work.run(held, _further(cause, "held"))
            await self._ended(kept, cause)
        note = self._sealed(kept.person_id, note=body.note, advice=body.advice)
        await self._work.run(
            commands.NoteConsultation(consultation_id, note, body.prescription_ref, by, party), cause
        )
        return await self.show(consultation_id, by)

    async def finish(self, consultation_id: str, by: Actor, quality: Quality, cause: Cause) -> None:
        """Call it held, as the doctor in the room says: its duration is what the room has measured."""
        kept, _, party = await self.part_of(consultation_id, by)
        await self._work.run(HoldConsultation(consultation_id, by, party, quality), cause)
        await self._ended(kept, cause)

    async def show(self, consultation_id: str, by: Actor) -> bodies.ConsultationView:
        """Show one to somebody who has a part in it."""
        kept, _, _ = await self.part_of(consultation_id, by)
        [view] = await self._reader.views([kept], by)
        return view

    async def for_citizen(self, by: Actor) -> bodies.ConsultationsView:
        """Show citizens their consultations and those of whom they care for."""
        own = (await self._patients.many([by.person_id or ""])).values()
        patients = [*own, *await self._patients.looked_after_by(by.person_id or "", limit=SHOWN)]
        found = await self._consultations.of_persons([p.person_id for p in patients], limit=SHOWN)
        return bodies.ConsultationsView(
            items=await self._reader.views(found, by),
            people=await self._reader.people(patients),
            as_of=self._runtime.clock.now(),
        )

    async def for_staff(self, by: Actor) -> bodies.ConsultationsView:
        """Show a doctor those of their patients, staff those of their area."""
        return bodies.ConsultationsView(
            items=await self._reader.views(await self._of_staff(by), by),
            people=[],
            as_of=self._runtime.clock.now(),
        )

    async def waiting(self, by: Actor) -> bodies.WaitingView:
        """Tell a doctor who sits in which room, without opening anything."""
        ids = [each.consultation_id for each in await self._of_staff(by) if not each.is_over]
        seats = await self._room.waiting(ids) if ids else {}
        items = {key: sorted(taken) for key, taken in seats.items() if taken}
        return bodies.WaitingView(items=items, as_of=self._runtime.clock.now())

    async def part_of(self, consultation_id: str, by: Actor) -> tuple[Consultation, Patient, Party]:
        """Return it with its patient and as whom *by* takes part; `NoSuchConsultation` for everybody else."""
        kept = await self._consultations.one(consultation_id)
        patient = (await self._patients.many([kept.person_id])).get(kept.person_id) if kept else None
        party = party_of(by, patient, kept.doctor_id) if kept and patient else None
        if kept is None or patient is None or party is None:
            raise NoSuchConsultation("Không có cuộc tư vấn này trong phạm vi của bạn.")
        return kept, patient, party

    async def _of_staff(self, by: Actor) -> list[Consultation]:
        since = self._runtime.clock.now() - LOOKS_BACK
        if "doctor" not in by.roles:
            return await self._consultations.of_areas(by.area_codes, since=since, limit=SHOWN)
        search = Search(carer_id=by.subject, is_own_only=True)
        mine = await self._patients.find(search, limit=PATIENTS_MAX)
        ids = [patient.person_id for patient in mine]
        return await self._consultations.of_doctor(by.subject, ids, since=since, limit=SHOWN)

    async def _require_no_other(self, person_id: str, consultation_id: str) -> None:
        found = await self._consultations.of_persons([person_id], limit=SHOWN)
        if any(not each.is_over and each.consultation_id != consultation_id for each in found):
            raise AlreadyAsked(
                "Người bệnh đã có cuộc tư vấn chưa xong. Hãy mở cuộc đó, hoặc hủy rồi xin lại."
            )

    async def _doctor(
        self, body: bodies.HourBody, by: Actor, party: Party, kept: Consultation, patient: Patient
    ) -> str:
        if party is Party.DOCTOR:
            return by.subject
        doctor_id = body.doctor_id or patient.carer_id or kept.doctor_id
        if doctor_id is None:
            raise DoctorMissing("Hãy phân công bác sĩ cho người bệnh trước khi hẹn giờ.")
        if doctor_id not in await self._reader.doctors():
            raise NoSuchDoctor("Hãy chọn bác sĩ có trong danh sách trực.", field="doctor_id")
        return doctor_id

    async def _book(
        self, kept: Consultation, doctor_id: str, starts_at: datetime, minutes: int, cause: Cause
    ) -> None:
        booking = Booking(kept.consultation_id, starts_at, starts_at + timedelta(minutes=minutes))
        doctor, person = f"{DOCTOR}:{doctor_id}", f"{PERSON}:{kept.person_id}"
        await self._diaries.run(Book(doctor, booking), cause)
        try:
            await self._diaries.run(Book(person, booking), cause)
        except HourTaken:
            await self._diaries.run(_as_before(kept, doctor), _further(cause, "undo"))
            raise
        if kept.doctor_id not in (None, doctor_id):
            former = Free(f"{DOCTOR}:{kept.doctor_id}", kept.consultation_id)
            await self._diaries.run(former, _further(cause, "former"))

    async def _ended(self, kept: Consultation, cause: Cause) -> None:
        await self._room.close(kept.consultation_id)
        for owner in (f"{DOCTOR}:{kept.doctor_id}", f"{PERSON}:{kept.person_id}"):
            await self._diaries.run(Free(owner, kept.consultation_id), _further(cause, "free"))

    def _sealed(self, person_id: str, **words: str) -> str:
        if not any(words.values()):
            return ""
        return self._runtime.vault.seal(words, data_class=CONSULTATION, person_id=person_id)


def _as_before(kept: Consultation, doctor: str) -> Book | Free:
    """Return what puts the diary of *doctor* back to the hour that *kept* still has."""
    if kept.starts_at and kept.ends_at and doctor == f"{DOCTOR}:{kept.doctor_id}":
        return Book(doctor, Booking(kept.consultation_id, kept.starts_at, kept.ends_at))
    return Free(doctor, kept.consultation_id)


def require_enterable(kept: Consultation, party: Party) -> None:
    """Let in the doctor who holds it, the patient, or a named carer, while it is not over."""
    if party not in (*AT_HOME, Party.DOCTOR):
        raise NotYourConsultation(
            "Chỉ bác sĩ phụ trách và người bệnh (hoặc người chăm sóc) vào được phòng khám."
        )
    if kept.is_over:
        raise ConsultationOver(f"Cuộc tư vấn này {consulting.WORDS[kept.state]}.")


def _further(cause: Cause, what: str) -> Cause:
    """Return the cause of a further write for the same request; a repeat has the same one."""
    return Cause(derived_id(cause.id, what), correlation_id=cause.correlation_id or cause.id)
