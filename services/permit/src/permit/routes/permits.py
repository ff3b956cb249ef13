"""Applications and permits."""

from fastapi import APIRouter, Response

from common.geo import UnknownCommune
from common.http.auth import PermitOfficer
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Page, Paging
from common.http.problems import problems
from common.kernel.errors import OutsideYourArea
from permit.domain import errors
from permit.domain.model import Status
from permit.routes.shelf import (
    Applicant,
    HolderWork,
    PermitId,
    PersonId,
    TheDesk,
    TheIntake,
    Typed,
)
from permit.views import answers, requests

router = APIRouter(prefix="/v1", tags=["permits"], route_class=DirectRoute)


@router.post(
    "/permits",
    status_code=201,
    responses=problems(
        UnknownCommune,
        errors.UnknownArea,
        errors.UnknownCategory,
        errors.InvalidPeriod,
        errors.InvalidWindow,
        errors.InvalidPlate,
        errors.PlateRequired,
        errors.TooMuchForOneCode,
        errors.TooManyPermits,
        errors.NotYours,
        OutsideYourArea,
    ),
)
async def apply_for_permit(
    body: requests.ApplicationBody,
    applicant: Applicant,
    intake: TheIntake,
    desk: TheDesk,
    work: HolderWork,
    cause: IdempotencyCause,
) -> answers.PermitView:
    """Xin giấy đi đường: the policy in force approves, refuses with the reason, or queues."""
    answer = await work.run(await intake.to_apply(body, applicant, cause), cause)
    return await desk.show(answer["permit_id"], applicant, "Nộp đơn xin giấy đi đường")


@router.get("/permits", responses=problems(BadCursor))
async def list_permits(
    reader: Applicant,
    desk: TheDesk,
    page: Paging,
    person_id: PersonId = None,
    status: Status | None = None,
    q: Typed = "",
) -> Page[answers.PermitView]:
    """Danh sách giấy: of the officer's area, of the employer's staff, or one's own."""
    return await desk.page(desk.search(reader, person_id=person_id, status=status, q=q), page, reader)


@router.get("/permits/{permit_id}", responses=problems(errors.PermitNotFound))
async def read_permit(permit_id: PermitId, reader: Applicant, desk: TheDesk) -> answers.PermitView:
    """Xem giấy."""
    return await desk.show(permit_id, reader, "Xem giấy đi đường")


@router.get(
    "/permits/{permit_id}/qr.png",
    responses=problems(errors.PermitNotFound, errors.NoCodeYet),
    response_class=Response,
)
async def read_code(permit_id: PermitId, reader: Applicant, desk: TheDesk) -> Response:
    """Mã QR của giấy, ảnh PNG."""
    return Response(await desk.picture(permit_id, reader), media_type="image/png")


@router.get(
    "/permits/{permit_id}/permit.pdf",
    responses=problems(errors.PermitNotFound, errors.NoCodeYet),
    response_class=Response,
)
async def read_paper(permit_id: PermitId, reader: Applicant, desk: TheDesk) -> Response:
    """Bản in của giấy, một trang A4."""
    return Response(await desk.paper(permit_id, reader), media_type="application/pdf")


@router.post(
    "/permits/{permit_id}/suspension",
    responses=problems(errors.PermitNotFound, errors.NotInForce, OutsideYourArea),
)
async def suspend_permit(
    permit_id: PermitId,
    body: requests.SuspensionBody,
    officer: PermitOfficer,
    intake: TheIntake,
    desk: TheDesk,
    work: HolderWork,
    cause: IdempotencyCause,
) -> answers.PermitView:
    """Tạm dừng giấy."""
    await work.run(await intake.to_suspend(permit_id, body, officer), cause)
    return await desk.show(permit_id, officer, "Tạm dừng giấy đi đường")


@router.post(
    "/permits/{permit_id}/reinstatement",
    responses=problems(errors.PermitNotFound, errors.NotInForce, OutsideYourArea),
)
async def reinstate_permit(
    permit_id: PermitId,
    body: requests.ReasonBody,
    officer: PermitOfficer,
    intake: TheIntake,
    desk: TheDesk,
    work: HolderWork,
    cause: IdempotencyCause,
) -> answers.PermitView:
    """Mở lại giấy: lifts what officers put on it, nothing else."""
    await work.run(await intake.to_reinstate(permit_id, body, officer), cause)
    return await desk.show(permit_id, officer, "Mở lại giấy đi đường")


@router.post(
    "/permits/{permit_id}/revocation",
    responses=problems(errors.PermitNotFound, errors.NotInForce, OutsideYourArea),
)
async def revoke_permit(
    permit_id: PermitId,
    body: requests.ReasonBody,
    officer: PermitOfficer,
    intake: TheIntake,
    desk: TheDesk,
    work: HolderWork,
    cause: IdempotencyCause,
) -> answers.PermitView:
    """Thu hồi giấy."""
    await work.run(await intake.to_revoke(permit_id, body, officer), cause)
    return await desk.show(permit_id, officer, "Thu hồi giấy đi đường")
