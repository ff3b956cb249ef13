"""
Hàng loạt: many alerts of one kind within minutes are one story, shown as one group with its probable cause.

A cause is a guess that tells people where to look first; it closes nothing and calls nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from alerting.domain.model import Kind, Severity
from alerting.domain.rules import Storms

PLACES_SHOWN = 5
MANY_DISTRICTS = 3
"""Units that share nothing but the system: from so many districts at once the fault is hardly a place's."""
MOSTLY = 0.5


class Cause(StrEnum):
    """
    What is probably behind a storm.

    *system*: application, messages or line of the whole province; *place_silent*: power, line or the
    application of one commune; *keys*: checkpoints that do not know a key yet; *duty*: a roster with a hole;
    *supply*; *one_place* and *many_places*: something that really happens there.
    """

    SYSTEM = "system"
    PLACE_SILENT = "place_silent"
    KEYS = "keys"
    DUTY = "duty"
    SUPPLY = "supply"
    ONE_PLACE = "one_place"
    MANY_PLACES = "many_places"


@dataclass(frozen=True, slots=True)
class Count:
    """
    Open alerts of one kind in one commune, called within one half window beginning at *since*.

    *waiting*: those that were rung and nobody took, *unanswered_at*: since when the first of them rings;
    *oldest_at*: the first call of all.
    """

    kind: Kind
    commune_code: str
    district_code: str
    since: datetime
    alerts: int
    waiting: int
    worst: Severity
    oldest_at: datetime
    unanswered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Storm:
    """So many alerts since then, in so many communes and districts; *places* has the most of them first."""

    cause: Cause
    since: datetime
    alerts: int
    communes: int
    districts: int
    places: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """All open alerts of one kind."""

    kind: Kind
    alerts: int
    waiting: int
    worst: Severity
    oldest_at: datetime
    storm: Storm | None


def half_window(storms: Storms) -> timedelta:
    """Return the width of the counts: two beside each other are as long as a storm may take."""
    return storms.within / 2


def groups(counts: Iterable[Count], storms: Storms) -> list[Group]:
    """Return the groups, the worst and then the largest first."""
    by_kind: dict[Kind, list[Count]] = defaultdict(list)
    for count in counts:
        by_kind[count.kind].append(count)
    found = [
        Group(
            kind=kind,
            alerts=sum(row.alerts for row in rows),
            waiting=sum(row.waiting for row in rows),
            worst=max((row.worst for row in rows), key=lambda severity: severity.rank),
            oldest_at=min(row.oldest_at for row in rows),
            storm=_storm(kind, rows, storms),
        )
        for kind, rows in by_kind.items()
    ]
    return sorted(found, key=lambda group: (-group.worst.rank, -group.alerts))


def _storm(kind: Kind, rows: Sequence[Count], storms: Storms) -> Storm | None:
    """Return the largest rush among *rows*, if it is large enough."""
    sums: Counter[datetime] = Counter()
    for row in rows:
        sums[row.since] += row.alerts
    times, half = sorted(sums), half_window(storms)
    rushes = [(sums[at], at, at) for at in times]
    rushes += [(sums[a] + sums[b], a, b) for a, b in pairwise(times) if b - a <= half]
    alerts, first, last = max(rushes, key=lambda rush: (rush[0], rush[1]))
    if alerts < storms.at_least:
        return None
    within = [row for row in rows if first <= row.since <= last]
    places: Counter[str] = Counter()
    for row in within:
        places[row.commune_code] += row.alerts
    districts = len({row.district_code for row in within})
    top = tuple(places.most_common(PLACES_SHOWN))
    cause = cause_of(kind, top[0][1] / alerts, districts)
    return Storm(cause, min(row.oldest_at for row in within), alerts, len(places), districts, top)


def cause_of(kind: Kind, share_of_the_first: float, districts: int) -> Cause:
    """Guess what is behind a storm of *kind* from how it lies over the province."""
    match kind:
        case Kind.PATIENT_SILENT | Kind.CONTACT_SILENT | Kind.SUPERVISION_CLIMBED | Kind.COMMUNE_SILENT:
            is_one = share_of_the_first >= MOSTLY and districts < MANY_DISTRICTS
            return Cause.PLACE_SILENT if is_one else Cause.SYSTEM
        case Kind.PERMIT_FORGED | Kind.PERMIT_FLAGGED:
            return Cause.KEYS
        case Kind.CARE_UNCOVERED:
            return Cause.DUTY
        case Kind.STOCK_LOW:
            return Cause.SUPPLY
        case Kind.SYSTEM_TROUBLE | Kind.CHANNEL_DEAD | Kind.SOURCE_SILENT:
            return Cause.SYSTEM
    return Cause.ONE_PLACE if share_of_the_first >= MOSTLY else Cause.MANY_PLACES
