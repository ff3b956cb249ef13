"""What people ask about stations, facilities, their stock and their requests over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from common.geo import UnknownCommune
from common.http.auth import role_required
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from common.kernel.errors import Invalid
from f0_monitoring.domain import facility_errors as errors
from f0_monitoring.domain.supplies import SupplyState
from f0_monitoring.routes import Carer, Registrar
from f0_monitoring.views import facility_bodies as bodies
from f0_monitoring.views.facilities import FacilityDesk
from f0_monitoring.views.supplies import (
    AskBody,
    CloseBody,
    StepBody,
    SuppliesView,
    SupplyDesk,
    SupplyView,
)

router = APIRouter(prefix="/v1", tags=["facilities"], route_class=DirectRoute)

TheDesk = Annotated[FacilityDesk, provided("facility_desk")]
TheSupplies = Annotated[SupplyDesk, provided("supply_desk")]
Reader = Annotated[
    Actor, Depends(role_required("health_officer", "doctor", "administrator", "ioc_operator", "leader"))
]
FacilityId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{1,63}$")]
RequestId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$")]
OWN = (errors.NoSuchFacility, errors.NotYourFacility, Invalid)
STEP = (
    errors.NoSuchRequest,
    errors.NotYourFacility,
    errors.LevelAboveOnly,
    errors.IllegalSupplyStep,
    Invalid,
)


@router.get("/facilities", responses=problems())
async def list_facilities(by: Reader, desk: TheDesk) -> bodies.FacilitiesView:
    """Trạm và cơ sở điều trị: those of the reader's areas with their stock, and those that serve them."""
    return await desk.everywhere(by)


@router.put(
    "/facilities/{facility_id}",
    responses=problems(UnknownCommune, errors.NotYourFacility, errors.BedsInUse, Invalid),
)
async def keep_facility(
    facility_id: FacilityId,
    body: bodies.FacilityBody,
    by: Registrar,
    desk: TheDesk,
    cause: IdempotencyCause,
) -> bodies.FacilityView:
    """Mở hoặc sửa trạm, cơ sở điều trị."""
    return await desk.keep(facility_id, body, by, cause)


@router.post("/facilities/{facility_id}/beds", responses=problems(*OWN, errors.BedsInUse))
async def count_beds(
    facility_id: FacilityId, body: bodies.BedsBody, by: Carer, desk: TheDesk, cause: IdempotencyCause
) -> bodies.FacilityView:
    """Đếm lại giường."""
    return await desk.count_beds(facility_id, body, by, cause)


@router.post("/facilities/{facility_id}/stock", responses=problems(*OWN, errors.UnknownItem))
async def report_stock(
    facility_id: FacilityId, body: bodies.StockBody, by: Carer, desk: TheDesk, cause: IdempotencyCause
) -> bodies.FacilityView:
    """Báo vật tư còn lại và mức dùng mỗi ngày."""
    return await desk.report(facility_id, body, by, cause)


@router.get("/supply-requests", responses=problems())
async def list_supplies(by: Carer, desk: TheSupplies) -> SuppliesView:
    """Các đề nghị chi viện của địa bàn."""
    return await desk.of_areas(by)


@router.post(
    "/facilities/{facility_id}/supply-requests",
    status_code=201,
    responses=problems(*OWN, errors.UnknownItem),
)
async def ask_supplies(
    facility_id: FacilityId, body: AskBody, by: Carer, desk: TheSupplies, cause: IdempotencyCause
) -> SupplyView:
    """Đề nghị oxy, thiết bị, nhân lực."""
    return await desk.ask(facility_id, body, by, cause)


@router.post("/supply-requests/{request_id}/approval", responses=problems(*STEP))
async def approve_supplies(
    request_id: RequestId, body: StepBody, by: Registrar, desk: TheSupplies, cause: IdempotencyCause
) -> SupplyView:
    """Duyệt: the district or the province grants all of it or less."""
    return await desk.step(request_id, SupplyState.APPROVED, body, by, cause)


@router.post("/supply-requests/{request_id}/dispatch", responses=problems(*STEP))
async def send_supplies(
    request_id: RequestId, body: StepBody, by: Registrar, desk: TheSupplies, cause: IdempotencyCause
) -> SupplyView:
    """Đã gửi."""
    return await desk.step(request_id, SupplyState.SENT, body, by, cause)


@router.post("/supply-requests/{request_id}/receipt", responses=problems(*STEP))
async def receive_supplies(
    request_id: RequestId, body: StepBody, by: Carer, desk: TheSupplies, cause: IdempotencyCause
) -> SupplyView:
    """Đã nhận: what came is added to the stock."""
    return await desk.step(request_id, SupplyState.RECEIVED, body, by, cause)


@router.post("/supply-requests/{request_id}/refusal", responses=problems(*STEP))
async def refuse_supplies(
    request_id: RequestId, body: CloseBody, by: Registrar, desk: TheSupplies, cause: IdempotencyCause
) -> SupplyView:
    """Không duyệt."""
    return await desk.close(request_id, SupplyState.REFUSED, body, by, cause)


@router.post("/supply-requests/{request_id}/withdrawal", responses=problems(*STEP))
async def withdraw_supplies(
    request_id: RequestId, body: CloseBody, by: Carer, desk: TheSupplies, cause: IdempotencyCause
) -> SupplyView:
    """Rút lại đề nghị."""
    return await desk.close(request_id, SupplyState.WITHDRAWN, body, by, cause)
