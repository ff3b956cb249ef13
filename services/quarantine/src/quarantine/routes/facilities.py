"""What people ask about facilities for centralised quarantine."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from common.geo import UnknownCommune
from common.http.auth import HealthOfficer
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.errors import OutsideYourArea
from common.work.engine import Work
from quarantine.domain import errors
from quarantine.domain.acts import GoHome
from quarantine.routes.shelf import CaseWork, Official, PersonId, TheDesk
from quarantine.views import beds
from quarantine.views.case import CaseView

router = APIRouter(prefix="/v1", tags=["facilities"], route_class=DirectRoute)
FacilityWork = Annotated[Work[Any, Any], provided("facilities")]
FacilityId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$")]
TheBeds = Annotated[beds.BedDesk, provided("bed_desk")]
SET_UP = problems(errors.RoomsInUse, UnknownCommune, OutsideYourArea)


@router.get("/facilities", responses=problems())
async def list_facilities(reader: Official, desk: TheBeds) -> beds.FacilitiesView:
    """Khu cách ly, giường trống, ai đang chờ giường."""
    return await desk.listed(reader)


@router.post("/facilities", status_code=201, responses=SET_UP)
async def set_up_facility(
    body: beds.FacilityBody, by: Official, desk: TheBeds, work: FacilityWork, cause: IdempotencyCause
) -> beds.FacilityView:
    """Lập khu cách ly."""
    facility_id = desk.new_id(cause)
    await work.run(desk.to_set_up(facility_id, body, by), cause)
    return await desk.show(facility_id, by)


@router.get("/facilities/{facility_id}", responses=problems(errors.FacilityNotFound))
async def read_facility(facility_id: FacilityId, reader: Official, desk: TheBeds) -> beds.FacilityView:
    """Phòng, giường, ai ở đâu."""
    return await desk.show(facility_id, reader)


@router.put("/facilities/{facility_id}", responses=SET_UP)
async def change_facility(
    facility_id: FacilityId,
    body: beds.FacilityBody,
    by: Official,
    desk: TheBeds,
    work: FacilityWork,
    cause: IdempotencyCause,
) -> beds.FacilityView:
    """Sửa tên, phòng, số giường."""
    await work.run(await desk.to_change(facility_id, body, by), cause)
    return await desk.show(facility_id, by)


@router.post(
    "/facilities/{facility_id}/beds",
    status_code=201,
    responses=problems(
        errors.FacilityNotFound,
        errors.CaseNotFound,
        errors.NotInQuarantine,
        errors.NoFreeBed,
        errors.RoomNotShared,
        OutsideYourArea,
    ),
)
async def assign_bed(
    facility_id: FacilityId,
    body: beds.BedBody,
    officer: HealthOfficer,
    desk: TheBeds,
    work: FacilityWork,
    cause: IdempotencyCause,
) -> beds.GivenView:
    """Xếp giường hoặc chuyển phòng: never more people than beds, whoever asks at the same moment."""
    command = await desk.to_assign(facility_id, body, officer, cause)
    return beds.GivenView.model_validate(await work.run(command, cause))


@router.post(
    "/cases/{person_id}/home-again",
    responses=problems(errors.CaseNotFound, errors.NotInQuarantine, OutsideYourArea),
)
async def go_home(
    person_id: PersonId, officer: HealthOfficer, desk: TheDesk, work: CaseWork, cause: IdempotencyCause
) -> CaseView:
    """Chuyển về cách ly tại nhà: the bed becomes free by a fact."""
    await work.run(GoHome(person_id, officer), cause)
    return await desk.show(person_id, officer, "Chuyển về cách ly tại nhà")
