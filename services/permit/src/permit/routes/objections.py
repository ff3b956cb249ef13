"""What waits for officers; why a decision was made; appeals."""

from fastapi import APIRouter

from common.http.auth import PermitOfficer
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Page, Paging
from common.http.problems import problems
from common.kernel.errors import OutsideYourArea
from permit.domain import errors
from permit.ports import Queue
from permit.routes.shelf import AppealId, Applicant, HolderWork, PermitId, TheObjections
from permit.views import cases

router = APIRouter(prefix="/v1", tags=["decisions"], route_class=DirectRoute)


@router.get("/permit-queue", responses=problems(BadCursor))
async def list_queue(
    officer: PermitOfficer, objections: TheObjections, page: Paging
) -> Page[cases.WaitingView]:
    """Hàng chờ duyệt của cơ quan mình, gần hạn nhất trước."""
    return await objections.waiting(Queue.APPLICATIONS, page, officer)


@router.get("/appeals", responses=problems(BadCursor))
async def list_appeals(
    officer: PermitOfficer, objections: TheObjections, page: Paging
) -> Page[cases.WaitingView]:
    """Khiếu nại chờ trả lời, gần hạn nhất trước."""
    return await objections.waiting(Queue.APPEALS, page, officer)


@router.get("/permit-summary", responses=problems())
async def read_summary(officer: PermitOfficer, objections: TheObjections) -> cases.TodayView:
    """Hôm nay: what the machine decided, what waits, what is overdue."""
    return await objections.today(officer)


@router.get("/permits/{permit_id}/why", responses=problems(errors.PermitNotFound))
async def explain_decision(
    permit_id: PermitId, reader: Applicant, objections: TheObjections
) -> cases.WhyView:
    """Vì sao: the reason with document and rule, at once, and what can be done."""
    return await objections.why(permit_id, reader)


@router.post(
    "/permits/{permit_id}/appeals",
    status_code=201,
    responses=problems(
        errors.PermitNotFound,
        errors.AlreadyAppealed,
        errors.NothingToAppeal,
        errors.NotYours,
        OutsideYourArea,
    ),
)
async def file_appeal(
    permit_id: PermitId,
    body: cases.AppealBody,
    applicant: Applicant,
    objections: TheObjections,
    work: HolderWork,
    cause: IdempotencyCause,
) -> cases.WhyView:
    """Khiếu nại quyết định: somebody else looks at it again within the answer time."""
    await work.run(await objections.to_appeal(permit_id, body, applicant, cause), cause)
    return await objections.why(permit_id, applicant)


@router.post(
    "/permits/{permit_id}/appeals/{appeal_id}/answer",
    responses=problems(
        errors.PermitNotFound,
        errors.NothingToAppeal,
        errors.NotYourDecision,
        errors.NotInForce,
        OutsideYourArea,
    ),
)
async def answer_appeal(
    permit_id: PermitId,
    appeal_id: AppealId,
    body: cases.AnswerBody,
    officer: PermitOfficer,
    objections: TheObjections,
    work: HolderWork,
    cause: IdempotencyCause,
) -> cases.WhyView:
    """Trả lời khiếu nại: giữ nguyên hoặc thay đổi quyết định, bằng một câu cho người khiếu nại."""
    await work.run(await objections.to_answer(permit_id, appeal_id, body, officer), cause)
    return await objections.why(permit_id, officer)
