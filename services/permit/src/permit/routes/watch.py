"""The checkpoint board, and the flags that permits and checkpoints bear."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from common.http.auth import SignedInSession, role_required
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from common.kernel.errors import OutsideYourArea
from common.work.engine import Work
from permit.domain import errors
from permit.routes.shelf import CheckpointId, PermitId
from permit.views.board import Board
from permit.views.board_bodies import BoardView, HoursView
from permit.views.flags import FlagDesk, FlagsView
from permit.views.requests import ReasonBody

router = APIRouter(prefix="/v1", tags=["board"], route_class=DirectRoute)

ON_DUTY = ("checkpoint_officer", "permit_officer", "leader", "ioc_operator", "administrator")
OnDuty = Annotated[Actor, Depends(role_required(*ON_DUTY))]
Inspector = Annotated[Actor, Depends(role_required("permit_officer", "leader", "administrator"))]
TheBoard = Annotated[Board, provided("board")]
TheFlags = Annotated[FlagDesk, provided("flag_desk")]
PermitFlagWork = Annotated[Work[Any, Any], provided("permit_flags")]
CheckpointFlagWork = Annotated[Work[Any, Any], provided("checkpoint_flags")]


@router.get("/checkpoints/board", responses=problems())
async def read_board(reader: OnDuty, board: TheBoard) -> BoardView:
    """Bảng chốt: how busy each checkpoint of the reader's area is, and why people are turned back."""
    return await board.view(reader)


@router.get("/checkpoints/board/stream", response_class=StreamingResponse)
async def follow_board(reader: OnDuty, session: SignedInSession, board: TheBoard) -> StreamingResponse:
    """The live board as server-sent events: `board` first, then `post` for each change."""
    return board.follow(reader, session.expires_at)


@router.get("/checkpoints/{checkpoint_id}/board", responses=problems(errors.UnknownCheckpoint))
async def read_hours(checkpoint_id: CheckpointId, reader: OnDuty, board: TheBoard) -> HoursView:
    """Một chốt theo giờ trong ngày."""
    return await board.hours(checkpoint_id, reader)


@router.get("/flags", responses=problems())
async def list_flags(inspector: Inspector, desk: TheFlags) -> FlagsView:
    """Dấu hiệu bất thường cần xem xét: advisory, each with its evidence."""
    return await desk.standing(inspector)


@router.post(
    "/permits/{permit_id}/flag-clearance",
    responses=problems(errors.FlagNotFound, errors.NothingToClear, OutsideYourArea),
)
async def clear_permit_flag(
    permit_id: PermitId,
    body: ReasonBody,
    inspector: Inspector,
    desk: TheFlags,
    work: PermitFlagWork,
    cause: IdempotencyCause,
) -> FlagsView:
    """Gỡ cảnh báo của một giấy, with the reason; new evidence raises it again."""
    await work.run(desk.to_clear(permit_id, body, inspector), cause)
    return await desk.standing(inspector)


@router.post(
    "/checkpoints/{checkpoint_id}/flag-clearance",
    responses=problems(errors.FlagNotFound, errors.NothingToClear, OutsideYourArea),
)
async def clear_checkpoint_flag(
    checkpoint_id: CheckpointId,
    body: ReasonBody,
    inspector: Inspector,
    desk: TheFlags,
    work: CheckpointFlagWork,
    cause: IdempotencyCause,
) -> FlagsView:
    """Gỡ cảnh báo của một chốt, with the reason; new evidence raises it again."""
    await work.run(desk.to_clear(checkpoint_id, body, inspector), cause)
    return await desk.standing(inspector)
