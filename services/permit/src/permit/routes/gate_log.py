"""Shifts, overrides and emergencies at checkpoints, and the log of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path

from common.http.auth import CheckpointOfficer, role_required
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Page, Paging
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from common.kernel.errors import OutsideYourArea
from common.work.engine import Work
from common.work.ledger import Ledger
from permit.domain.errors import UnknownCheckpoint
from permit.routes.shelf import Leader
from permit.views import answers
from permit.views.gate_log import ActsView, GateActionView, GateLog, ShiftView
from permit.views.gate_requests import ActionsBody, ShiftBody

router = APIRouter(prefix="/v1", tags=["checkpoints"], route_class=DirectRoute)

TheLog = Annotated[GateLog, provided("gate_log")]
ActionLedger = Annotated[Ledger[Any, Any], provided("gate_actions")]
ShiftWork = Annotated[Work[Any, Any], provided("shifts")]
ShiftId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{8,64}$")]
Reader = Annotated[Actor, Depends(role_required("checkpoint_officer", "leader", "administrator"))]


@router.post("/gate-actions", responses=problems())
async def tell_actions(
    body: ActionsBody, officer: CheckpointOfficer, log: TheLog, ledger: ActionLedger
) -> answers.UploadView:
    """Ghi việc xử lý tại chốt: paper matches or not, decided otherwise, let pass in an emergency."""
    return await log.take(ledger, body, officer)


@router.get("/gate-actions", responses=problems(BadCursor))
async def list_actions(reader: Reader, log: TheLog, page: Paging) -> Page[GateActionView]:
    """Sổ ngoại lệ: supervisors read their area, an officer their own entries."""
    return await log.log(reader, page)


@router.get("/gate-actions/summary", responses=problems())
async def sum_actions(supervisor: Leader, log: TheLog) -> ActsView:
    """Cho qua ngoài quy định trong 24 giờ: by checkpoint, with reasons, and the newest entries."""
    return await log.summary(supervisor)


@router.put("/shifts/{shift_id}", responses=problems(UnknownCheckpoint, OutsideYourArea))
async def tell_shift(
    shift_id: ShiftId,
    body: ShiftBody,
    officer: CheckpointOfficer,
    log: TheLog,
    work: ShiftWork,
    cause: IdempotencyCause,
) -> ShiftView:
    """Nhận ca, giao ca: a device tells its shift as a whole, as often as it likes."""
    return await log.tell_shift(work, shift_id, body, officer, cause)


@router.get("/shifts", responses=problems(BadCursor))
async def list_shifts(reader: Reader, log: TheLog, page: Paging) -> Page[ShiftView]:
    """Các ca trực trong địa bàn, mới nhất trước."""
    return await log.shifts(reader, page)
