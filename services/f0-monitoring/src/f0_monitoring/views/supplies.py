"""Requests for oxygen, equipment and staff over HTTP."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from common.http.bodies import Body
from common.kernel.areas import Actor
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause
from f0_monitoring.domain.facility_errors import NoSuchRequest
from f0_monitoring.domain.stock_items import StockRules
from f0_monitoring.domain.supplies import (
    LEGAL,
    AskSupplies,
    StepSupplies,
    SupplyRequest,
    SupplyState,
    is_above,
)
from f0_monitoring.ports.facilities import Facilities, Supplies
from f0_monitoring.views.facilities import FacilityDesk
from f0_monitoring.views.facility_bodies import ItemName

SHOWN = 200
LOOKS_BACK = timedelta(days=14)
GRANTING = (SupplyState.APPROVED, SupplyState.SENT, SupplyState.REFUSED)


class AmountBody(Body):
    """Một thứ cần chi viện: vật tư, hoặc doctor, nurse, volunteer."""

    item: ItemName
    amount: float = Field(ge=0, le=10_000_000)


class AskBody(Body):
    """Đề nghị chi viện."""

    lines: list[AmountBody] = Field(min_length=1, max_length=20)
    is_urgent: bool = False


class StepBody(Body):
    """Số lượng của bước này; thứ không ghi thì như bước trước."""

    lines: list[AmountBody] = Field(default_factory=list, max_length=20)


class CloseBody(Body):
    """Vì sao không tiếp tục."""

    reason: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_-]{0,39}$")] = "other"


class SupplyLineView(BaseModel):
    """One thing."""

    item: str
    asked: float
    approved: float | None
    sent: float | None
    received: float | None


class SupplyStepView(BaseModel):
    """One step: who, when, why."""

    to_state: SupplyState
    at: datetime
    by: str
    reason: str


class SupplyView(BaseModel):
    """A request; *next* are the steps that the reader may take now."""

    request_id: str
    facility_id: str
    facility_name: str
    state: SupplyState
    is_urgent: bool
    asked_at: datetime
    lines: list[SupplyLineView]
    history: list[SupplyStepView]
    next: list[SupplyState]


class SuppliesView(BaseModel):
    """Requests: open ones first."""

    items: list[SupplyView]
    as_of: datetime


class SupplyDesk:
    """Takes requests from step to step."""

    def __init__(
        self,
        runtime: Runtime,
        supplies: Supplies,
        facilities: Facilities,
        desk: FacilityDesk,
        work: Work[SupplyRequest, StockRules],
    ) -> None:
        self._runtime = runtime
        self._supplies = supplies
        self._facilities = facilities
        self._desk = desk
        self._work = work

    async def of_areas(self, by: Actor) -> SuppliesView:
        """Show the requests from the reader's areas."""
        now = self._runtime.clock.now()
        found = await self._supplies.in_areas(by.area_codes, since=now - LOOKS_BACK, limit=SHOWN)
        names = await self._facilities.many({one.facility_id for one in found})
        items = [_view(one, names[one.facility_id].name, by) for one in found if one.facility_id in names]
        return SuppliesView(items=items, as_of=now)

    async def ask(self, facility_id: str, body: AskBody, by: Actor, cause: Cause) -> SupplyView:
        """Ask for something; the id of the request comes from its cause."""
        facility = await self._desk.own(facility_id, by)
        amounts = tuple({line.item: line.amount for line in body.lines}.items())
        command = AskSupplies(cause.id, facility_id, facility.area, amounts, body.is_urgent, by)
        await self._work.run(command, cause)
        return await self._show(cause.id, by)

    async def step(
        self, request_id: str, to_state: SupplyState, body: StepBody, by: Actor, cause: Cause
    ) -> SupplyView:
        """Grant, send or receive it."""
        await self._readable(request_id, by)
        amounts = {line.item: line.amount for line in body.lines}
        await self._work.run(StepSupplies(request_id, to_state, by, amounts), cause)
        return await self._show(request_id, by)

    async def close(
        self, request_id: str, to_state: SupplyState, body: CloseBody, by: Actor, cause: Cause
    ) -> SupplyView:
        """Refuse it, or take it back."""
        await self._readable(request_id, by)
        await self._work.run(StepSupplies(request_id, to_state, by, {}, body.reason), cause)
        return await self._show(request_id, by)

    async def _show(self, request_id: str, by: Actor) -> SupplyView:
        request = await self._readable(request_id, by)
        facility = await self._desk.own(request.facility_id, by)
        return _view(request, facility.name, by)

    async def _readable(self, request_id: str, by: Actor) -> SupplyRequest:
        request = await self._supplies.one(request_id)
        if request is None or not by.covers(request.area):
            raise NoSuchRequest("Không có đề nghị này trong địa bàn của bạn. Hãy tải lại danh sách.")
        return request


def _view(request: SupplyRequest, facility_name: str, by: Actor) -> SupplyView:
    above = is_above(by, request.area)
    following = [state for state in SupplyState if state in LEGAL[request.state]]
    return SupplyView(
        request_id=request.request_id,
        facility_id=request.facility_id,
        facility_name=facility_name,
        state=request.state,
        is_urgent=request.is_urgent,
        asked_at=request.asked_at,
        lines=[
            SupplyLineView(
                item=line.item,
                asked=line.asked,
                approved=line.approved,
                sent=line.sent,
                received=line.received,
            )
            for line in request.lines
        ],
        history=[
            SupplyStepView(to_state=step.to_state, at=step.at, by=step.by, reason=step.reason)
            for step in request.history
        ],
        next=[state for state in following if above or state not in GRANTING],
    )
