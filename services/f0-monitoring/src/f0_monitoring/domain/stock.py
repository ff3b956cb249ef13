"""Oxygen and equipment of a station or facility: reports, deliveries, when it is told that it runs out."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from common.kernel.areas import Actor, Area
from common.kernel.decision import Decision, Fact, Timer, TimerFired
from common.kernel.errors import Invalid
from f0_monitoring.domain.beds import require_staff_of
from f0_monitoring.domain.facility_errors import UnknownItem
from f0_monitoring.domain.stock_items import (
    Item,
    StockLevel,
    StockRules,
    crossings,
    empty_at,
    left_of,
    level_of,
)

QUANTITY_MAX = 10_000_000


@dataclass(frozen=True, slots=True)
class Stock:
    """Everything that a station or facility counts."""

    facility_id: str
    area: Area
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of a report."""

    item: str
    quantity: float
    used_per_day: float


@dataclass(frozen=True, slots=True)
class ReportStock:
    """What was counted just now; items that are not named stay as they were."""

    facility_id: str
    area: Area
    lines: tuple[Counted, ...]
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """Id of the stock that this changes."""
        return self.facility_id


@dataclass(frozen=True, slots=True)
class AddDelivery:
    """A delivery has come: it is added to what is left of the last count."""

    facility_id: str
    area: Area
    amounts: tuple[tuple[str, float], ...]
    by: str

    @property
    def aggregate_id(self) -> str:
        """Id of the stock that this changes."""
        return self.facility_id


@dataclass(frozen=True, slots=True, kw_only=True)
class StockFact:
    """A fact about one stock."""

    facility_id: str
    area: Area
    at: datetime

    @property
    def subject(self) -> str:
        """Facts about one stock stay in order."""
        return self.facility_id


@dataclass(frozen=True, slots=True, kw_only=True)
class StockReported(StockFact):
    """These were counted, or came."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLow(StockFact):
    """It will be used up soon."""

    item: str
    level: StockLevel
    empty_at: datetime
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StockRestored(StockFact):
    """There is enough of it again."""

    item: str


def timers_of(stock: Stock, rules: StockRules) -> tuple[Timer, ...]:
    """Return when the next level of each item is reached that nobody has heard of."""
    timers = []
    for item in stock.items:
        rule = rules.get(item.item)
        ahead = [at for level, at in (crossings(item, rule) if rule else []) if level.rank > item.told.rank]
        if ahead:
            timers.append(Timer(item.item, ahead[0]))
    return tuple(timers)


def decide_stock(state: Stock | None, command: Any, rules: StockRules, now: datetime) -> Decision[Stock]:
    """Decide one command on one stock."""
    match command:
        case ReportStock():
            require_staff_of(command.by, command.area)
            items = [_counted(line, rules, command.by.subject, now) for line in command.lines]
            return _taken(state or Stock(command.facility_id, command.area), items, rules, now)
        case AddDelivery():
            stock = state or Stock(command.facility_id, command.area)
            items = [
                _added(stock, name, amount, command.by, now)
                for name, amount in command.amounts
                if name in rules and amount > 0
            ]
            return _taken(stock, items, rules, now) if items else Decision(state)
        case TimerFired():
            return _fired(state, command, rules, now)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def _counted(line: Counted, rules: StockRules, by: str, now: datetime) -> Item:
    if line.item not in rules:
        raise UnknownItem("Vật tư này không có trong danh mục. Hãy chọn trong danh sách.", field="lines")
    for amount in (line.quantity, line.used_per_day):
        if not 0 <= amount <= QUANTITY_MAX:
            raise Invalid("Số lượng từ 0 trở lên.", field="lines")
    return Item(line.item, line.quantity, line.used_per_day, now, by)


def _added(stock: Stock, name: str, amount: float, by: str, now: datetime) -> Item:
    known = next((item for item in stock.items if item.item == name), Item(name, 0.0, 0.0, now, by))
    return replace(known, quantity=left_of(known, now) + amount, at=now, by=by)


def _taken(before: Stock, items: list[Item], rules: StockRules, now: datetime) -> Decision[Stock]:
    known = {item.item: item for item in before.items}
    facts: list[Fact] = []
    about: dict[str, Any] = {"facility_id": before.facility_id, "area": before.area, "at": now}
    for item in items:
        told = known[item.item].told if item.item in known else StockLevel.OK
        level = level_of(item, rules[item.item], now)
        known[item.item] = replace(item, told=level)
        facts += _change(about, item, told, level)
    told_of = tuple(known[item.item] for item in items)
    after = replace(before, items=tuple(known[name] for name in sorted(known)))
    reported = StockReported(**about, items=told_of)
    return Decision(after, (reported, *facts), timers_of(after, rules), {"facility_id": after.facility_id})


def _change(about: dict[str, Any], item: Item, told: StockLevel, level: StockLevel) -> list[Fact]:
    """Tell of a level that is another than the one that was heard of."""
    if level is told:
        return []
    if level is StockLevel.OK:
        return [StockRestored(**about, item=item.item)]
    end = empty_at(item) or about["at"]
    return [StockLow(**about, item=item.item, level=level, empty_at=end, reported_at=item.at)]


def _fired(stock: Stock | None, fired: TimerFired, rules: StockRules, now: datetime) -> Decision[Stock]:
    if stock is None:
        return Decision(None)
    item = next((each for each in stock.items if each.item == fired.name), None)
    rule = rules.get(fired.name)
    if item is None or rule is None:
        return Decision(stock, timers=timers_of(stock, rules))
    level = level_of(item, rule, now)
    about = {"facility_id": stock.facility_id, "area": stock.area, "at": now}
    facts = tuple(_change(about, item, item.told, level))
    items = tuple(replace(each, told=level) if each is item else each for each in stock.items)
    after = replace(stock, items=items)
    return Decision(after, facts, timers_of(after, rules))
