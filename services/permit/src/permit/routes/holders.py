"""Holders: their scans, the wallet card, giving a permit back."""

from fastapi import APIRouter, Response

from common.http.auth import Citizen, SignedIn
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Page, Paging
from common.http.problems import problems
from common.web.pages import worker_script
from permit.domain import errors
from permit.routes.shelf import Applicant, HolderWork, Owner, PermitId, TheDesk, TheIntake, TheJourneys
from permit.views import answers, pocket
from permit.views.journeys import MyScanView, PlacesView

router = APIRouter(prefix="/v1", tags=["holders"], route_class=DirectRoute)
worker = APIRouter()
"""A service worker lives under the policy of its own script, and fetches what it keeps."""


@router.get("/my/scans", responses=problems(BadCursor))
async def list_my_scans(holder: Citizen, journeys: TheJourneys, page: Paging) -> Page[MyScanView]:
    """Các lần giấy của tôi được quét, mới nhất trước."""
    return await journeys.mine(holder, page)


@router.get("/places", responses=problems())
async def list_places(_reader: SignedIn, journeys: TheJourneys) -> PlacesView:
    """Huyện và xã của tỉnh, để chọn."""
    return journeys.places()


@router.get(
    "/permits/{permit_id}/card.pdf",
    responses=problems(errors.PermitNotFound, errors.NoCodeYet),
    response_class=Response,
)
async def read_card(permit_id: PermitId, reader: Applicant, desk: TheDesk) -> Response:
    """Thẻ bỏ ví của giấy."""
    return Response(await desk.card(permit_id, reader), media_type="application/pdf")


@router.post(
    "/permits/{permit_id}/cancellation", responses=problems(errors.PermitNotFound, errors.NotInForce)
)
async def cancel_permit(
    permit_id: PermitId,
    owner: Owner,
    intake: TheIntake,
    desk: TheDesk,
    work: HolderWork,
    cause: IdempotencyCause,
) -> answers.PermitView:
    """Hủy giấy: the holder, or the employer who applied, gives it back."""
    await work.run(await intake.to_cancel(permit_id, owner), cause)
    return await desk.show(permit_id, owner, "Hủy giấy đi đường")


@worker.get("/my-permits-sw.js", include_in_schema=False)
async def read_service_worker() -> Response:
    """What keeps the holders' page on the phone; at the root, so that its scope covers the page."""
    return worker_script(pocket.service_worker())
