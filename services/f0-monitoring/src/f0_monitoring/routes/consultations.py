"""What people ask about consultations over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from common.http.auth import Citizen, Doctor, SignedIn
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.errors import Invalid
from f0_monitoring.domain import consultation_errors as errors
from f0_monitoring.domain.errors import NoSuchDoctor, NoSuchPatient
from f0_monitoring.routes import Carer, Declarant, PersonId
from f0_monitoring.views import consultation_bodies as bodies
from f0_monitoring.views.consultations import ConsultationDesk
from f0_monitoring.views.meeting.reception import Reception

router = APIRouter(prefix="/v1", tags=["consultations"], route_class=DirectRoute)

TheDesk = Annotated[ConsultationDesk, provided("consultation_desk")]
TheReception = Annotated[Reception, provided("reception")]
ConsultationId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$")]
PART: tuple[type[Any], ...] = (
    errors.NoSuchConsultation,
    errors.NotYourConsultation,
    errors.ConsultationOver,
    errors.IllegalConsultationStep,
)
"""What every act on a consultation may be refused with."""


@router.post(
    "/patients/{person_id}/consultations",
    status_code=201,
    responses=problems(NoSuchPatient, errors.AlreadyAsked, errors.RecordIsClosed),
)
async def request_consultation(
    person_id: PersonId, body: bodies.WishBody, by: Declarant, desk: TheDesk, cause: IdempotencyCause
) -> bodies.ConsultationView:
    """Xin bác sĩ tư vấn: by the patient, a named carer, the doctor, or staff of the area."""
    return await desk.ask(person_id, body, by, cause)


@router.get("/consultations", responses=problems())
async def list_consultations(by: Carer, desk: TheDesk) -> bodies.ConsultationsView:
    """Các cuộc tư vấn: a doctor's own and those of the doctor's patients; for staff, those of the area."""
    return await desk.for_staff(by)


@router.get("/consultations/waiting", responses=problems())
async def list_waiting(by: Doctor, desk: TheDesk) -> bodies.WaitingView:
    """Ai đang ở phòng chờ: seats by consultation, without names."""
    return await desk.waiting(by)


@router.get("/me/consultations", responses=problems())
async def my_consultations(by: Citizen, desk: TheDesk) -> bodies.ConsultationsView:
    """Các cuộc tư vấn của tôi và của người tôi chăm sóc."""
    return await desk.for_citizen(by)


@router.get("/consultations/{consultation_id}", responses=problems(errors.NoSuchConsultation))
async def read_consultation(
    consultation_id: ConsultationId, by: SignedIn, desk: TheDesk
) -> bodies.ConsultationView:
    """Xem một cuộc tư vấn."""
    return await desk.show(consultation_id, by)


@router.post(
    "/consultations/{consultation_id}/appointments",
    responses=problems(*PART, errors.HourTaken, errors.DoctorMissing, NoSuchDoctor, Invalid),
)
async def schedule_consultation(
    consultation_id: ConsultationId,
    body: bodies.HourBody,
    by: Carer,
    desk: TheDesk,
    cause: IdempotencyCause,
) -> bodies.ConsultationView:
    """Hẹn giờ, hoặc đổi giờ: an hour that is free for the doctor and for the patient."""
    return await desk.schedule(consultation_id, body, by, cause)


@router.post("/consultations/{consultation_id}/cancellation", responses=problems(*PART))
async def cancel_consultation(
    consultation_id: ConsultationId,
    body: bodies.CancelBody,
    by: Declarant,
    desk: TheDesk,
    cause: IdempotencyCause,
) -> bodies.ConsultationView:
    """Hủy."""
    return await desk.cancel(consultation_id, body, by, cause)


@router.post("/consultations/{consultation_id}/result", responses=problems(*PART, Invalid))
async def conclude_consultation(
    consultation_id: ConsultationId,
    body: bodies.ResultBody,
    by: Doctor,
    desk: TheDesk,
    cause: IdempotencyCause,
) -> bodies.ConsultationView:
    """Ghi kết quả: note, advice, prescription; `phone_minutes` when it was held by telephone."""
    return await desk.conclude(consultation_id, body, by, cause)


@router.post(
    "/consultations/{consultation_id}/entry",
    responses=problems(errors.NoSuchConsultation, errors.NotYourConsultation, errors.ConsultationOver),
)
async def enter_room(
    consultation_id: ConsultationId, by: Declarant, reception: TheReception
) -> bodies.EntryView:
    """Vào phòng khám: a ticket for the doctor, the patient, or a named carer."""
    return await reception.enter(consultation_id, by)


@router.post(
    "/consultations/{consultation_id}/links",
    status_code=201,
    responses=problems(errors.NoSuchConsultation, errors.NotYourConsultation, errors.ConsultationOver),
)
async def make_link(
    consultation_id: ConsultationId, by: Declarant, reception: TheReception
) -> bodies.LinkView:
    """
    Đường dẫn một lần vào phòng khám, phía người bệnh; the one before it stops working.

    Doctors and staff send it to a patient without an account; an enrolled phone goes in by it itself.
    """
    return await reception.make_link(consultation_id, by)
