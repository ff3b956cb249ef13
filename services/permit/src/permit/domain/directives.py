"""Which directive (chỉ thị) is in force where: an area's own, or the nearest one above it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from common.kernel.areas import Actor
from common.kernel.decision import Decision
from common.kernel.trail import EMPTY, Trail, chained
from permit.domain import authority
from permit.domain.errors import InvalidPeriod
from permit.domain.facts import DirectiveChanged
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
class AreaDirective:
    """The directives of one area over time, in the order in which they take effect."""

    area_code: str
    orders: tuple[Order, ...] = ()
    trail: Trail = EMPTY

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

    @property
    def aggregate_id(self) -> str:
        """One record per area."""
        return self.area_code


def decide(
    area: AreaDirective | None, command: Any, rules: PermitRules | None, now: datetime
) -> Decision[AreaDirective]:
    """Note an order; the same one twice changes nothing."""
    if not isinstance(command, OrderDirective):
        raise TypeError(f"no decision for {type(command).__name__}")
    authority.require_role(command.by, authority.LEADER, authority.ADMINISTRATOR)
    if not command.by.area_codes & command.covers:
        authority.outside()
    before = area or AreaDirective(command.area_code)
    previous = before.in_force(command.effective_at)
    if previous and previous.directive is command.directive and previous.document == command.document:
        return Decision(before, answer=_answer(before, now))
    if any(order.effective_at > command.effective_at for order in before.orders):
        raise InvalidPeriod(
            "Địa bàn này đã có chỉ thị bắt đầu muộn hơn. Hãy chọn thời điểm sau đó.", field="effective_at"
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
    after, entry = _recorded(after, fact, command, rules, now)
    return Decision(after, (fact, entry), answer=_answer(after, now))


def _recorded(
    area: AreaDirective,
    fact: DirectiveChanged,
    command: OrderDirective,
    rules: PermitRules | None,
    now: datetime,
) -> tuple[AreaDirective, DecisionRecorded]:
    body = {
        "act": "ordered",
        "area_codes": [area.area_code],
        "from_status": str(fact.from_directive),
        "to_status": str(fact.to_directive),
        "rule": f"from:{fact.effective_at:%Y-%m-%dT%H:%M:%SZ}",
        "document": fact.document,
        "by": command.by.subject,
    }
    key = rules.trail_key if rules else b""
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
