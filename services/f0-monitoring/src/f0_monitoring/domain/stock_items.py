"""
One thing in stock: what was counted, how much is used, when it will be used up.

Nothing is stored that changes with time: hours to empty are a function of the last count and of now, so
they keep falling when nobody reports.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FURTHEST_HOURS = 24 * 365 * 10
"""A stock that lasts ten years has no deadline worth a timer."""


class StockLevel(StrEnum):
    """How near the end is. *rank* grows towards it."""

    rank: int

    def __new__(cls, value: str, rank: int) -> "StockLevel":
        """Make a level that knows its rank."""
        level = str.__new__(cls, value)
        level._value_ = value
        level.rank = rank
        return level

    OK = "ok", 0
    WARN = "warn", 1
    CRITICAL = "critical", 2
    EMPTY = "empty", 3


@dataclass(frozen=True, slots=True)
class ItemRule:
    """One kind of thing: its name and unit in Vietnamese and English, and when its end is near."""

    name: tuple[str, str]
    unit: tuple[str, str]
    warn: timedelta
    critical: timedelta


StockRules = Mapping[str, ItemRule]


@dataclass(frozen=True, slots=True)
class Item:
    """What was counted *at*; *told* is the level that others have heard of."""

    item: str
    quantity: float
    used_per_day: float
    at: datetime
    by: str
    told: StockLevel = StockLevel.OK


def empty_at(item: Item) -> datetime | None:
    """Return when it will be used up at the rate of the last report; None if none of it is used."""
    if item.quantity <= 0:
        return item.at
    if item.used_per_day <= 0:
        return None
    hours = item.quantity / item.used_per_day * 24
    return item.at + timedelta(hours=hours) if hours <= FURTHEST_HOURS else None


def hours_to_empty(item: Item, now: datetime) -> float | None:
    """Return the hours that are left *now*, never below 0; None if it is not used up."""
    end = empty_at(item)
    return None if end is None else max(0.0, (end - now).total_seconds() / 3600)


def left_of(item: Item, now: datetime) -> float:
    """Return how much is left *now* if it was used as reported."""
    used = item.used_per_day * max(0.0, (now - item.at).total_seconds()) / 86_400
    return max(0.0, item.quantity - used)


def level_of(item: Item, rule: ItemRule, now: datetime) -> StockLevel:
    """Return how near the end is; the same comparison of instants as that of the timer."""
    reached = [level for level, at in crossings(item, rule) if at <= now]
    return reached[-1] if reached else StockLevel.OK


def crossings(item: Item, rule: ItemRule) -> list[tuple[StockLevel, datetime]]:
    """Return when each level is reached, the first one first."""
    end = empty_at(item)
    if end is None:
        return []
    return [
        (StockLevel.WARN, end - rule.warn),
        (StockLevel.CRITICAL, end - rule.critical),
        (StockLevel.EMPTY, end),
    ]
