"""What people do with many alerts at once, or later."""

from fastapi import APIRouter

from alerting.domain.commands import Snooze
from alerting.domain.errors import AlertOver, AlertTaken, AlertUnknown, NotForYou, SnoozeTimeWrong
from alerting.routes import TheDesk, Watcher
from alerting.views import AlertView
from alerting.views.bulk import TakeManyBody, TakenManyView, take_many
from alerting.views.snooze import SnoozeBody
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.problems import problems

router = APIRouter(prefix="/v1", tags=["alerts"], route_class=DirectRoute)


@router.post(
    "/alerts/{alert_id}/snooze",
    responses=problems(AlertUnknown, NotForYou, AlertTaken, AlertOver, SnoozeTimeWrong),
)
async def snooze_alert(
    alert_id: str, body: SnoozeBody, actor: Watcher, cause: IdempotencyCause, desk: TheDesk
) -> AlertView:
    """Để sau: put aside with a note until a time; the next rung, or anything worse, ends the pause."""
    key = await desk.key_of(alert_id)
    await desk.work.run(Snooze(key, alert_id, actor, body.until, desk.sealed(body.note)), cause)
    return await desk.shown(key, actor)


@router.post("/acknowledgements", responses=problems())
async def acknowledge_many(
    body: TakeManyBody, actor: Watcher, cause: IdempotencyCause, desk: TheDesk
) -> TakenManyView:
    """Nhận nhiều: each alert is taken or refused for itself, and the answer says which and why."""
    return await take_many(desk.work, desk.inbox, body, actor, desk.sealed(body.note), cause)
