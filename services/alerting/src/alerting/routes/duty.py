"""HTTP: when people are on call, and who is on call where."""

from typing import Annotated

from fastapi import APIRouter

from alerting.domain.errors import DutyTimeWrong
from alerting.routes import Watcher
from alerting.views.duty import DutyDesk, DutyView, PlanBody, SwapBody, UnitsOnCallView
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems

TheDuty = Annotated[DutyDesk, provided("duty")]
router = APIRouter(tags=["recipients"])


@router.get("/v1/recipients/me/duty", responses=problems())
async def read_duty(actor: Watcher, duty: TheDuty) -> DutyView:
    """Lịch trực cảnh báo của tôi."""
    return await duty.mine(actor)


@router.put("/v1/recipients/me/duty", responses=problems())
async def plan_duty(body: PlanBody, actor: Watcher, cause: IdempotencyCause, duty: TheDuty) -> DutyView:
    """Ghi lịch trực trong tuần: the hours in which the caller is called first."""
    return await duty.plan(actor, body, cause)


@router.post("/v1/recipients/me/duty/by-hand", responses=problems(DutyTimeWrong))
async def swap_duty(body: SwapBody, actor: Watcher, cause: IdempotencyCause, duty: TheDuty) -> DutyView:
    """Trực thay hoặc nghỉ trực từ bây giờ: for a week at most, whatever the plan says."""
    return await duty.swap(actor, body, cause)


@router.delete("/v1/recipients/me/duty/by-hand", responses=problems())
async def unswap_duty(actor: Watcher, cause: IdempotencyCause, duty: TheDuty) -> DutyView:
    """Trở lại theo lịch tuần."""
    return await duty.unswap(actor, cause)


@router.get("/v1/on-call", responses=problems())
async def list_on_call(actor: Watcher, duty: TheDuty) -> UnitsOnCallView:
    """Ai đang trực: who is called at once and who later, in every unit of the caller's area."""
    return await duty.on_call(actor)
