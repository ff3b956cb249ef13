"""Which directive (chỉ thị) is in force where: an area's own, or the nearest one above it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from common.kernel.areas import Actor
from common.kernel.decision import Decision, Fact
from common.kernel.ids import derived_id
from common.kernel.trail import EMPTY, Trail, chained, commitment
from permit.domain import authority
from permit.domain.errors import AlreadyInForce, InvalidPeriod, NotTheLastOrder, OrderNotFound
from permit.domain.facts import DirectiveChanged, DirectiveWithdrawn
from permit.domain.record import DecisionRecorded
from permit.domain.rules import Directive, PermitRules, strictest

KEPT = 40


@dataclass(frozen=True, slots=True)
class Order:
    """One change of directive, with the document that orders it."""

    directive: Directive
    effective_at: datetime
    document: str
    ordered_by: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An order that was taken back before its minute, and why."""

    order: Order
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AreaDirective:
    """The directives of one area over time, in the order in which they take effect."""

    area_code: str
    orders: tuple[Order, ...] = ()
    trail: Trail = EMPTY
    withdrawn: tuple[Withdrawal, ...] = ()

    def planned(self, now: datetime) -> tuple[Order, ...]:
        """Return the orders whose minute is still to come."""
        return tuple(order for order in self.orders if order.effective_at > now)

    def in_force(self, at: datetime) -> Order | None:
        """Return the order in force at an instant; None before the first one."""
        past = [order for order in self.orders if order.effective_at <= at]
        return past[-1] if past else None


@dataclass(frozen=True, slots=True)
class OrderDirective:
    """Put a directive into force in an area from an instant on."""

    area_code: str
    covers: frozenset[str]
    """The area and those above it, of which the caller must serve one."""
    directive: Directive
    effective_at: datetime
    document: str
    by: Actor
    replaces: str = ""
    """Id of the planned order that this one takes the place of; *reason* says why."""
    reason: str = ""

    @property
    def aggregate_id(self) -> str:
        """One record per area."""
        return self.area_code


@dataclass(frozen=True, slots=True)
class WithdrawDirective:
    """Take back an order before its minute."""

    area_code: str
    covers: frozenset[str]
    order_id: str
    reason: str
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """The record of the area."""
        return self.area_code


def order_id(area_code: str, order: Order) -> str:
    """Return the name of an order: the same for the same order, given again after it was withdrawn."""
    minute = order.effective_at.astimezone(UTC).isoformat()
    return derived_id("order", area_code, str(order.directive), minute, order.document)


def decide(
    area: AreaDirective | None, command: Any, rules: PermitRules | None, now: datetime
) -> Decision[AreaDirective]:
    """Note an order or take one back; the same twice changes nothing."""
    if not isinstance(command, OrderDirective | WithdrawDirective):
        raise TypeError(f"no decision for {type(command).__name__}")
    authority.require_role(command.by, authority.LEADER, authority.ADMINISTRATOR)
    if not command.by.area_codes & command.covers:
        authority.outside()
    key = rules.trail_key if rules else b""
    before = area or AreaDirective(command.area_code)
    if isinstance(command, WithdrawDirective):
        after, facts = _without(before, command.order_id, command, key, now)
    else:
        after, facts = _ordered(before, command, key, now)
    return Decision(after, facts, answer=_answer(after, now))


Done = tuple[AreaDirective, tuple[Fact, ...]]


def _ordered(before: AreaDirective, command: OrderDirective, key: bytes, now: datetime) -> Done:
    facts: tuple[Fact, ...] = ()
    if command.replaces:
        before, facts = _without(before, command.replaces, command, key, now)
    previous = before.in_force(command.effective_at)
    if previous and previous.directive is command.directive and previous.document == command.document:
        return before, facts
    if any(order.effective_at > command.effective_at for order in before.orders):
        raise InvalidPeriod(
            "Địa bàn này đã có chỉ thị bắt đầu muộn hơn. Hãy rút chỉ thị đó, hoặc chọn thời điểm sau đó.",
            field="effective_at",
        )
    order = Order(command.directive, command.effective_at, command.document, command.by.subject)
    after = replace(before, orders=(*before.orders, order)[-KEPT:])
    fact = DirectiveChanged(
        command.area_code,
        previous.directive if previous else Directive.NONE,
        command.directive,
        command.effective_at,
        command.document,
    )
    after, entry = _recorded(after, fact, command, key, now)
    return after, (*facts, fact, entry)


def _without(
    before: AreaDirective,
    wanted: str,
    command: OrderDirective | WithdrawDirective,
    key: bytes,
    now: datetime,
) -> Done:
    """
    Take back the last planned order.

    Whether its minute has come is decided here and nowhere else: an order that was withdrawn in time never
    was in force, whatever the timer of its rollout finds.
    """
    found = next((o for o in before.orders if order_id(before.area_code, o) == wanted), None)
    if found is None:
        if any(order_id(before.area_code, each.order) == wanted for each in before.withdrawn):
            return before, ()
        raise OrderNotFound("Không có chỉ thị này ở địa bàn. Hãy tải lại trang.")
    if found.effective_at <= now:
        raise AlreadyInForce("Chỉ thị đã tới giờ áp dụng nên không rút được. Hãy ra chỉ thị mới.")
    if found is not before.orders[-1]:
        raise NotTheLastOrder("Địa bàn này còn chỉ thị hẹn muộn hơn. Hãy rút chỉ thị đó trước.")
    withdrawal = Withdrawal(found, command.reason, command.by.subject, now)
    after = replace(before, orders=before.orders[:-1], withdrawn=(*before.withdrawn, withdrawal)[-KEPT:])
    instead = after.in_force(found.effective_at)
    fact = DirectiveWithdrawn(
        before.area_code,
        found.directive,
        instead.directive if instead else Directive.NONE,
        found.effective_at,
        found.document,
    )
    after, entry = _recorded(after, fact, command, key, now)
    return after, (fact, entry)


def _recorded(
    area: AreaDirective,
    fact: DirectiveChanged,
    command: OrderDirective | WithdrawDirective,
    key: bytes,
    now: datetime,
) -> tuple[AreaDirective, DecisionRecorded]:
    body = {
        "act": "withdrawn" if isinstance(fact, DirectiveWithdrawn) else "ordered",
        "area_codes": [area.area_code],
        "from_status": str(fact.from_directive),
        "to_status": str(fact.to_directive),
        "rule": f"from:{fact.effective_at:%Y-%m-%dT%H:%M:%SZ}",
        "document": fact.document,
        "by": command.by.subject,
    }
    if isinstance(fact, DirectiveWithdrawn):
        body["because"] = commitment(command.reason, key)
    trail, [entry] = chained(area.trail, f"area-{area.area_code}", [body], key, now)
    return replace(area, trail=trail), DecisionRecorded(entry)


def directive_for(
    places: list[tuple[str, ...]], known: Mapping[str, AreaDirective], at: datetime
) -> Directive:
    """
    Return the strictest directive over *places*; each is its codes from commune to province.

    Within a place the most local order counts: a commune under 16 in a province under 19 is under 16,
    and a commune freed by its own order is free.
    """
    return strictest([_nearest(codes, known, at) for codes in places])


def _nearest(codes: tuple[str, ...], known: Mapping[str, AreaDirective], at: datetime) -> Directive:
    for code in codes:
        order = known[code].in_force(at) if code in known else None
        if order is not None:
            return order.directive
    return Directive.NONE


def _answer(area: AreaDirective, now: datetime) -> dict[str, Any]:
    order = area.in_force(now)
    return {
        "area_code": area.area_code,
        "directive": str(order.directive if order else Directive.NONE),
        "orders": len(area.orders),
    }
