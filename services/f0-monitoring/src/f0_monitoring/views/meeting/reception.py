"""The reception of the rooms: tickets for the signed in, links for those who are not, relays for both."""

from common.clocks import SystemClock
from common.kernel.areas import Actor
from f0_monitoring.domain.consultation import STAFF, Consultation, Party
from f0_monitoring.domain.consultation_errors import LinkRefused
from f0_monitoring.domain.model import Patient
from f0_monitoring.ports import Patients
from f0_monitoring.ports.consultations import Consultations
from f0_monitoring.ports.meeting import Entry, MeetingRoom, Seat
from f0_monitoring.views import consultation_bodies as bodies
from f0_monitoring.views.consultation_view import NOBODY, Reader
from f0_monitoring.views.consultations import ConsultationDesk, require_enterable
from f0_monitoring.views.meeting.ice import Relays
from f0_monitoring.views.meeting.keys import Keys

ROOM_PATH = "/kham/phong"


class Reception:
    """Lets in whoever has a part in a consultation."""

    def __init__(
        self,
        desk: ConsultationDesk,
        reader: Reader,
        consultations: Consultations,
        patients: Patients,
        room: MeetingRoom,
        keys: Keys,
        relays: Relays,
    ) -> None:
        self._desk = desk
        self._reader = reader
        self._consultations = consultations
        self._patients = patients
        self._room = room
        self._keys = keys
        self._relays = relays

    async def enter(self, consultation_id: str, by: Actor) -> bodies.EntryView:
        """Give a ticket to the doctor, the patient, or a named carer."""
        kept, patient, party = await self._desk.part_of(consultation_id, by)
        require_enterable(kept, party)
        seat = Seat.DOCTOR if party is Party.DOCTOR else Seat.PATIENT
        entry = await self._room.entry(kept, seat, by.subject)
        return await self._view(entry, kept, patient)

    async def make_link(self, consultation_id: str, by: Actor) -> bodies.LinkView:
        """Make a link to the patient's seat: for staff to send, for the patient's side to use itself."""
        kept, patient, party = await self._desk.part_of(consultation_id, by)
        require_enterable(kept, Party.PATIENT)
        secret, until = await self._keys.new_link(consultation_id, by.subject)
        # Behind the #: it stays in the browser, out of every log and referrer.
        path = f"{ROOM_PATH}#{secret}"
        phone = self._reader.person(patient).get("phone") or "" if party in STAFF else ""
        return bodies.LinkView(path=path, expires_at=until, phone=phone)

    async def open_link(self, secret: str) -> bodies.EntryView:
        """Turn a link into a ticket, once."""
        link, holder = await self._keys.use_link(secret)
        kept = await self._consultations.one(link.consultation_id)
        patient = (await self._patients.many([kept.person_id])).get(kept.person_id) if kept else None
        if kept is None or patient is None:
            raise LinkRefused("Đường dẫn không đúng. Hãy xin bác sĩ gửi đường dẫn mới.")
        require_enterable(kept, Party.PATIENT)
        return await self._view(await self._room.entry(kept, Seat.PATIENT, holder), kept, patient)

    async def ice_servers(self, secret: str) -> bodies.IceServersView:
        """
        Return relays for whoever holds a ticket of a consultation that is not over.

        In real time, whatever the clock of a demonstration shows: the relay looks at its own.
        """
        ticket = await self._keys.ticket(secret)
        kept = await self._consultations.one(ticket.consultation_id)
        if kept is None or kept.is_over:
            return bodies.IceServersView(ice_servers=[], expires_at=ticket.expires_at)
        who = f"{ticket.seat.value}-{ticket.consultation_id[:8]}"
        return self._relays.servers_for(who, SystemClock().now())

    async def _view(self, entry: Entry, kept: Consultation, patient: Patient) -> bodies.EntryView:
        doctor = (await self._reader.doctors()).get(kept.doctor_id or "", NOBODY)
        person = self._reader.person(patient)
        is_doctor = entry.seat is Seat.DOCTOR
        return bodies.EntryView(
            kind=entry.kind,
            consultation_id=kept.consultation_id,
            address=entry.address,
            ticket=entry.ticket,
            seat=entry.seat,
            expires_at=entry.expires_at,
            call_number=(person.get("phone") or "") if is_doctor else doctor.phone,
            other_name=person.get("full_name", "") if is_doctor else doctor.name,
        )
