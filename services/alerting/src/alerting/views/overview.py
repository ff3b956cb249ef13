"""What a supervisor sees at a glance: alerts in groups, and how soon each place answers."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from pydantic import BaseModel

from alerting.domain.answers import Promptness, promptness
from alerting.domain.model import Kind, Severity
from alerting.domain.rules import AlertRules
from alerting.domain.storms import Cause, Count, Group, Storm, groups, half_window
from alerting.ports import TARGET, Answers, Inbox
from common.geo import Units
from common.kernel.areas import Actor
from common.kernel.clock import Clock

DAYS_MAX: Final = 31


class PlaceCountView(BaseModel):
    """How many alerts of a storm lie in a commune."""

    code: str
    name: str
    alerts: int


class StormView(BaseModel):
    """A rush of one kind, and what is probably behind it."""

    cause: Cause
    since: datetime
    alerts: int
    communes: int
    districts: int
    places: list[PlaceCountView]


class GroupView(BaseModel):
    """All open alerts of one kind in the reader's sight."""

    condition: Kind
    alerts: int
    waiting: int
    worst: Severity
    oldest_at: datetime
    storm: StormView | None


class GroupsView(BaseModel):
    """The inbox in one screen, whatever is going on."""

    server_now: datetime
    alerts: int
    waiting: int
    items: list[GroupView]


class StationView(BaseModel):
    """
    One commune or district: what waits for an answer there, and how soon it answered in the period.

    *waiting*: open alerts that nobody took; *oldest_at*: since when the first of them does.
    """

    code: str
    name: str
    level: Literal["commune", "district"]
    district_code: str
    waiting: int
    oldest_at: datetime | None
    answered: int
    in_target: int
    median_seconds: float | None
    p90_seconds: float | None


class StationsView(BaseModel):
    """Trạm chưa trả lời, and time to acknowledge from *since* to *until*; the longest waiting first."""

    server_now: datetime
    since: datetime
    until: datetime
    target_seconds: int
    all: StationView
    items: list[StationView]


@dataclass(slots=True)
class _Place:
    waiting: int = 0
    oldest_at: datetime | None = None
    seconds: list[float] = field(default_factory=list)

    def add(self, count: Count) -> None:
        """Take in open alerts."""
        self.waiting += count.waiting
        times = [at for at in (self.oldest_at, count.unanswered_at) if at]
        self.oldest_at = min(times, default=None)


class Overview:
    """Reads counts, never single alerts: ten thousand of them cost what ten do to look at."""

    def __init__(
        self, inbox: Inbox, answers: Answers, rules: Callable[[], AlertRules], units: Units, clock: Clock
    ) -> None:
        self._inbox = inbox
        self._answers = answers
        self._rules = rules
        self._units = units
        self._clock = clock

    async def groups(self, actor: Actor) -> GroupsView:
        """Return the open alerts of *actor* in groups."""
        storms = self._rules().storms
        counts = await self._inbox.counts_for(actor, half_window(storms), self._clock.now())
        found = [self._group(group) for group in groups(counts, storms)]
        return GroupsView(
            server_now=self._clock.now(),
            alerts=sum(group.alerts for group in found),
            waiting=sum(group.waiting for group in found),
            items=found,
        )

    async def stations(self, actor: Actor, level: Literal["commune", "district"], days: int) -> StationsView:
        """Return the places of *actor* where somebody waits or has answered within *days*."""
        now = self._clock.now()
        since = now - timedelta(days=days)
        counts = await self._inbox.counts_for(actor, timedelta(days=1), now)
        seconds = await self._answers.seconds_by_commune(actor.area_codes, since, now)
        places = self._places([count for count in counts if count.commune_code], seconds, level)
        items = [self._station(code, level, place) for code, place in places.items()]
        items.sort(key=lambda item: (item.oldest_at is None, item.oldest_at, item.code))
        return StationsView(
            server_now=now,
            since=since,
            until=now,
            target_seconds=int(TARGET.total_seconds()),
            all=self._station("", level, _together(places.values())),
            items=items,
        )

    def _places(
        self, counts: Iterable[Count], seconds: Mapping[str, list[float]], level: str
    ) -> dict[str, _Place]:
        places: dict[str, _Place] = defaultdict(_Place)
        for count in counts:
            if count.waiting:
                places[count.commune_code if level == "commune" else count.district_code].add(count)
        for commune, each in seconds.items():
            places[commune if level == "commune" else self._district_of(commune)].seconds += each
        return places

    def _district_of(self, commune: str) -> str:
        unit = self._units.unit(commune)
        return unit.parent_code if unit else ""

    def _station(self, code: str, level: Literal["commune", "district"], place: _Place) -> StationView:
        prompt: Promptness = promptness(place.seconds, TARGET.total_seconds())
        return StationView(
            code=code,
            name=self._units.name_of(code),
            level=level,
            district_code=self._district_of(code) if level == "commune" else code,
            waiting=place.waiting,
            oldest_at=place.oldest_at,
            **asdict(prompt),
        )

    def _group(self, group: Group) -> GroupView:
        return GroupView(
            condition=group.kind,
            alerts=group.alerts,
            waiting=group.waiting,
            worst=group.worst,
            oldest_at=group.oldest_at,
            storm=self._storm(group.storm) if group.storm else None,
        )

    def _storm(self, storm: Storm) -> StormView:
        places = [
            PlaceCountView(code=code, name=self._units.name_of(code), alerts=alerts)
            for code, alerts in storm.places
        ]
        return StormView(
            cause=storm.cause,
            since=storm.since,
            alerts=storm.alerts,
            communes=storm.communes,
            districts=storm.districts,
            places=places,
        )


def _together(places: Iterable[_Place]) -> _Place:
    whole = _Place()
    for place in places:
        whole.waiting += place.waiting
        whole.seconds += place.seconds
        times = [at for at in (whole.oldest_at, place.oldest_at) if at]
        whole.oldest_at = min(times, default=None)
    return whole
