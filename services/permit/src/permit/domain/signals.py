"""
Signs of fraud between scans (dấu hiệu bất thường): advisory, each with the scans that show it.

A sign is a property of two scans and of nothing else, so whichever of them arrives first, late or twice,
the same signs are found. Every doubt (clocks of phones, straight roads) counts for the traveller.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations

from common.kernel.areas import Area
from common.kernel.ids import derived_id
from permit.domain.scans import UNREADABLE, Mode, Scan

EARTH_KM = 6371.0


class Signal(StrEnum):
    """What looks wrong."""

    IMPOSSIBLE_TRAVEL = "impossible-travel"
    """One permit at two places that nobody drives between in that time."""
    TWO_PLACES_AT_ONCE = "two-places-at-once"
    """One permit in two lanes, or at two checkpoints, within the same minutes."""
    PLATE_ON_TWO_PERMITS = "plate-on-two-permits"
    """One number plate on the permits of two people, where one vehicle cannot have been with both."""
    REPEATED_TAMPERING = "repeated-tampering"
    """Several tampered codes at one checkpoint within a short time."""
    DEAD_KEY = "dead-key"
    """A code signed by a revoked or expired key."""


@dataclass(frozen=True, slots=True)
class SignalRules:
    """
    When scans contradict each other; own parameters of the province, see rules/permit/signals.

    *fastest_kmh* is what no vehicle exceeds as the crow flies; places closer than *nearest_km* prove
    nothing; *clock* is how wrong a phone may be whose offset was measured, *unknown_clock* one that never
    was, *own_clock* our own answer's delay; pairs further apart than *window* are not compared.
    """

    version: str
    document: str
    fastest_kmh: float
    nearest_km: float
    at_once: timedelta
    window: timedelta
    own_clock: timedelta
    clock: timedelta
    unknown_clock: timedelta
    tampering: frozenset[str]
    attempts: int
    attempts_within: timedelta
    dead_keys: frozenset[str]

    @property
    def noted(self) -> frozenset[str]:
        """Reasons of refused scans that are kept for their checkpoint."""
        return self.tampering | self.dead_keys


@dataclass(frozen=True, slots=True)
class Seen:
    """One scan as evidence. *give* is how wrong *at* may be, to either side."""

    scan_id: str
    permit_id: str
    person_id: str | None
    checkpoint_id: str
    area: Area
    at: datetime
    give: timedelta
    place: tuple[float, float] | None = None
    """Latitude and longitude, WGS 84."""
    lane: str = ""
    officer: str = ""
    plate_token: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign and the scans that show it; *reason* is the verifier's word for a single bad code."""

    evidence_id: str
    signal: Signal
    at: datetime
    scan_ids: tuple[str, ...]
    checkpoint_ids: tuple[str, ...]
    other_permit_id: str = ""
    distance_km: float | None = None
    minutes_apart: float | None = None
    kmh: int | None = None
    reason: str = ""


def seen(scan: Scan, rules: SignalRules) -> Seen:
    """Return a scan as evidence, with the doubt about its time."""
    if scan.mode is Mode.ONLINE:
        give = rules.own_clock
    else:
        give = rules.unknown_clock if scan.clock_offset_seconds is None else rules.clock
    post = scan.checkpoint
    has_place = post.latitude is not None and post.longitude is not None
    return Seen(
        scan_id=scan.scan_id,
        permit_id=scan.permit_id,
        person_id=scan.person_id,
        checkpoint_id=post.checkpoint_id,
        area=post.area,
        at=scan.scanned_at,
        give=give,
        place=(post.latitude or 0.0, post.longitude or 0.0) if has_place else None,
        lane=scan.lane,
        officer=scan.officer,
        plate_token=scan.plate_token,
    )


def contradictions(scans: Iterable[Seen], rules: SignalRules) -> Iterator[tuple[str, Evidence]]:
    """Yield (permit id, evidence) for every pair of *scans* that cannot both be honest."""
    for one, other in combinations(sorted(scans, key=lambda scan: (scan.at, scan.scan_id)), 2):
        if other.at - one.at > rules.window or UNREADABLE in (one.permit_id, other.permit_id):
            continue
        if one.permit_id == other.permit_id:
            for signal in _of_one_permit(one, other, rules):
                yield one.permit_id, _evidence(signal, one, other)
        elif _is_one_plate(one, other) and any(_of_one_permit(one, other, rules, in_one_lane=False)):
            for mine, theirs in ((one, other), (other, one)):
                yield (
                    mine.permit_id,
                    _evidence(Signal.PLATE_ON_TWO_PERMITS, one, other, theirs.permit_id),
                )


def attempt(scan: Scan, rules: SignalRules) -> Evidence | None:
    """Return a bad code as evidence against its checkpoint's traffic; None for an honest refusal."""
    reason = str(scan.judgement.reason)
    if reason not in rules.noted:
        return None
    signal = Signal.DEAD_KEY if reason in rules.dead_keys else Signal.REPEATED_TAMPERING
    return Evidence(
        evidence_id=derived_id("signal", signal, scan.scan_id),
        signal=signal,
        at=scan.scanned_at,
        scan_ids=(scan.scan_id,),
        checkpoint_ids=(scan.checkpoint.checkpoint_id,),
        reason=reason,
    )


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance as the crow flies (haversine): never more than the road, so never against the traveller."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(h))


def _of_one_permit(
    one: Seen, other: Seen, rules: SignalRules, *, in_one_lane: bool = True
) -> Iterator[Signal]:
    apart, give = other.at - one.at, one.give + other.give
    distance = _distance(one, other)
    if distance is not None and distance >= rules.nearest_km:
        hours = (apart + give) / timedelta(hours=1)
        if distance > rules.fastest_kmh * hours:
            yield Signal.IMPOSSIBLE_TRAVEL
    is_certainly_at_once = apart + give <= rules.at_once
    is_elsewhere = one.checkpoint_id != other.checkpoint_id and (
        distance is None or distance >= rules.nearest_km
    )
    if is_certainly_at_once and (is_elsewhere or (in_one_lane and _are_two_lanes(one, other))):
        yield Signal.TWO_PLACES_AT_ONCE


def _are_two_lanes(one: Seen, other: Seen) -> bool:
    if one.checkpoint_id != other.checkpoint_id:
        return False
    if one.lane and other.lane:
        return one.lane != other.lane
    return one.officer != other.officer


def _is_one_plate(one: Seen, other: Seen) -> bool:
    are_two_people = None not in (one.person_id, other.person_id) and one.person_id != other.person_id
    return are_two_people and bool(one.plate_token) and one.plate_token == other.plate_token


def _distance(one: Seen, other: Seen) -> float | None:
    return kilometres(one.place, other.place) if one.place and other.place else None


def _evidence(signal: Signal, one: Seen, other: Seen, other_permit_id: str = "") -> Evidence:
    distance = _distance(one, other)
    minutes = (other.at - one.at) / timedelta(minutes=1)
    likely = (other.at - one.at + one.give + other.give) / timedelta(hours=1)
    return Evidence(
        evidence_id=derived_id("signal", signal, one.scan_id, other.scan_id),
        signal=signal,
        at=other.at,
        scan_ids=(one.scan_id, other.scan_id),
        checkpoint_ids=(one.checkpoint_id, other.checkpoint_id),
        other_permit_id=other_permit_id,
        distance_km=None if distance is None else round(distance, 1),
        minutes_apart=round(minutes, 1),
        kmh=None if not distance or not likely else round(distance / likely),
    )
