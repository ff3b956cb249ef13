"""
What one reader gets of the board: bodies within the scope, and the live stream.

Most readers see the whole province, so the bytes of each scope are made once per picture.
"""

from collections.abc import Iterable
from typing import Any

from pydantic_core import to_json

from common.geo import PROVINCE_CODE
from common.http.sse import Broadcast, Message
from common.kernel.clock import Clock
from ioc_aggregation.domain.metrics import DEFINITIONS_VERSION
from ioc_aggregation.domain.model import AreaSummary, Level
from ioc_aggregation.domain.sources import SourceKind
from ioc_aggregation.ports import AlertRow, Check
from ioc_aggregation.views.board import Board, Picture
from ioc_aggregation.views.bodies import (
    CheckView,
    FeedView,
    GroupView,
    SourceView,
    SystemView,
    alert_body,
    area_body,
)
from ioc_aggregation.views.checking import Checking
from ioc_aggregation.views.heartbeat import Heartbeat
from ioc_aggregation.views.scope import OPERATORS_ONLY, Scope, audience
from ioc_aggregation.views.sources import Sources

FEED_MAX = 50
_LEVELS = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)


class Window:
    """The board as readers see it."""

    def __init__(
        self,
        board: Board,
        clock: Clock,
        bus: Heartbeat,
        topics: Iterable[str],
        checking: Checking,
        sources: Sources,
    ) -> None:
        self.board = board
        self.broadcast = Broadcast("ioc")
        self._clock = clock
        self._bus = bus
        self._checking = checking
        self._topics = tuple(topics)
        self._sources = sources
        self._bytes: dict[tuple[int, frozenset[str]], bytes] = {}
        self._sent: dict[str, dict[str, Any]] = {}
        board.listen(self._tell)
        bus.on_beat = self._tell_system

    def areas(self, scope: Scope, level: Level | None = None, parent: str | None = None) -> bytes:
        """Return the JSON of the areas in *scope*, largest first."""
        picture = self.board.picture
        if level or parent:
            return self._areas_json(picture, scope, level, parent)
        key = (picture.number, scope.codes)
        if key not in self._bytes:
            self._bytes = {k: v for k, v in self._bytes.items() if k[0] == picture.number}
            self._bytes[key] = self._areas_json(picture, scope)
        return self._bytes[key]

    def areas_in(self, scope: Scope) -> list[AreaSummary]:
        """Return the areas in *scope*, largest first."""
        return _ordered(self.board.picture, scope)

    def area(self, code: str, scope: Scope) -> AreaSummary | None:
        """Return the area *code* if it exists and the reader may see it."""
        area = self.board.picture.areas.get(code)
        return area if area and scope.sees(area.unit) else None

    def feed(self, scope: Scope, limit: int) -> FeedView:
        """Return the newest alerts in *scope*."""
        picture = self.board.picture
        rows = picture.latest_alerts(scope.sees_commune(picture.areas), limit)
        return FeedView.model_validate({"items": [alert_body(row, picture.areas) for row in rows]})

    def system(self) -> SystemView:
        """Return lag, dead letters and stale sources."""
        now, report = self._clock.now(), self._bus.report
        groups = [
            GroupView(group=s.group, lag=s.lag_records, dead_letters=s.dead_letters_waiting)
            for s in report.standings
        ]
        return SystemView(
            server_now=now,
            bus_seen_at=report.seen_at,
            bus_is_reachable=report.is_reachable,
            groups=groups,
            sources=self._source_views(),
            last_check=_check_view(self._checking.last),
        )

    async def snapshot(self, scope: Scope) -> list[Message]:
        """Return the messages with which a live stream begins."""
        picture = self.board.picture
        body = {
            "server_now": picture.drawn_at.isoformat(),
            "definitions_version": DEFINITIONS_VERSION,
            "is_whole": scope.is_whole,
            "areas": [area_body(area) for area in _ordered(picture, scope)],
            "alerts": self.feed(scope, FEED_MAX).model_dump(mode="json")["items"],
        }
        messages = [Message("snapshot", body)]
        if OPERATORS_ONLY in scope.codes:
            messages.append(self._system_message())
        return messages

    def _tell_system(self) -> None:
        """Send the state of the system to the operators who watch."""
        if self.broadcast.readers:
            self.broadcast.publish(self._system_message())

    def _system_message(self) -> Message:
        body = self.system().model_dump(mode="json")
        return Message("system", body, frozenset((OPERATORS_ONLY,)))

    def _source_views(self) -> list[SourceView]:
        """Return every topic, also one that never spoke, and every app that ever did."""
        seen = {one.source_id: one for one in self._sources.seen() if one.kind is not SourceKind.COMMUNE}
        heard = self.board.picture.sources
        topics = dict.fromkeys((*self._topics, *seen))
        return [
            SourceView(
                topic=name,
                last_fact_at=seen[name].last_at if name in seen else heard.get(name),
                is_stale=name in seen and seen[name].is_silent,
            )
            for name in topics
        ]

    def _areas_json(
        self, picture: Picture, scope: Scope, level: Level | None = None, parent: str | None = None
    ) -> bytes:
        items = [area_body(area) for area in _ordered(picture, scope, level, parent)]
        body = {
            "server_now": picture.drawn_at,
            "known_at": None,
            "definitions_version": DEFINITIONS_VERSION,
            "items": items,
            "next": None,
        }
        return to_json(body)

    def _tell(self, picture: Picture, changed: list[str], alerts: list[AlertRow]) -> None:
        if not self.broadcast.readers:
            self._sent.clear()
            return
        for code in changed:
            area = picture.areas[code]
            body = area_body(area)
            self.broadcast.publish(Message("area", _delta(self._sent.get(code), body), audience(area.unit)))
            self._sent[code] = body
        for row in alerts:
            commune = picture.areas.get(row.commune_code)
            codes = audience(commune.unit) if commune else frozenset((PROVINCE_CODE,))
            self.broadcast.publish(Message("alert", alert_body(row, picture.areas), codes))


def _ordered(
    picture: Picture, scope: Scope, level: Level | None = None, parent: str | None = None
) -> list[AreaSummary]:
    areas = [
        area
        for area in picture.areas.values()
        if scope.sees(area.unit)
        and level in (None, area.unit.level)
        and parent in (None, area.unit.parent_code)
    ]
    return sorted(areas, key=lambda area: (_LEVELS.index(area.unit.level), area.unit.code))


def _check_view(check: Check | None) -> CheckView | None:
    if check is None:
        return None
    return CheckView(
        at=check.at,
        is_equal=check.is_equal,
        differing=check.differing,
        records=check.records,
        seconds=check.seconds,
    )


def _delta(before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Any]:
    """Return what differs; of the figures, only those that do. A reader merges it into what it has."""
    if before is None:
        return after
    delta: dict[str, Any] = {"code": after["code"]}
    for name, value in after.items():
        if value == before[name]:
            continue
        is_figures = isinstance(value, dict)
        delta[name] = {k: v for k, v in value.items() if before[name].get(k) != v} if is_figures else value
    return delta
