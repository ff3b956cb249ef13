"""HTTP: the inbox, its live stream, and what people do with an alert."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from alerting.domain.commands import Acknowledge, Escalate, Resolve
from alerting.domain.errors import AlertOver, AlertTaken, AlertUnknown, LadderEnds, NotAResolution, NotForYou
from alerting.domain.handling import may_handle
from alerting.domain.model import Condition, Resolution
from alerting.domain.rules import AlertRules
from alerting.ports import Inbox, Lines, Postbox
from alerting.views import (
    AlertView,
    NoteView,
    ResolveBody,
    SummaryView,
    TakeBody,
    marks_of,
    summary,
)
from alerting.views.feed import Feed
from common.geo import Units
from common.http.auth import SignedInSession, role_required
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.pagination import Page, Paging, page_of
from common.http.parts import provided
from common.http.problems import problems
from common.http.sse import for_codes, stream_response
from common.kernel.areas import Actor
from common.kernel.clock import VIETNAM, Clock
from common.mongo.access_log import AccessLog
from common.mongo.sealing import Vault
from common.work.engine import Work

NOTE = "alert-note"
PURPOSE = "Xem cảnh báo và ghi chú xử lý"
WATCHERS = (
    "doctor",
    "health_officer",
    "ioc_operator",
    "administrator",
    "permit_officer",
    "checkpoint_officer",
)
"""Who is called for anything; what each of them sees follows from the audience of each alert."""
Watcher = Annotated[Actor, Depends(role_required(*WATCHERS))]


@dataclass(frozen=True)
class Desk:
    """What the routes work with."""

    work: Work[Condition, AlertRules]
    inbox: Inbox
    postbox: Postbox
    feed: Feed
    vault: Vault
    access_log: AccessLog
    units: Units
    clock: Clock
    lines: Lines
    channels: frozenset[str] = field(default_factory=frozenset)

    async def key_of(self, alert_id: str) -> str:
        """Return the condition behind an alert; `AlertUnknown` if there is none."""
        condition = await self.inbox.find(alert_id)
        if condition is None:
            raise AlertUnknown
        return condition.key

    async def shown(self, key: str, actor: Actor, *, alert_id: str = "") -> AlertView:
        """
        Return the alert with its notes opened, for those who may; the reading is noted.

        Without an *alert_id* it is the one there is now: after an act a worse alert may have taken its place
        at once, and what was done must not be answered as if nobody had found it.
        """
        condition = await self.work.read(key)
        if condition is None or condition.alert is None or alert_id not in ("", condition.alert.alert_id):
            raise AlertUnknown
        if not may_handle(condition, condition.alert, actor):
            raise NotForYou
        if condition.person_id:
            await self.access_log.note(actor, [condition.person_id], PURPOSE)
        alert = condition.alert
        said = [s for s in (alert.taken, alert.snoozed, alert.ended) if s and s.note]
        notes = [NoteView(by=s.by, at=s.at, text=self.opened(s.note)) for s in said]
        view = AlertView.of(condition, condition.alert, self.units)
        return view.model_copy(update={"notes": notes})

    async def page(self, actor: Actor, status: str, paging: Any) -> Page[AlertView]:
        """Return one page of the alerts in the sight of *actor*."""
        rows = await self.inbox.page_for(
            actor, is_open=status == "open", after=paging.after(datetime, str), limit=paging.limit + 1
        )
        pairs = [(condition, condition.alert) for condition in rows if condition.alert]
        shown, cursor = page_of(pairs, paging.limit, lambda pair: (pair[1].called_at, pair[1].alert_id))
        items = [AlertView.of(condition, alert, self.units) for condition, alert in shown]
        return Page(items=items, next=cursor)

    async def summary(self, actor: Actor) -> SummaryView:
        """Return the sums in the sight of *actor* since midnight in Vietnam."""
        now = self.clock.now()
        midnight = now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
        return summary(
            now,
            await self.inbox.count_open_for(actor),
            await self.inbox.today_for(actor, midnight),
            await self.postbox.health("email", now),
            is_on="email" in self.channels,
            lines=[line for line in await self.lines.all() if line.channel in self.channels],
        )

    def sealed(self, note: str) -> str:
        """Seal a note: people write names into them."""
        return self.vault.seal({"note": note}, data_class=NOTE) if note else ""

    def opened(self, sealed: str) -> str:
        """Open a note."""
        return str(self.vault.open(sealed, data_class=NOTE)["note"])


TheDesk = Annotated[Desk, provided("desk")]
router = APIRouter(tags=["alerts"], route_class=DirectRoute)


@router.get("/v1/alerts", responses=problems())
async def list_alerts(
    actor: Watcher,
    desk: TheDesk,
    paging: Paging,
    status: Annotated[Literal["open", "ended"], Query()] = "open",
) -> Page[AlertView]:
    """Hộp cảnh báo: the alerts of the caller's roles and areas, latest called first."""
    return await desk.page(actor, status, paging)


@router.get("/v1/alerts/{alert_id}", responses=problems(AlertUnknown, NotForYou))
async def read_alert(alert_id: str, actor: Watcher, desk: TheDesk) -> AlertView:
    """One alert with its notes."""
    return await desk.shown(await desk.key_of(alert_id), actor, alert_id=alert_id)


@router.post(
    "/v1/alerts/{alert_id}/acknowledgement",
    responses=problems(AlertUnknown, NotForYou, AlertTaken, AlertOver),
)
async def acknowledge_alert(
    alert_id: str, body: TakeBody, actor: Watcher, cause: IdempotencyCause, desk: TheDesk
) -> AlertView:
    """Tôi nhận: the clock of the ladder stops."""
    key = await desk.key_of(alert_id)
    await desk.work.run(Acknowledge(key, alert_id, actor, desk.sealed(body.note)), cause)
    return await desk.shown(key, actor)


@router.post(
    "/v1/alerts/{alert_id}/resolution",
    responses=problems(AlertUnknown, NotForYou, AlertOver, NotAResolution),
)
async def resolve_alert(
    alert_id: str, body: ResolveBody, actor: Watcher, cause: IdempotencyCause, desk: TheDesk
) -> AlertView:
    """Kết thúc: handled, or a false alarm."""
    key, resolution = await desk.key_of(alert_id), Resolution(body.resolution)
    await desk.work.run(Resolve(key, alert_id, actor, resolution, desk.sealed(body.note)), cause)
    return await desk.shown(key, actor)


@router.post(
    "/v1/alerts/{alert_id}/escalation", responses=problems(AlertUnknown, NotForYou, AlertOver, LadderEnds)
)
async def escalate_alert(alert_id: str, actor: Watcher, cause: IdempotencyCause, desk: TheDesk) -> AlertView:
    """Chuyển lên: call the next rung without waiting for the clock."""
    key = await desk.key_of(alert_id)
    await desk.work.run(Escalate(key, alert_id, actor), cause)
    return await desk.shown(key, actor)


@router.get("/v1/summary", responses=problems())
async def read_summary(actor: Watcher, desk: TheDesk) -> SummaryView:
    """The day so far in the caller's area, and whether the channels can be relied on."""
    return await desk.summary(actor)


@router.get("/v1/stream", responses=problems())
async def stream_alerts(actor: Watcher, session: SignedInSession, desk: TheDesk) -> StreamingResponse:
    """Live inbox (SSE): `snapshot`, then `alert` for each change; `refresh` asks to come again."""
    return stream_response(
        desk.feed.broadcast,
        desk.feed.snapshot_for(actor),
        select=for_codes(marks_of(actor)),
        until=session.expires_at,
    )
