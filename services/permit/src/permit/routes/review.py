"""What happens to a queued application before it is decided: questions, answers, taking a decision back."""

from typing import Annotated

from fastapi import APIRouter

from common.http.auth import PermitOfficer
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Page, Paging
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.errors import OutsideYourArea
from permit.domain import errors
from permit.ports import Queue
from permit.routes.shelf import (
    Applicant,
    DerivedId,
    HolderWork,
    PermitId,
    TheDesk,
    TheIntake,
    TheObjections,
)
from permit.views import answers, cases, requests
from permit.views.review import QuestionBody, ReplyBody, ReviewDesk, ReviewedView

router = APIRouter(prefix="/v1", tags=["decisions"], route_class=DirectRoute)
TheReview = Annotated[ReviewDesk, provided("review")]


@router.post(
    "/permits/{permit_id}/decision",
    responses=problems(
        errors.PermitNotFound,
        errors.NotInQueue,
        errors.InvalidPeriod,
        errors.NotYourDecision,
        OutsideYourArea,
    ),
)
async def settle_application(
    permit_id: PermitId,
    body: requests.DecisionBody,
    officer: PermitOfficer,
    intake: TheIntake,
    review: TheReview,
    work: HolderWork,
    cause: IdempotencyCause,
) -> ReviewedView:
    """Duyệt hoặc từ chối a queued application: it counts after ten seconds, in which it can be taken back."""
    await work.run(await intake.to_settle(permit_id, body, officer), cause)
    return await review.show(permit_id, officer, "Xét đơn xin giấy đi đường")


@router.post(
    "/permits/{permit_id}/decision-withdrawal",
    responses=problems(
        errors.PermitNotFound,
        errors.NotInQueue,
        errors.TooLateToWithdraw,
        errors.NotYourDecision,
        OutsideYourArea,
    ),
)
async def withdraw_decision(
    permit_id: PermitId, officer: PermitOfficer, review: TheReview, work: HolderWork, cause: IdempotencyCause
) -> ReviewedView:
    """Hoàn tác: the officer who just decided, or signed first, takes it back before it counts."""
    await work.run(await review.to_withdraw(permit_id, officer), cause)
    return await review.show(permit_id, officer, "Hoàn tác quyết định giấy đi đường")


@router.get("/permit-questions", responses=problems(BadCursor))
async def list_questions(
    reader: Applicant, objections: TheObjections, page: Paging
) -> Page[cases.WaitingView]:
    """Hồ sơ đang chờ người xin trả lời, hỏi lâu nhất trước."""
    return await objections.waiting(Queue.ASKED, page, reader)


@router.post(
    "/permits/{permit_id}/questions",
    status_code=201,
    responses=problems(
        errors.PermitNotFound,
        errors.NotInQueue,
        errors.AlreadyAsked,
        errors.NotYourDecision,
        OutsideYourArea,
    ),
)
async def ask_applicant(
    permit_id: PermitId,
    body: QuestionBody,
    officer: PermitOfficer,
    review: TheReview,
    work: HolderWork,
    cause: IdempotencyCause,
) -> ReviewedView:
    """Hỏi thêm: the application goes back to its applicant, and the answer time stands still."""
    await work.run(await review.to_ask(permit_id, body, officer, cause), cause)
    return await review.show(permit_id, officer, "Hỏi thêm về đơn xin giấy đi đường")


@router.post(
    "/permits/{permit_id}/questions/{question_id}/reply",
    responses=problems(errors.PermitNotFound, errors.NotInQueue, errors.NothingAsked, errors.NotYours),
)
async def reply_to_question(
    permit_id: PermitId,
    question_id: DerivedId,
    body: ReplyBody,
    applicant: Applicant,
    review: TheReview,
    desk: TheDesk,
    work: HolderWork,
    cause: IdempotencyCause,
) -> answers.PermitView:
    """Trả lời câu hỏi: the application is back in the queue, with the time it had left."""
    await work.run(await review.to_reply(permit_id, question_id, body, applicant), cause)
    return await desk.show(permit_id, applicant, "Trả lời câu hỏi về đơn xin giấy đi đường")
