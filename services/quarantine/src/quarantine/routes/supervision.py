"""What people ask about supervision: worklists, contacts, help, breaches, check-ins."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path

from common.http.auth import Citizen, HealthOfficer, role_required
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Page, Paging
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from common.kernel.errors import OutsideYourArea
from common.work.engine import Work
from quarantine.domain.errors import CaseNotFound
from quarantine.domain.supervision import errors
from quarantine.ports.supervision import WatchList
from quarantine.routes.shelf import CommuneCode, Declarant, PersonId, Reader, TheDesk, TheSupervision
from quarantine.views.supervision import answers, bodies
from quarantine.views.supervision.intake import SupervisionIntake

router = APIRouter(prefix="/v1", tags=["supervision"], route_class=DirectRoute)

TheIntake = Annotated[SupervisionIntake, provided("supervision_intake")]
WatchWork = Annotated[Work[Any, Any], provided("supervision")]
Watcher = Annotated[Actor, Depends(role_required("health_officer", "administrator"))]
RecordId = Annotated[str, Path(pattern=r"^[A-Za-z0-9.:_-]{1,100}$")]
OFFICERS = (CaseNotFound, OutsideYourArea)


@router.get("/supervision", responses=problems(BadCursor))
async def list_supervised(
    reader: Reader,
    desk: TheSupervision,
    page: Paging,
    status: WatchList = WatchList.TASKS,
    commune_code: CommuneCode = None,
) -> Page[answers.WatchedView]:
    """Danh sách giám sát: whom to call, to visit, to help; the longest waiting first."""
    return await desk.listed(status, reader, page, commune_code)


@router.get("/supervision-counts", responses=problems())
async def count_supervised(
    reader: Reader, desk: TheSupervision, commune_code: CommuneCode = None
) -> answers.WatchCountsView:
    """Số người trong từng danh sách giám sát."""
    return await desk.count(reader, commune_code)


@router.get("/cases/{person_id}/supervision", responses=problems(CaseNotFound))
async def read_supervision(
    person_id: PersonId, reader: Watcher, desk: TheSupervision
) -> answers.SupervisionView:
    """Giám sát một người: what is missed, logged, asked for; positions of answers that were not inside."""
    return await desk.show(person_id, reader, "Xem giám sát cách ly")


@router.post(
    "/cases/{person_id}/check-ins",
    status_code=201,
    responses=problems(*OFFICERS, errors.NotSupervised, errors.CheckInAlreadyAsked),
)
async def ask_for_check_in(
    person_id: PersonId,
    officer: HealthOfficer,
    intake: TheIntake,
    desk: TheSupervision,
    work: WatchWork,
    cause: IdempotencyCause,
) -> answers.SupervisionView:
    """Yêu cầu điểm danh ngay."""
    await work.run(await intake.to_ask(person_id, officer, cause), cause)
    return await desk.show(person_id, officer, "Yêu cầu điểm danh")


@router.post(
    "/cases/{person_id}/check-ins/{request_id}/answer",
    status_code=201,
    responses=problems(CaseNotFound, errors.CheckInNotAsked),
)
async def answer_check_in(
    person_id: PersonId,
    request_id: RecordId,
    body: bodies.AnswerBody,
    citizen: Citizen,
    intake: TheIntake,
    work: WatchWork,
    cause: IdempotencyCause,
) -> answers.AnsweredView:
    """Điểm danh: where the phone is; the first sure position becomes the place of quarantine."""
    answer = await work.run(await intake.to_answer(person_id, request_id, body, citizen), cause)
    return answers.AnsweredView.model_validate(answer)


@router.post(
    "/cases/{person_id}/check-ins/{request_id}/seen", status_code=204, responses=problems(CaseNotFound)
)
async def see_check_in(
    person_id: PersonId,
    request_id: RecordId,
    citizen: Citizen,
    intake: TheIntake,
    work: WatchWork,
    cause: IdempotencyCause,
) -> None:
    """Đã thấy yêu cầu điểm danh: a phone shows it, so no text message need remind of it."""
    await work.run(await intake.to_seen(person_id, request_id, citizen), cause)


@router.put("/cases/{person_id}/home", responses=problems(*OFFICERS))
async def set_home(
    person_id: PersonId,
    body: bodies.HomeBody,
    officer: HealthOfficer,
    intake: TheIntake,
    desk: TheSupervision,
    work: WatchWork,
    cause: IdempotencyCause,
) -> answers.SupervisionView:
    """Đặt vị trí nơi cách ly."""
    await work.run(await intake.to_home(person_id, body, officer), cause)
    return await desk.show(person_id, officer, "Đặt vị trí nơi cách ly")


@router.post("/cases/{person_id}/visits", status_code=201, responses=problems(*OFFICERS))
async def log_contact(
    person_id: PersonId,
    body: bodies.ContactBody,
    officer: HealthOfficer,
    intake: TheIntake,
    desk: TheSupervision,
    work: WatchWork,
    cause: IdempotencyCause,
) -> answers.SupervisionView:
    """Ghi cuộc gọi, lần đến nhà."""
    await work.run(await intake.to_contact(person_id, body, officer, cause), cause)
    return await desk.show(person_id, officer, "Ghi cuộc gọi, lần đến nhà")


@router.post("/cases/{person_id}/needs", status_code=201, responses=problems(CaseNotFound))
async def ask_for_help(
    person_id: PersonId,
    body: bodies.NeedBody,
    by: Declarant,
    intake: TheIntake,
    work: WatchWork,
    cause: IdempotencyCause,
) -> bodies.NeedBody:
    """Nhờ giúp đỡ: lương thực, thuốc, việc khác."""
    await work.run(await intake.to_need(person_id, body, by, cause), cause)
    return body


@router.post("/cases/{person_id}/needs/{need_id}/answer", responses=problems(*OFFICERS, errors.NeedNotFound))
async def answer_help(
    person_id: PersonId,
    need_id: RecordId,
    body: bodies.HelpedBody,
    officer: HealthOfficer,
    intake: TheIntake,
    desk: TheSupervision,
    work: WatchWork,
    cause: IdempotencyCause,
) -> answers.SupervisionView:
    """Đã giúp."""
    await work.run(await intake.to_helped(person_id, need_id, body, officer), cause)
    return await desk.show(person_id, officer, "Ghi đã giúp")


@router.post(
    "/cases/{person_id}/breaches",
    status_code=201,
    responses=problems(*OFFICERS, errors.NotSupervised),
)
async def report_breach(
    person_id: PersonId,
    body: bodies.BreachBody,
    officer: HealthOfficer,
    intake: TheIntake,
    desk: TheSupervision,
    work: WatchWork,
    cause: IdempotencyCause,
) -> answers.SupervisionView:
    """Ghi vi phạm mà cán bộ thấy hoặc được báo."""
    await work.run(await intake.to_breach(person_id, body, officer, cause), cause)
    return await desk.show(person_id, officer, "Ghi vi phạm cách ly")


@router.post(
    "/cases/{person_id}/breaches/{evidence_id}/follow-up",
    responses=problems(*OFFICERS, errors.BreachNotFound, errors.BreachSettled),
)
async def follow_up(
    person_id: PersonId,
    evidence_id: RecordId,
    body: bodies.FollowUpBody,
    officer: HealthOfficer,
    intake: TheIntake,
    desk: TheSupervision,
    work: WatchWork,
    cause: IdempotencyCause,
) -> answers.SupervisionView:
    """Xử lý vi phạm: đã giải trình, xác nhận, khép lại."""
    await work.run(await intake.to_follow_up(person_id, evidence_id, body, officer), cause)
    return await desk.show(person_id, officer, "Xử lý vi phạm cách ly")


@router.get("/me/check-ins", responses=problems(CaseNotFound))
async def my_check_ins(
    citizen: Citizen, desk: TheDesk, supervision: TheSupervision
) -> answers.FamilyCheckInsView:
    """Ai trong nhà đang được điểm danh: the person and those of the household."""
    mine = await desk.me(citizen)
    family = {member.person_id: member.full_name for member in mine.family}
    return await supervision.asked_at_home({mine.person_id: mine.full_name, **family})


@router.get("/me/needs", responses=problems())
async def my_needs(citizen: Citizen, desk: TheSupervision) -> answers.MyHelpView:
    """Tôi đã nhờ giúp gì, và đã được trả lời chưa."""
    return await desk.help_of(citizen)
