"""What those who look after patients ask over HTTP: the worklist, its live stream, and every act."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import StreamingResponse

from common.http.auth import SignedInSession, role_required
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Paging
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from common.kernel.errors import Invalid
from f0_monitoring.domain import errors
from f0_monitoring.views import acts
from f0_monitoring.views.acts import Acts
from f0_monitoring.views.desk import Desk
from f0_monitoring.views.live import Live
from f0_monitoring.views.story import CareView, Story
from f0_monitoring.views.worklist import Tab, Worklist, WorklistView

router = APIRouter(prefix="/v1", tags=["f0-care"], route_class=DirectRoute)

TheActs = Annotated[Acts, provided("acts")]
TheStory = Annotated[Story, provided("story")]
TheDesk = Annotated[Desk, provided("desk")]
TheWorklist = Annotated[Worklist, provided("worklist")]
TheLive = Annotated[Live, provided("live")]
Carer = Annotated[Actor, Depends(role_required("health_officer", "doctor", "administrator"))]
PersonId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$")]
StaffId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Typed = Annotated[str, Query(max_length=100)]
CommuneCode = Annotated[str | None, Query(pattern=r"^\d{5}$")]
REFUSALS = (errors.NoSuchPatient, errors.NotYourPatient, errors.RecordClosed, Invalid)


@router.get("/worklist", responses=problems(BadCursor))
async def worklist(
    reader: Carer,
    desk: TheDesk,
    lists: TheWorklist,
    page: Paging,
    tab: Tab = Tab.ACT,
    commune_code: CommuneCode = None,
    mine: bool = False,
    q: Typed = "",
) -> WorklistView:
    """Ai cần gọi trước: by risk, then by silence; light rows, and how many are behind each tab."""
    search = desk.search(
        reader, mine=mine, is_open=True, commune_code=commune_code, risk=None, care=None, q=q
    )
    return await lists.page(search, tab, page, reader)


@router.get("/worklist/stream", responses=problems())
async def follow_worklist(session: SignedInSession, reader: Carer, live: TheLive) -> StreamingResponse:
    """Luồng trực tiếp: whose record changed, without names (server-sent events)."""
    return live.follow(reader, session.expires_at)


@router.get("/patients/{person_id}/care", responses=problems(errors.NoSuchPatient))
async def read_care(person_id: PersonId, reader: Carer, story: TheStory) -> CareView:
    """Việc đã làm: who has it, the team, devices, the timeline."""
    return await story.of(person_id, reader, "Xem diễn biến")


@router.post("/patients/{person_id}/acknowledgement", responses=problems(*REFUSALS))
async def acknowledge(
    person_id: PersonId,
    body: acts.AcknowledgementBody,
    by: Carer,
    doing: TheActs,
    story: TheStory,
    cause: IdempotencyCause,
) -> CareView:
    """Tôi nhận: colleagues see at once who is at it."""
    await doing.do(person_id, by, acts.taking(body), body.note, cause)
    return await story.of(person_id, by, "Nhận người bệnh")


@router.post("/patients/{person_id}/snooze", responses=problems(errors.SnoozeTooLong, *REFUSALS))
async def snooze(
    person_id: PersonId,
    body: acts.SnoozeBody,
    by: Carer,
    doing: TheActs,
    story: TheStory,
    cause: IdempotencyCause,
) -> CareView:
    """Hoãn nhắc, with a reason; back by the clock, and at once when the risk rises."""
    await doing.do(person_id, by, acts.putting_aside(body), body.note, cause)
    return await story.of(person_id, by, "Hoãn nhắc")


@router.delete("/patients/{person_id}/snooze", responses=problems(*REFUSALS))
async def end_snooze(
    person_id: PersonId, by: Carer, doing: TheActs, story: TheStory, cause: IdempotencyCause
) -> CareView:
    """Nhắc lại ngay."""
    await doing.do(person_id, by, acts.bringing_back(), "", cause)
    return await story.of(person_id, by, "Bỏ hoãn")


@router.post("/patients/{person_id}/calls", responses=problems(*REFUSALS))
async def log_call(
    person_id: PersonId,
    body: acts.CallBody,
    by: Carer,
    doing: TheActs,
    story: TheStory,
    cause: IdempotencyCause,
) -> CareView:
    """Ghi cuộc gọi: reached, no answer, wrong number."""
    await doing.do(person_id, by, acts.calling(body), body.note, cause)
    return await story.of(person_id, by, "Ghi cuộc gọi")


@router.post("/patients/{person_id}/medicines", responses=problems(*REFUSALS))
async def give_medicine(
    person_id: PersonId,
    body: acts.MedicineBody,
    by: Carer,
    doing: TheActs,
    story: TheStory,
    cause: IdempotencyCause,
) -> CareView:
    """Phát túi thuốc A, B, C, hoặc kê đơn."""
    await doing.do(person_id, by, acts.giving(body), body.note, cause)
    return await story.of(person_id, by, "Phát thuốc")


@router.post("/patients/{person_id}/knock", responses=problems(*REFUSALS))
async def ask_to_knock(
    person_id: PersonId,
    body: acts.KnockBody,
    by: Carer,
    doing: TheActs,
    story: TheStory,
    cause: IdempotencyCause,
) -> CareView:
    """Nhờ xã gõ cửa: the commune's officer is alerted and answers."""
    await doing.do(person_id, by, acts.asking_to_knock(body), body.note, cause)
    return await story.of(person_id, by, "Nhờ xã gõ cửa")


@router.post("/patients/{person_id}/knock/answer", responses=problems(errors.NobodyKnocks, *REFUSALS))
async def answer_knock(
    person_id: PersonId,
    body: acts.KnockAnswerBody,
    by: Carer,
    doing: TheActs,
    story: TheStory,
    cause: IdempotencyCause,
) -> CareView:
    """Xã đã đến nhà: well, needs care, nobody there; or withdrawn."""
    await doing.do(person_id, by, acts.answering(body), body.note, cause)
    return await story.of(person_id, by, "Trả lời việc gõ cửa")


@router.post("/patients/{person_id}/equipment", responses=problems(errors.LentAlready, *REFUSALS))
async def lend(
    person_id: PersonId,
    body: acts.LendBody,
    by: Carer,
    doing: TheActs,
    story: TheStory,
    cause: IdempotencyCause,
) -> CareView:
    """Cho mượn thiết bị: one device is in one house at a time."""
    await doing.lend(person_id, body, by, cause)
    return await story.of(person_id, by, "Cho mượn thiết bị")


@router.post("/patients/{person_id}/equipment/return", responses=problems(errors.NotLent, *REFUSALS))
async def take_back(
    person_id: PersonId,
    body: acts.ReturnBody,
    by: Carer,
    doing: TheActs,
    story: TheStory,
    cause: IdempotencyCause,
) -> CareView:
    """Nhận lại thiết bị, also after the record was closed."""
    await doing.take_back(person_id, body, by, cause)
    return await story.of(person_id, by, "Nhận lại thiết bị")


@router.post("/patients/{person_id}/team", responses=problems(errors.TeamFull, *REFUSALS))
async def join_team(
    person_id: PersonId,
    body: acts.HelperBody,
    by: Carer,
    doing: TheActs,
    story: TheStory,
    cause: IdempotencyCause,
) -> CareView:
    """Thêm người cùng chăm sóc: nurse, health officer, second doctor."""
    await doing.carers(acts.joining(person_id, body, by), cause)
    return await story.of(person_id, by, "Thêm người chăm sóc")


@router.delete("/patients/{person_id}/team/{staff_id}", responses=problems(*REFUSALS))
async def leave_team(
    person_id: PersonId,
    staff_id: StaffId,
    by: Carer,
    doing: TheActs,
    story: TheStory,
    cause: IdempotencyCause,
) -> CareView:
    """Bớt người cùng chăm sóc."""
    await doing.carers(acts.leaving(person_id, staff_id, by), cause)
    return await story.of(person_id, by, "Bớt người chăm sóc")
