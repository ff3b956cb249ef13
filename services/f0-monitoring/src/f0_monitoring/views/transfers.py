"""Transfers over HTTP: who sends, who receives, and what each may do now."""

from common.kernel.areas import Actor
from common.kernel.ids import derived_id
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause
from f0_monitoring.domain.access import STAFF, is_staff_of, require_staff
from f0_monitoring.domain.errors import NoSuchPatient, RecordClosed
from f0_monitoring.domain.facility import BedKind, Facility, FacilityKind, ReserveBed
from f0_monitoring.domain.facility_errors import FacilityDoesNotFit, IllegalTransferStep, NoSuchTransfer
from f0_monitoring.domain.model import Patient
from f0_monitoring.domain.transfer import (
    AcceptTransfer,
    CancelTransfer,
    Journey,
    NoteArrival,
    RefuseTransfer,
    RequestTransfer,
    StartTransport,
    TransferCommand,
    TransferRules,
    TransferState,
)
from f0_monitoring.domain.transfer_steps import WORDS
from f0_monitoring.ports import Patients
from f0_monitoring.ports.facilities import Facilities, Journeys
from f0_monitoring.views import transfer_bodies as bodies
from f0_monitoring.views.facilities import FacilityDesk
from f0_monitoring.views.transfer_reader import TransferReader, is_ours, takers

SHOWN = 200
BETTER = {BedKind.ORDINARY: 0, BedKind.OXYGEN: 1, BedKind.ICU: 2}
T = TransferState


class TransferDesk:
    """Takes transfers from step to step, and shows them to both sides."""

    def __init__(
        self,
        runtime: Runtime,
        patients: Patients,
        facilities: Facilities,
        journeys: Journeys,
        desk: FacilityDesk,
        reader: TransferReader,
        works: tuple[Work[Journey, TransferRules], Work[Facility, None]],
    ) -> None:
        self._runtime = runtime
        self._patients = patients
        self._facilities = facilities
        self._journeys = journeys
        self._desk = desk
        self._reader = reader
        self._work, self._beds = works

    async def open_ones(self, by: Actor) -> bodies.TransfersView:
        """Show open transfers of the reader's patients, and those that the reader's facilities can take."""
        own = [one for one in await self._desk.owned(by) if one.kind is FacilityKind.HOSPITAL]
        served = {code for one in own if one.is_open for code in one.serves}
        codes = {one.facility_id for one in own}
        found = await self._journeys.open_ones(by.area_codes | served, codes, limit=SHOWN)
        views = await self._reader.views(found, by, own)
        return bodies.TransfersView(items=views, as_of=self._runtime.clock.now())

    async def of_patient(self, person_id: str, by: Actor) -> bodies.CurrentTransferView:
        """Show the last transfer of a patient to the staff who look after them."""
        await self._sent_by(person_id, by)
        journey = await self._journeys.one(person_id)
        return bodies.CurrentTransferView(transfer=await self._shown(journey, by) if journey else None)

    async def request(
        self, person_id: str, body: bodies.TransferBody, by: Actor, cause: Cause
    ) -> bodies.TransferView:
        """Ask for a bed."""
        patient = await self._sent_by(person_id, by)
        if patient.is_closed:
            raise RecordClosed("Hồ sơ F0 này đã kết thúc nên không chuyển tuyến được.")
        if body.facility_id is not None:
            _require_fit(await self._facility(body.facility_id), patient, body.tier)
        command = RequestTransfer(
            person_id,
            derived_id(cause.id, "transfer"),
            by,
            area=patient.area,
            tier=body.tier,
            bed_kind=body.bed_kind,
            is_emergency=body.is_emergency,
            reason=body.reason.value,
            wished_facility_id=body.facility_id,
        )
        await self._work.run(command, cause)
        return await self.show(person_id, by)

    async def accept(
        self, person_id: str, body: bodies.AcceptanceBody, by: Actor, cause: Cause
    ) -> bodies.TransferView:
        """
        Keep a bed, then let the transfer take it.

        A crash in between leaves the fact of the bed, which does the second half. A bed that turns out not
        to be needed is given back by the fact of the transfer.
        """
        facility = await self._desk.own(body.facility_id, by)
        journey, patient = await self._waiting(person_id, body.transfer_id)
        kind = body.bed_kind or journey.transfer.bed_kind
        _require_fit(facility, patient, journey.transfer.tier)
        if BETTER[kind] < BETTER[journey.transfer.bed_kind]:
            raise FacilityDoesNotFit("Người bệnh cần loại giường cao hơn.", field="bed_kind")
        hold_id = derived_id(cause.id, "hold")
        reserve = ReserveBed(facility.facility_id, hold_id, body.transfer_id, person_id, kind, by)
        await self._beds.run(reserve, cause)
        taken = AcceptTransfer(
            person_id, body.transfer_id, by, facility_id=facility.facility_id, hold_id=hold_id, bed_kind=kind
        )
        answer = await self._work.run(taken, Cause(derived_id(cause.id, "accept"), correlation_id=cause.id))
        if not answer.get("is_accepted", True):
            raise IllegalTransferStep(
                f"Chuyển tuyến {WORDS[T(answer['state'])]}, nên giường vừa giữ được trả lại. Hãy tải lại."
            )
        return await self.show(person_id, by)

    async def refuse(
        self, person_id: str, body: bodies.RefusalBody, by: Actor, cause: Cause
    ) -> bodies.TransferView:
        """Say that a facility cannot take the patient."""
        await self._desk.own(body.facility_id, by)
        await self._of(person_id, by)
        command = RefuseTransfer(
            person_id, body.transfer_id, by, facility_id=body.facility_id, reason=body.reason.value
        )
        return await self._ran(command, cause)

    async def depart(self, person_id: str, transfer_id: str, by: Actor, cause: Cause) -> bodies.TransferView:
        """Note that the patient has set out."""
        return await self._step(StartTransport(person_id, transfer_id, by), cause)

    async def arrive(self, person_id: str, transfer_id: str, by: Actor, cause: Cause) -> bodies.TransferView:
        """Note that the patient is there."""
        return await self._step(NoteArrival(person_id, transfer_id, by), cause)

    async def cancel(
        self, person_id: str, body: bodies.CancellationBody, by: Actor, cause: Cause
    ) -> bodies.TransferView:
        """Call it off."""
        command = CancelTransfer(person_id, body.transfer_id, by, reason=body.reason.value)
        return await self._step(command, cause)

    async def show(self, person_id: str, by: Actor) -> bodies.TransferView:
        """Show the last transfer of a patient to somebody who has a part in it."""
        return await self._shown(await self._of(person_id, by), by)

    async def _step(self, command: TransferCommand, cause: Cause) -> bodies.TransferView:
        """Take a step that who sends and who keeps the bed may take."""
        by = command.by
        journey, patient = await self._waiting(command.person_id, command.transfer_id)
        if not is_staff_of(by, patient) and not is_ours(journey, await self._desk.owned(by)):
            raise NoSuchTransfer("Không có yêu cầu chuyển tuyến này trong phạm vi của bạn.")
        return await self._ran(command, cause)

    async def _ran(self, command: TransferCommand, cause: Cause) -> bodies.TransferView:
        """Run it and show what it came to, also to a facility that has no more part in it by that."""
        await self._work.run(command, cause)
        journey = await self._journeys.one(command.person_id)
        if journey is None:
            raise NoSuchTransfer("Không có yêu cầu chuyển tuyến này. Hãy tải lại danh sách.")
        return await self._shown(journey, command.by)

    async def _sent_by(self, person_id: str, by: Actor) -> Patient:
        patient = (await self._patients.many([person_id])).get(person_id)
        if patient is None or not is_staff_of(by, patient):
            raise NoSuchPatient("Không có hồ sơ F0 này trong phạm vi của bạn. Hãy tìm lại theo số CCCD.")
        require_staff(by, patient)
        return patient

    async def _waiting(self, person_id: str, transfer_id: str) -> tuple[Journey, Patient]:
        journey = await self._journeys.one(person_id)
        patient = (await self._patients.many([person_id])).get(person_id)
        if journey is None or patient is None or journey.transfer.transfer_id != transfer_id:
            raise NoSuchTransfer("Không có yêu cầu chuyển tuyến này. Hãy tải lại danh sách.")
        return journey, patient

    async def _of(self, person_id: str, by: Actor) -> Journey:
        """Return the transfers of a patient to who sends, or to a facility that may receive."""
        journey = await self._journeys.one(person_id)
        patient = (await self._patients.many([person_id])).get(person_id)
        if journey is None or patient is None or not await self._has_part(journey, patient, by):
            raise NoSuchTransfer("Không có yêu cầu chuyển tuyến này trong phạm vi của bạn.")
        return journey

    async def _has_part(self, journey: Journey, patient: Patient, by: Actor) -> bool:
        if is_staff_of(by, patient):
            return True
        if not by.roles & STAFF:
            return False
        own = await self._desk.owned(by)
        return is_ours(journey, own) or (journey.transfer.state is T.REQUESTED and bool(takers(patient, own)))

    async def _facility(self, facility_id: str) -> Facility:
        facility = await self._facilities.one(facility_id)
        if facility is None:
            raise FacilityDoesNotFit("Không có cơ sở này. Hãy chọn lại.", field="facility_id")
        return facility

    async def _shown(self, journey: Journey, by: Actor) -> bodies.TransferView:
        found = await self._reader.views([journey], by, await self._desk.owned(by))
        if not found:
            raise NoSuchTransfer("Không có yêu cầu chuyển tuyến này. Hãy tải lại danh sách.")
        return found[0]


def _require_fit(facility: Facility, patient: Patient, tier: int) -> None:
    if facility.kind is not FacilityKind.HOSPITAL or facility.tier < tier:
        raise FacilityDoesNotFit(
            f"{facility.name} không phải cơ sở điều trị tầng {tier} trở lên. Hãy chọn cơ sở khác.",
            field="facility_id",
        )
    if not patient.area.codes() & set(facility.serves):
        raise FacilityDoesNotFit(
            f"{facility.name} không nhận người bệnh từ xã này. Hãy chọn cơ sở khác.", field="facility_id"
        )
