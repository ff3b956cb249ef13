"""
The checkpoint board (bảng chốt): minutes counted from the scans, and what they say about the road now.

A minute is counted anew from all its scans whenever one of them arrives, by the time at which it
happened: late, shuffled and repeated uploads end in the same counts.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from permit.domain.scans import Mode, Scan
from permit.domain.verdict import Verdict

MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)
QUARTERS = 12
HOURS = 24
_STEP = timedelta(minutes=5)
_ODD = 5
"""A lane with less than a fifth of the busiest one's scans is not open to the queue."""
_FULLEST = 0.98
"""Beyond this load the formula only tells how wrong the load is."""


@dataclass(frozen=True, slots=True)
class BoardRules:
    """
    Parameters of the estimate; own choice of the province, see rules/permit/board.

    *handling_seconds* is the longest that one passing is believed to take at a lane, *quickest_seconds*
    the shortest; *full* is the load from which lanes count as full.
    """

    version: str
    handling_seconds: float
    quickest_seconds: float
    look_back: timedelta
    full: float
    silent_after: timedelta
    late_after: timedelta
    old_list_after: timedelta


@dataclass(frozen=True, slots=True)
class Minute:
    """What happened at one checkpoint in one minute. *lanes* counts scans per lane (officer, if unnamed)."""

    checkpoint_id: str
    minute: datetime
    total: int = 0
    allowed: int = 0
    refused: int = 0
    offline: int = 0
    late: int = 0
    """Arrived later than a scanner that has a network would send it."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Refused and doubtful scans by reason code."""
    lanes: Mapping[str, int] = field(default_factory=dict)
    last_at: datetime | None = None
    list_age_seconds: int | None = None
    """The oldest list that an offline scanner judged with."""

    @property
    def checked(self) -> int:
        """Scans that were left to the officer."""
        return self.total - self.allowed - self.refused


@dataclass(frozen=True, slots=True)
class Wait:
    """
    The waiting estimate.

    *seconds* is None where nothing was scanned; *is_more* says that it is a lower bound, because the lanes
    are full and no scan tells how long the queue is.
    """

    seconds: float | None
    is_more: bool = False
    load: float = 0.0
    handling_seconds: float = 0.0
    lanes: int = 0
    full_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """Several minutes as one."""

    total: int = 0
    allowed: int = 0
    refused: int = 0
    offline: int = 0
    late: int = 0

    @property
    def checked(self) -> int:
        """Scans that were left to the officer."""
        return self.total - self.allowed - self.refused


def minute_of(at: datetime) -> datetime:
    """Return the minute in which *at* lies."""
    return at.replace(second=0, microsecond=0)


def counted(checkpoint_id: str, minute: datetime, scans: Iterable[Scan], rules: BoardRules) -> Minute:
    """Count one minute from all of its scans."""
    found = list(scans)
    verdicts = Counter(scan.judgement.verdict for scan in found)
    ages = [scan.list_age_seconds for scan in found if scan.list_age_seconds is not None]
    return Minute(
        checkpoint_id=checkpoint_id,
        minute=minute,
        total=len(found),
        allowed=verdicts[Verdict.ALLOWED],
        refused=verdicts[Verdict.REFUSED],
        offline=sum(scan.mode is Mode.OFFLINE for scan in found),
        late=sum(scan.received_at - scan.scanned_at > rules.late_after for scan in found),
        reasons=Counter(
            str(scan.judgement.reason) for scan in found if scan.judgement.verdict is not Verdict.ALLOWED
        ),
        lanes=Counter(scan.lane or scan.officer for scan in found),
        last_at=max((scan.scanned_at for scan in found), default=None),
        list_age_seconds=max(ages, default=None),
    )


def since(minutes: Iterable[Minute], start: datetime) -> list[Minute]:
    """Return the minutes that began at *start* or later."""
    return [each for each in minutes if each.minute >= start]


def summed(minutes: Iterable[Minute]) -> Counts:
    """Add minutes up."""
    found = list(minutes)
    return Counts(
        *(
            sum(getattr(each, name) for each in found)
            for name in ("total", "allowed", "refused", "offline", "late")
        )
    )


def by_reason(minutes: Iterable[Minute]) -> dict[str, int]:
    """Refused and doubtful scans by reason, the most frequent first."""
    found: Counter[str] = Counter()
    for each in minutes:
        found.update(each.reasons)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def sliced(minutes: Sequence[Minute], now: datetime, width: timedelta, count: int) -> list[Counts]:
    """Add minutes up in *count* slices of *width* that end now, the newest last."""
    end = minute_of(now) + MINUTE
    starts = [end - width * (count - index) for index in range(count)]
    return [summed(each for each in minutes if start <= each.minute < start + width) for start in starts]


def wait(minutes: Sequence[Minute], now: datetime, rules: BoardRules) -> Wait:
    """
    Estimate how long somebody who arrives now waits (chờ ước tính).

    With c lanes, load r = scans per minute x seconds per scan / (60 c), the wait is that of a queue with
    c servers (Sakasegawa's approximation): s * r^(sqrt(2(c+1)) - 1) / (c (1 - r)). Seconds per scan s are
    those of the busiest tenth of the last hours (five minutes of one lane at a time). From *full* on it
    is a lower bound.
    """
    recent = since(minutes, minute_of(now) - QUARTER + MINUTE)
    total = summed(recent).total
    if not total:
        return Wait(None)
    lanes = open_lanes(recent)
    seconds = handling(since(minutes, now - rules.look_back), rules)
    load = _load(total / (QUARTER / MINUTE), seconds, lanes)
    held = min(load, _FULLEST)
    waiting = seconds * held ** (math.sqrt(2 * (lanes + 1)) - 1) / (lanes * (1 - held))
    is_full = load >= rules.full
    full = _full_minutes(minutes, now, seconds, rules) if is_full else 0
    return Wait(waiting, is_full, round(load, 2), seconds, lanes, full)


def open_lanes(minutes: Iterable[Minute]) -> int:
    """Count the lanes that work: a supervisor's odd scan beside them is no lane."""
    counts: Counter[str] = Counter()
    for each in minutes:
        counts.update(each.lanes)
    return sum(count * _ODD >= max(counts.values()) for count in counts.values())


def handling(minutes: Iterable[Minute], rules: BoardRules) -> float:
    """Seconds that one passing takes at a busy lane: there, over five minutes, nobody waits for customers."""
    counts: Counter[tuple[float, str]] = Counter()
    for each in minutes:
        for lane, count in each.lanes.items():
            counts[each.minute.timestamp() // _STEP.total_seconds(), lane] += count
    if not counts:
        return rules.handling_seconds
    busiest = sorted(counts.values())[int((len(counts) - 1) * 0.9)]
    seconds = _STEP.total_seconds() / busiest
    return min(max(seconds, rules.quickest_seconds), rules.handling_seconds)


def _load(per_minute: float, seconds: float, lanes: int) -> float:
    return per_minute * seconds / (60 * lanes)


def _full_minutes(minutes: Sequence[Minute], now: datetime, seconds: float, rules: BoardRules) -> int:
    """How long the lanes have been full, in steps of five minutes."""
    last, step, full = now - MINUTE, _STEP // MINUTE, 0  # the present minute is not over
    for counts in reversed(sliced(minutes, last, _STEP, 48)):
        end = minute_of(now) - full * MINUTE
        lanes = open_lanes(each for each in minutes if end - _STEP <= each.minute < end)
        if not lanes or _load(counts.total / step, seconds, lanes) < rules.full:
            return full
        full += step
    return full
