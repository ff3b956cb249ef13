"""Requests of stations and facilities (đề nghị chi viện): oxygen, equipment and staff, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from common.kernel.areas import Actor, Area
from common.kernel.decision import Decision
from common.kernel.errors import Invalid
from f0_monitoring.domain.beds import require_staff_of
from f0_monitoring.domain.facility_errors import IllegalSupplyStep, LevelAboveOnly, NoSuchRequest, UnknownItem
from f0_monitoring.domain.stock import QUANTITY_MAX
from f0_monitoring.domain.stock_items import StockRules

PEOPLE = ("doctor", "nurse", "volunteer")
"""Staff that can be asked for, beside what is counted in stock."""


class SupplyState(StrEnum):
    """Where a request is."""

    ASKED = "asked"
    APPROVED = "approved"
    SENT = "sent"
    RECEIVED = "received"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


S = SupplyState
LEGAL: dict[SupplyState, frozenset[SupplyState]] = {
    S.ASKED: frozenset((S.APPROVED, S.REFUSED, S.WITHDRAWN)),
    S.APPROVED: frozenset((S.SENT, S.WITHDRAWN)),
    S.SENT: frozenset((S.RECEIVED,)),
    S.RECEIVED: frozenset(),
    S.REFUSED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
WORDS = {
    S.ASKED: "đang chờ duyệt",
    S.APPROVED: "đã duyệt",
    S.SENT: "đã gửi",
    S.RECEIVED: "đã nhận",
    S.REFUSED: "đã bị từ chối",
    S.WITHDRAWN: "đã rút lại",
}
OVER = frozenset(state for state, following in LEGAL.items() if not following)


@dataclass(frozen=True, slots=True)
class SupplyLine:
    """One thing, or one kind of staff; what is not decided yet is None."""

    item: str
    asked: float
    approved: float | None = None
    sent: float | None = None
    received: float | None = None


@dataclass(frozen=True, slots=True)
class SupplyStep:
    """One step: who, when, why."""

    to_state: SupplyState
    at: datetime
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SupplyRequest:
    """A request of one station or facility."""

    request_id: str
    facility_id: str
    area: Area
    lines: tuple[SupplyLine, ...]
    state: SupplyState
    is_urgent: bool
    asked_at: datetime
    history: tuple[SupplyStep, ...] = ()

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more can become of it."""
        return self.state in OVER


@dataclass(frozen=True, slots=True)
class AskSupplies:
    """A station or facility needs something."""

    request_id: str
    facility_id: str
    area: Area
    amounts: tuple[tuple[str, float], ...]
    is_urgent: bool
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """Id of the request that this changes."""
        return self.request_id


@dataclass(frozen=True, slots=True)
class StepSupplies:
    """Take the next step; *amounts* that are not named are those of the step before."""

    request_id: str
    to_state: SupplyState
    by: Actor
    amounts: Mapping[str, float]
    reason: str = ""

    @property
    def aggregate_id(self) -> str:
        """Id of the request that this changes."""
        return self.request_id


@dataclass(frozen=True, slots=True)
class SupplyMoved:
    """A request is at another step; *step* says which, who and when."""

    request: SupplyRequest
    step: SupplyStep

    @property
    def subject(self) -> str:
        """Facts about one request stay in order."""
        return self.request.request_id


def is_above(by: Actor, area: Area) -> bool:
    """Tell whether *by* speaks for the district or the province: a commune does not grant its own wishes."""
    return bool(by.area_codes & {area.district_code, area.province_code})


def decide_supplies(
    state: SupplyRequest | None, command: Any, rules: StockRules, now: datetime
) -> Decision[SupplyRequest]:
    """Decide one command on one request."""
    match command:
        case AskSupplies():
            return _asked(state, command, rules, now)
        case StepSupplies():
            return _stepped(state, command, now)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def _asked(
    state: SupplyRequest | None, command: AskSupplies, rules: StockRules, now: datetime
) -> Decision[SupplyRequest]:
    require_staff_of(command.by, command.area)
    if state is not None:
        return Decision(state, answer=_answer(state))
    amounts = dict(command.amounts)
    if not amounts:
        raise Invalid("Hãy chọn ít nhất một thứ cần chi viện.", field="lines")
    for item, amount in amounts.items():
        if item not in rules and item not in PEOPLE:
            raise UnknownItem("Thứ này không có trong danh mục. Hãy chọn trong danh sách.", field="lines")
        if not 0 < amount <= QUANTITY_MAX:
            raise Invalid("Số lượng đề nghị phải lớn hơn 0.", field="lines")
    step = SupplyStep(S.ASKED, now, command.by.subject)
    asked = SupplyRequest(
        request_id=command.request_id,
        facility_id=command.facility_id,
        area=command.area,
        lines=tuple(SupplyLine(item, amount) for item, amount in amounts.items()),
        state=S.ASKED,
        is_urgent=command.is_urgent,
        asked_at=now,
        history=(step,),
    )
    return Decision(asked, (SupplyMoved(asked, step),), (), _answer(asked))


def _stepped(state: SupplyRequest | None, command: StepSupplies, now: datetime) -> Decision[SupplyRequest]:
    if state is None:
        raise NoSuchRequest("Không có đề nghị này. Hãy tải lại danh sách.")
    require_staff_of(command.by, state.area)
    granting = (S.APPROVED, S.SENT, S.REFUSED)
    if command.to_state in granting and not is_above(command.by, state.area):
        raise LevelAboveOnly("Tuyến huyện hoặc tỉnh duyệt và gửi chi viện. Hãy liên hệ tuyến trên.")
    if command.to_state not in LEGAL[state.state]:
        raise IllegalSupplyStep(
            f"Đề nghị {WORDS[state.state]} nên không ghi “{WORDS[command.to_state]}” được. Hãy tải lại."
        )
    step = SupplyStep(command.to_state, now, command.by.subject, command.reason)
    lines = tuple(_line(line, command) for line in state.lines)
    after = replace(state, state=command.to_state, lines=lines, history=(*state.history, step))
    return Decision(after, (SupplyMoved(after, step),), (), _answer(after))


def _line(line: SupplyLine, command: StepSupplies) -> SupplyLine:
    match command.to_state:
        case S.APPROVED:
            return replace(line, approved=_amount(line.item, command, line.asked))
        case S.SENT:
            return replace(line, sent=_amount(line.item, command, line.approved or 0))
        case S.RECEIVED:
            return replace(line, received=_amount(line.item, command, line.sent or 0))
        case _:
            return line


def _amount(item: str, command: StepSupplies, most: float) -> float:
    """Return the amount of this step: never more than that of the step before."""
    amount = command.amounts.get(item, most)
    if not 0 <= amount <= most:
        raise Invalid(f"Số lượng từ 0 đến {most:g}, theo bước trước.", field="lines")
    return amount


def _answer(request: SupplyRequest) -> dict[str, Any]:
    return {"request_id": request.request_id, "state": request.state.value}
