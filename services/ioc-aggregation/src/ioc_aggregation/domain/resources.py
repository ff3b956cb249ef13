"""
What stations and facilities have, and what they ask for, as the other service last said.

Nothing that changes with time is kept: what is left and for how long is a function of the last count and of
now, so hours go on falling when nobody reports.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

OXYGEN: Final = "oxygen"
FURTHEST_HOURS: Final = 24 * 365 * 10
"""Beyond ten years a stock has no end worth naming."""
OVER: Final = ("received", "refused", "withdrawn")
"""States in which nothing more comes of a request."""


@dataclass(frozen=True, slots=True)
class Beds:
    """The beds of one kind: all, kept for somebody on the way, in use, free."""

    kind: str
    beds: int
    reserved: int
    occupied: int
    free: int


@dataclass(frozen=True, slots=True)
class Facility:
    """A station or facility after its fact *sequence*; staff, doctors and capacity are None until told."""

    facility_id: str
    sequence: int
    kind: str
    tier: int
    name: str
    commune_code: str
    beds: tuple[Beds, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """Who works at a facility after its fact *sequence*; *capacity*: F0 at home that it can look after."""

    facility_id: str
    sequence: int
    doctors: int
    staff: int
    capacity: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class StockItem:
    """One thing that a facility counted *at*, with the fact *sequence* that told it."""

    facility_id: str
    commune_code: str
    item: str
    sequence: int
    quantity: float
    used_per_day: float
    at: datetime


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One thing of a request; what is not decided yet is None."""

    item: str
    asked: float
    approved: float | None = None
    sent: float | None = None
    received: float | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request for supplies after its fact *sequence*."""

    request_id: str
    sequence: int
    facility_id: str
    commune_code: str
    state: str
    at: datetime
    lines: tuple[AskedLine, ...]


@dataclass(frozen=True, slots=True)
class Urgency:
    """When a request was made and whether it is urgent: told once, when it was asked."""

    request_id: str
    asked_at: datetime
    is_urgent: bool


Note = Facility | Team | StockItem | Request | Urgency


@dataclass(frozen=True, slots=True)
class Resources:
    """All that is known."""

    facilities: Mapping[str, Facility]
    teams: Mapping[str, Team]
    stocks: tuple[StockItem, ...] = ()
    requests: tuple[Request, ...] = ()
    urgencies: Mapping[str, Urgency] | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """Names of a thing and of its unit (Vietnamese, English), and when its end is near."""

    name: tuple[str, str]
    unit: tuple[str, str]
    warn: timedelta
    critical: timedelta


def empty_at(item: StockItem) -> datetime | None:
    """Return when it is used up at the rate of the last count; None if none of it is used."""
    if item.quantity <= 0:
        return item.at
    if item.used_per_day <= 0:
        return None
    hours = item.quantity / item.used_per_day * 24
    return item.at + timedelta(hours=hours) if hours <= FURTHEST_HOURS else None


def left_of(item: StockItem, now: datetime) -> float:
    """Return how much is left *now* if it was used as reported, never below 0."""
    days = max(0.0, (now - item.at).total_seconds()) / 86_400
    return max(0.0, item.quantity - item.used_per_day * days)


def hours_left(item: StockItem, now: datetime) -> float | None:
    """Return the hours that are left *now*, never below 0; None if none of it is used."""
    end = empty_at(item)
    return None if end is None else max(0.0, (end - now).total_seconds() / 3600)


def level_of(item: StockItem, rule: Threshold, now: datetime) -> str:
    """Return ok, warn, critical or empty."""
    end = empty_at(item)
    if end is None or end - now > rule.warn:
        return "ok"
    if end <= now:
        return "empty"
    return "critical" if end - now <= rule.critical else "warn"


def lowest_first(items: Iterable[StockItem], now: datetime) -> list[StockItem]:
    """Return what runs out, the first to do so first; what nobody uses comes last."""

    def key(item: StockItem) -> tuple[bool, float, str, str]:
        hours = hours_left(item, now)
        return hours is None, hours or 0.0, item.facility_id, item.item

    return sorted(items, key=key)


def beds_by_kind(facilities: Iterable[Facility]) -> list[Beds]:
    """Return the beds of every kind of these facilities together."""
    sums: dict[str, Beds] = {}
    for beds in (beds for facility in facilities for beds in facility.beds):
        known = sums.get(beds.kind, Beds(beds.kind, 0, 0, 0, 0))
        sums[beds.kind] = Beds(
            beds.kind,
            known.beds + beds.beds,
            known.reserved + beds.reserved,
            known.occupied + beds.occupied,
            known.free + beds.free,
        )
    return [sums[kind] for kind in sorted(sums)]
