"""Writes reminders of consultations: to whom, and what they say when their time has come."""

from dataclasses import dataclass
from typing import Final

from common.courier import Letter, NoLetter
from common.kernel.messages import Message
from common.people.phones import normal_phone
from f0_monitoring.domain.consultation import Consultation, Way
from f0_monitoring.domain.messages import starts_at
from f0_monitoring.domain.model import Patient
from f0_monitoring.ports import Patients
from f0_monitoring.ports.consultations import Consultations
from f0_monitoring.views.consultation_view import NOBODY, Reader
from f0_monitoring.views.meeting.keys import Keys
from f0_monitoring.views.messages.wording import Reminder, words_of

SENDER: Final = "machine:reminder"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """How messages are written: where links lead, and whether words have accents."""

    room_url: str
    has_accents: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What a message is written from."""

    patients: Patients
    consultations: Consultations
    reader: Reader
    keys: Keys


class ReminderWriter:
    """Knows what a reminder says."""

    def __init__(self, around: Around, head: Letterhead) -> None:
        self._around = around
        self._head = head

    async def write(self, message: Message) -> Letter | NoLetter:
        """Return number and words; nothing of what was called off, moved, or is of a closed record."""
        kept = await self._around.consultations.one(message.about_id)
        patient = (await self._around.patients.many([message.person_id])).get(message.person_id)
        if kept is None or patient is None or not _is_ahead(kept, patient, message):
            return NoLetter("not-ahead")
        to = await self._number_of(patient)
        return Letter(to, await self._words(kept)) if to else NoLetter("no-number", is_failure=True)

    async def _words(self, kept: Consultation) -> str:
        doctor = (await self._around.reader.doctors()).get(kept.doctor_id or "", NOBODY)
        link = ""
        if kept.way is not Way.PHONE:
            secret, _ = await self._around.keys.new_link(kept.consultation_id, SENDER)
            # Behind the #: it stays in the browser, out of every log and referrer.
            link = f"{self._head.room_url}#{secret}"
        reminder = Reminder(kept.starts_at or kept.requested_at, kept.way, doctor.phone, link)
        return words_of(reminder, has_accents=self._head.has_accents)

    async def _number_of(self, patient: Patient) -> str:
        """Return the patient's number, or that of a named carer who is on record here."""
        carers = await self._around.patients.many(patient.guardian_ids) if patient.guardian_ids else {}
        for one in (patient, *carers.values()):
            if number := normal_phone(str(self._around.reader.person(one).get("phone") or "")):
                return number
        return ""


def _is_ahead(kept: Consultation, patient: Patient, message: Message) -> bool:
    """Tell whether there still is something to remind of: not called off, not at another hour by now."""
    return not kept.is_over and not patient.is_closed and kept.starts_at == starts_at(message)
