"""What people ask about transfers over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter

from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.errors import Invalid
from f0_monitoring.domain import facility_errors as errors
from f0_monitoring.domain.errors import NoSuchPatient, RecordClosed
from f0_monitoring.routes import Carer, PersonId
from f0_monitoring.views import transfer_bodies as bodies
from f0_monitoring.views.transfers import TransferDesk

router = APIRouter(prefix="/v1", tags=["transfers"], route_class=DirectRoute)

TheDesk = Annotated[TransferDesk, provided("transfer_desk")]
STEP: tuple[type[Any], ...] = (errors.NoSuchTransfer, errors.IllegalTransferStep)
OURS: tuple[type[Any], ...] = (errors.NoSuchFacility, errors.NotYourFacility)


@router.get("/transfers", responses=problems())
async def list_transfers(by: Carer, desk: TheDesk) -> bodies.TransfersView:
    """Các yêu cầu chuyển tuyến đang mở: of own patients, and those that own facilities can take."""
    return await desk.open_ones(by)


@router.get("/patients/{person_id}/transfer", responses=problems(NoSuchPatient))
async def read_transfer(person_id: PersonId, by: Carer, desk: TheDesk) -> bodies.CurrentTransferView:
    """Chuyển tuyến của một người bệnh."""
    return await desk.of_patient(person_id, by)


@router.post(
    "/patients/{person_id}/transfers",
    status_code=201,
    responses=problems(
        NoSuchPatient, RecordClosed, errors.AlreadyRequested, errors.FacilityDoesNotFit, Invalid
    ),
)
async def request_transfer(
    person_id: PersonId, body: bodies.TransferBody, by: Carer, desk: TheDesk, cause: IdempotencyCause
) -> bodies.TransferView:
    """Yêu cầu chuyển tuyến, lên hoặc xuống."""
    return await desk.request(person_id, body, by, cause)


@router.post(
    "/patients/{person_id}/transfer/acceptance",
    responses=problems(*STEP, *OURS, errors.NoFreeBed, errors.FacilityClosed, errors.FacilityDoesNotFit),
)
async def accept_transfer(
    person_id: PersonId, body: bodies.AcceptanceBody, by: Carer, desk: TheDesk, cause: IdempotencyCause
) -> bodies.TransferView:
    """Nhận người bệnh: a bed is kept; 409 `no-free-bed` when there is none."""
    return await desk.accept(person_id, body, by, cause)


@router.post("/patients/{person_id}/transfer/refusal", responses=problems(*STEP, *OURS))
async def refuse_transfer(
    person_id: PersonId, body: bodies.RefusalBody, by: Carer, desk: TheDesk, cause: IdempotencyCause
) -> bodies.TransferView:
    """Không nhận được, hoặc rút lời nhận."""
    return await desk.refuse(person_id, body, by, cause)


@router.post("/patients/{person_id}/transfer/departure", responses=problems(*STEP))
async def start_transport(
    person_id: PersonId, body: bodies.TransferStepBody, by: Carer, desk: TheDesk, cause: IdempotencyCause
) -> bodies.TransferView:
    """Đã lên đường."""
    return await desk.depart(person_id, body.transfer_id, by, cause)


@router.post("/patients/{person_id}/transfer/arrival", responses=problems(*STEP))
async def note_arrival(
    person_id: PersonId, body: bodies.TransferStepBody, by: Carer, desk: TheDesk, cause: IdempotencyCause
) -> bodies.TransferView:
    """Đã đến nơi."""
    return await desk.arrive(person_id, body.transfer_id, by, cause)


@router.post("/patients/{person_id}/transfer/cancellation", responses=problems(*STEP))
async def cancel_transfer(
    person_id: PersonId, body: bodies.CancellationBody, by: Carer, desk: TheDesk, cause: IdempotencyCause
) -> bodies.TransferView:
    """Hủy: a bed that is kept is given back."""
    return await desk.cancel(person_id, body, by, cause)
