"""Photos of check-ins: sent by people, looked at by the officer of the area."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from common.http.auth import Citizen, HealthOfficer
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.work.engine import Work
from quarantine.domain.errors import CaseNotFound
from quarantine.domain.supervision import errors
from quarantine.routes.shelf import PersonId
from quarantine.views.supervision.photos import PhotoBody, PhotoDesk, PhotoKeptView

router = APIRouter(prefix="/v1", tags=["supervision"], route_class=DirectRoute)

TheDesk = Annotated[PhotoDesk, provided("photo_desk")]
WatchWork = Annotated[Work[Any, Any], provided("supervision")]
RequestId = Annotated[str, Path(pattern=r"^[A-Za-z0-9.:_-]{1,100}$")]


@router.post(
    "/check-in-photos",
    status_code=201,
    responses=problems(CaseNotFound, errors.CheckInNotAsked, errors.PhotoUnreadable),
)
async def send_photo(
    body: PhotoBody, citizen: Citizen, desk: TheDesk, work: WatchWork, cause: IdempotencyCause
) -> PhotoKeptView:
    """Gửi ảnh chụp tại chỗ sau khi điểm danh; không bắt buộc."""
    return await desk.take(work, body, citizen, cause)


@router.get(
    "/cases/{person_id}/check-ins/{request_id}/photo",
    responses=problems(CaseNotFound, errors.NoPhoto),
    response_class=Response,
)
async def read_photo(
    person_id: PersonId, request_id: RequestId, officer: HealthOfficer, desk: TheDesk
) -> Response:
    """Xem ảnh điểm danh; mỗi lần xem được ghi lại và người dân thấy ai đã xem."""
    picture = await desk.show(person_id, request_id, officer)
    return Response(picture, media_type="image/jpeg", headers={"cache-control": "no-store"})
