"""
Nguồn số liệu im lặng: a service, a partner's app or a commune from which nothing has come for its time.

The wall shows it, and whoever is responsible is rung once: a fact is told only when a source turns.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from common.kernel.areas import Area
from common.kernel.clock import VIETNAM
from common.kernel.decision import Decision
from ioc_aggregation.domain.model import AreaSummary, Level

MORNING, EVENING = timedelta(hours=6), timedelta(hours=22)
"""By night people sleep and roads are closed: those hours are nobody's silence."""
EXPECTED: Final = {"f0.reports.v1": "f0_active", "quarantine.reports.v1": "quarantine_active"}
"""Figure of the province that says whether anything is due from a topic."""


class SourceKind(StrEnum):
    """What has gone quiet."""

    SERVICE = "service"
    PARTNER = "partner"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Sighting:
    """How a source looks now: its last fact, and whether that is too long ago. *area*: a commune's own."""

    source_id: str
    kind: SourceKind
    last_at: datetime
    is_silent: bool
    area: Area | None = None

    @property
    def aggregate_id(self) -> str:
        """One aggregate per source."""
        return self.source_id


@dataclass(frozen=True, slots=True)
class Source:
    """What was last told of a source."""

    source_id: str
    is_silent: bool
    last_at: datetime


@dataclass(frozen=True, slots=True)
class SourceTurned:
    """A source went silent, or came back."""

    sighting: Sighting
    at: datetime

    @property
    def subject(self) -> str:
        """What the fact is about."""
        return self.sighting.source_id


def decide_source(state: Source | None, seen: Sighting, _rules: None, now: datetime) -> Decision[Source]:
    """Tell a change; what somebody saw who has not yet heard the newest fact is no news."""
    was_silent = state is not None and state.is_silent
    if was_silent == seen.is_silent or (state is not None and seen.last_at < state.last_at):
        return Decision(state)
    return Decision(Source(seen.source_id, seen.is_silent, seen.last_at), (SourceTurned(seen, now),))


def sightings(
    areas: Mapping[str, AreaSummary],
    heard: Mapping[str, datetime],
    patience: Mapping[str, timedelta],
    province_code: str,
    now: datetime,
) -> list[Sighting]:
    """
    Return how every source looks that has ever spoken.

    *heard*: last fact by topic or app; *patience*: for how many waking hours each may be quiet. A source
    without a patience is not watched: it may be quiet for days.
    """
    province = areas.get(province_code)
    due = province.metrics if province else {}
    machines = [
        Sighting(
            source,
            SourceKind.PARTNER if source.startswith("app:") else SourceKind.SERVICE,
            last,
            due.get(EXPECTED.get(source, ""), 1) > 0 and waking(last, now) > patience[source],
        )
        for source, last in heard.items()
        if source in patience
    ]
    return [*machines, *_communes(areas.values(), province_code)]


def _communes(areas: Iterable[AreaSummary], province_code: str) -> list[Sighting]:
    """Return the communes by the rule of the wall; one that no district lists has nobody to be rung."""
    return [
        Sighting(
            area.unit.code,
            SourceKind.COMMUNE,
            last,
            area.silent_since is not None,
            Area(area.unit.code, area.unit.parent_code, province_code),
        )
        for area in areas
        if area.unit.level is Level.COMMUNE and area.unit.parent_code != province_code
        if (last := area.silent_since or area.heard_at or area.as_of)
    ]


def waking(since: datetime, until: datetime) -> timedelta:
    """Return how much of the time between two instants was day in Vietnam."""
    total = timedelta()
    begin, end = since.astimezone(VIETNAM), until.astimezone(VIETNAM)
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    while midnight < end:
        total += max(timedelta(), min(end, midnight + EVENING) - max(begin, midnight + MORNING))
        midnight += timedelta(days=1)
    return total
