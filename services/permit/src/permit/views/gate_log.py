"""What officers tell of their shift, and the log that supervisors read."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import BaseModel, Field

from common.http.pagination import Page, PageQuery, page_of
from common.kernel.areas import Actor
from common.kernel.ids import derived_id
from common.service import Runtime
from common.work.engine import Work
from common.work.ledger import Ledger
from common.work.model import Cause, Errand
from permit.domain import authority
from permit.domain.checkpoints import Checkpoint
from permit.domain.errors import UnknownCheckpoint
from permit.domain.gate_actions import LOGGED, Act, GateAction, RecordAction
from permit.domain.shifts import Counts, Shift, TellShift
from permit.ports import Checkpoints
from permit.ports.gate import ActCount, GateActions, Shifts
from permit.views import answers
from permit.views.gate import record_id, uploaded
from permit.views.gate_requests import ActionBody, ActionsBody, CountsBody, ShiftBody

NOTE: Final = "gate-note"
"""Data class of what officers write."""
SUMMED: Final = timedelta(hours=24)
RECENT: Final = 12
_SUPERVISORS: Final = frozenset((authority.LEADER, authority.ADMINISTRATOR))


class GateActionView(BaseModel):
    """One entry of the log."""

    action_id: str
    act: str = Field(description="matched, differed, let-pass, turned-back, emergency")
    reason_code: str
    note: str
    plate: str
    checkpoint_id: str
    checkpoint_name: str
    officer: str
    told: str = Field(description="Lý do mà máy quét đã báo")
    permit_id: str | None
    scan_id: str | None
    acted_at: datetime
    received_at: datetime


class PostActsView(BaseModel):
    """What officers of one checkpoint decided otherwise than the scanner, and why."""

    checkpoint_id: str
    checkpoint_name: str
    acts: dict[str, int] = Field(description="let-pass, turned-back, differed, emergency")
    reasons: dict[str, int]


class ActsView(BaseModel):
    """Cho qua ngoài quy định, 24 giờ qua: how much, where, why, and what happened last."""

    since: datetime
    as_of: datetime
    posts: list[PostActsView] = Field(description="Chốt có nhiều việc nhất trước")
    recent: list[GateActionView]


class ShiftView(BaseModel):
    """Ca trực."""

    shift_id: str
    officer: str
    checkpoint_id: str
    checkpoint_name: str
    opened_at: datetime
    closed_at: datetime | None
    counts: CountsBody
    received: int = Field(description="Số lượt quét của ca mà trung tâm đã nhận; ít hơn nghĩa là máy còn giữ")
    note: str


class GateLog:
    """Takes in and shows what happened at checkpoints beside the scans."""

    def __init__(
        self, runtime: Runtime, actions: GateActions, shifts: Shifts, checkpoints: Checkpoints
    ) -> None:
        self._runtime = runtime
        self._actions = actions
        self._shifts = shifts
        self._checkpoints = checkpoints

    async def take(self, ledger: Ledger[Any, Any], body: ActionsBody, by: Actor) -> answers.UploadView:
        """Record acts; each is recorded once, however often it comes."""
        commands = [self._command(item, by) for item in body.items]
        results = await ledger.run_batch([Errand(c, Cause(c.action_id)) for c in commands])
        pairs = zip(body.items, results, strict=True)
        return answers.UploadView(items=[uploaded(item.action_id, result) for item, result in pairs])

    async def log(self, by: Actor, paging: PageQuery) -> Page[GateActionView]:
        """Return the log: supervisors read that of their area, an officer their own."""
        officer = None if by.roles & _SUPERVISORS else by.subject
        after = _after(paging)
        rows = await self._actions.find(
            by.area_codes, LOGGED, officer=officer, limit=paging.limit + 1, after=after
        )
        shown, cursor = page_of(rows, paging.limit, lambda row: (row.acted_at, row.action_id))
        return Page(items=[self._view(row) for row in shown], next=cursor)

    async def summary(self, by: Actor) -> ActsView:
        """Return what was done in the caller's area within a day; the lines are noted like the log."""
        now = self._runtime.clock.now()
        counts = await self._actions.tally(by.area_codes, LOGGED, now - SUMMED)
        recent = await self._actions.find(by.area_codes, LOGGED, limit=RECENT)
        posts = {each.checkpoint_id: each.checkpoint_name for each in counts}
        views = [_acts(post_id, name, counts) for post_id, name in posts.items()]
        views.sort(key=lambda view: (-sum(view.acts.values()), view.checkpoint_name))
        recent = [row for row in recent if row.acted_at >= now - SUMMED]
        return ActsView(
            since=now - SUMMED, as_of=now, posts=views, recent=[self._view(row) for row in recent]
        )

    async def tell_shift(
        self, work: Work[Any, Any], shift_id: str, body: ShiftBody, by: Actor, cause: Cause
    ) -> ShiftView:
        """Note a shift that began or was handed over."""
        checkpoint = (await self._checkpoints.of_ids([body.checkpoint_id])).get(body.checkpoint_id)
        if checkpoint is None:
            raise UnknownCheckpoint("Không có chốt này trong danh sách. Hãy chọn lại chốt.")
        command = TellShift(
            shift_id=derived_id("shift", by.subject, shift_id),
            by=by,
            checkpoint=checkpoint,
            opened_at=body.opened_at,
            closed_at=body.closed_at,
            counts=Counts(**body.counts.model_dump()),
            note=self._runtime.vault.seal({"note": body.note}, data_class=NOTE) if body.note else "",
        )
        await work.run(command, cause)
        shift: Shift | None = await work.read(command.shift_id)
        if shift is None:
            raise AssertionError("the shift just told is there")
        return await self._shift(shift)

    async def shifts(self, by: Actor, paging: PageQuery) -> Page[ShiftView]:
        """Return the shifts of the caller's area, the newest first."""
        rows = await self._shifts.find(by.area_codes, limit=paging.limit + 1, after=_after(paging))
        shown, cursor = page_of(rows, paging.limit, lambda row: (row.opened_at, row.shift_id))
        return Page(items=[await self._shift(row) for row in shown], next=cursor)

    def _command(self, item: ActionBody, by: Actor) -> RecordAction:
        written = {"note": item.note, "plate": item.plate or ""}
        return RecordAction(
            action_id=derived_id("gate-action", by.subject, item.action_id),
            by=by,
            act=Act(item.act),
            checkpoint_id=item.checkpoint_id,
            reason_code=item.reason_code or item.act,
            note=self._runtime.vault.seal(written, data_class=NOTE) if any(written.values()) else "",
            scan_id=record_id(by, item.scan_id) if item.scan_id else None,
            permit_id=item.permit_id,
            told=item.told,
            acted_at=item.acted_at,
        )

    def _opened(self, sealed: str) -> dict[str, Any]:
        return self._runtime.vault.open(sealed, data_class=NOTE) if sealed else {}

    def _view(self, row: GateAction) -> GateActionView:
        written = self._opened(row.note)
        return GateActionView(
            action_id=row.action_id,
            act=row.act,
            reason_code=row.reason_code,
            note=written.get("note", ""),
            plate=written.get("plate", ""),
            **_at(row.checkpoint),
            officer=row.officer,
            told=row.told,
            permit_id=row.permit_id,
            scan_id=row.scan_id,
            acted_at=row.acted_at,
            received_at=row.received_at,
        )

    async def _shift(self, row: Shift) -> ShiftView:
        counts = row.counts
        return ShiftView(
            shift_id=row.shift_id,
            officer=row.officer,
            **_at(row.checkpoint),
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            counts=CountsBody(
                allowed=counts.allowed,
                refused=counts.refused,
                check=counts.check,
                overridden=counts.overridden,
                emergencies=counts.emergencies,
            ),
            received=await self._shifts.received(row, self._runtime.clock.now()),
            note=self._opened(row.note).get("note", ""),
        )


def _acts(post_id: str, name: str, counts: Iterable[ActCount]) -> PostActsView:
    acts, reasons = Counter[str](), Counter[str]()
    for each in counts:
        if each.checkpoint_id == post_id:
            acts[each.act] += each.count
            reasons[each.reason_code] += each.count
    return PostActsView(
        checkpoint_id=post_id, checkpoint_name=name, acts=acts, reasons=dict(reasons.most_common())
    )


def _at(checkpoint: Checkpoint) -> dict[str, str]:
    return {"checkpoint_id": checkpoint.checkpoint_id, "checkpoint_name": checkpoint.name}


def _after(paging: PageQuery) -> tuple[datetime, str] | None:
    given = paging.after(datetime, str)
    return (given[0], str(given[1])) if given and isinstance(given[0], datetime) else None
