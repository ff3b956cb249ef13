"""A consultation as it is read: seals are opened for those who may, and the reading is noted first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from common.kernel.areas import Actor
from common.kernel.messages import Message
from common.retention import NAME_REMOVED
from common.service import Runtime
from f0_monitoring.domain.consultation import AT_HOME, STAFF, Consultation, Party, party_of
from f0_monitoring.domain.model import Patient
from f0_monitoring.ports import Doctors, Patients
from f0_monitoring.ports.messages import Messages
from f0_monitoring.views.consultation_bodies import (
    ConsultationView,
    PersonChoice,
    QualityView,
    ReminderView,
    StepView,
)

CONSULTATION = "consultation"
"""Data class of what was asked and noted in consultations."""
PURPOSE = "Xem cuộc tư vấn"


@dataclass(frozen=True, slots=True)
class Doctor:
    """A doctor's name and telephone."""

    name: str = ""
    phone: str = ""


NOBODY = Doctor()


class Reader:
    """Opens consultations and the names around them."""

    def __init__(
        self, runtime: Runtime, patients: Patients, doctors: Doctors, messages: Messages | None = None
    ) -> None:
        self._runtime = runtime
        self._patients = patients
        self._doctors = doctors
        self._messages = messages

    async def views(self, found: Sequence[Consultation], by: Actor) -> list[ConsultationView]:
        """Show those of *found* that *by* has a part in; the reading is noted."""
        patients = await self._patients.many({each.person_id for each in found})
        await self._runtime.access_log.note(by, list(patients), PURPOSE)
        names, told = await self.doctors(), await self._told(found)
        shown = []
        for each in found:
            patient = patients.get(each.person_id)
            party = party_of(by, patient, each.doctor_id) if patient else None
            if patient and party:
                view = self._view(each, patient, party, names.get(each.doctor_id or "", NOBODY))
                message = told.get(each.consultation_id) if party in STAFF else None
                shown.append(view.model_copy(update={"reminder": _reminder(message)}))
        return sorted(shown, key=lambda view: view.is_over)

    async def _told(self, found: Sequence[Consultation]) -> dict[str, Message]:
        """Return the messages that went out about these; no rows are read where nobody was reminded."""
        ids = [each.consultation_id for each in found if each.starts_at]
        return await self._messages.of_consultations(ids) if self._messages and ids else {}

    async def people(self, patients: Sequence[Patient]) -> list[PersonChoice]:
        """Show for whom somebody may ask, and who their doctors are."""
        names = await self.doctors()
        return [
            PersonChoice(
                person_id=patient.person_id,
                full_name=self.person(patient).get("full_name", ""),
                doctor_name=names.get(patient.carer_id or "", NOBODY).name,
                doctor_phone=names.get(patient.carer_id or "", NOBODY).phone,
            )
            for patient in patients
            if not patient.is_closed
        ]

    async def doctors(self) -> dict[str, Doctor]:
        """Return names and telephones of the roster."""
        opened = self._runtime.vault.open
        return {
            doctor.doctor_id: Doctor(**_called(opened(doctor.sealed, person_id=doctor.doctor_id)))
            for doctor in await self._doctors.roster()
            if doctor.sealed
        }

    def person(self, patient: Patient) -> dict[str, Any]:
        """Open who a patient is."""
        return self._runtime.vault.open(patient.sealed, person_id=patient.person_id) if patient.sealed else {}

    def words(self, consultation: Consultation, sealed: str) -> dict[str, Any]:
        """Open what was asked or noted."""
        return self._runtime.vault.open(sealed, person_id=consultation.person_id) if sealed else {}

    def _view(self, kept: Consultation, patient: Patient, party: Party, doctor: Doctor) -> ConsultationView:
        person, noted = self.person(patient), self.words(kept, kept.note)
        return ConsultationView(
            consultation_id=kept.consultation_id,
            person_id=kept.person_id,
            patient_name=person.get("full_name") or (NAME_REMOVED if patient.forgotten_on else ""),
            doctor_id=kept.doctor_id,
            doctor_name=doctor.name,
            call_number=(person.get("phone") or "") if party in STAFF else doctor.phone,
            commune_name=self._runtime.units.name_of(kept.area.commune_code),
            as_party=party,
            way=kept.way,
            state=kept.state,
            is_over=kept.is_over,
            may_enter=not kept.is_over and party is not Party.OFFICER,
            wish="" if party is Party.OFFICER else self.words(kept, kept.wish).get("wish", ""),
            requested_at=kept.requested_at,
            requested_by=kept.requested_by,
            starts_at=kept.starts_at,
            ends_at=kept.ends_at,
            minutes=kept.minutes,
            duration_seconds=kept.duration_seconds,
            quality=_quality(kept),
            note=noted.get("note", "") if party is Party.DOCTOR else "",
            advice=noted.get("advice", "") if party in (*AT_HOME, Party.DOCTOR) else "",
            prescription_ref="" if party is Party.OFFICER else kept.prescription_ref,
            noted_at=kept.noted_at,
            history=[
                StepView(to_state=s.to_state, at=s.at, party=s.party, reason=s.reason) for s in kept.history
            ],
        )


def _reminder(message: Message | None) -> ReminderView | None:
    if message is None:
        return None
    return ReminderView(state=message.state, at=message.settled_at, fault=message.fault)


def _called(fields: dict[str, Any]) -> dict[str, str]:
    return {name: str(fields.get(name, "")) for name in ("name", "phone")}


def _quality(kept: Consultation) -> QualityView | None:
    call = kept.call
    if not call.connections:
        return None
    return QualityView(
        grade=call.quality.grade,
        loss_percent=call.quality.loss_percent,
        round_trip_ms=call.quality.round_trip_ms,
        is_relayed=call.quality.is_relayed,
        reconnections=call.reconnections,
    )
