"""Oxygen, beds and requests as readers of an area see them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from common.kernel.areas import Actor
from common.kernel.clock import Clock, local_day
from ioc_aggregation.domain.model import AreaSummary
from ioc_aggregation.domain.oxygen_need import Need, NeedRules, forecast
from ioc_aggregation.domain.resources import (
    OXYGEN,
    Beds,
    Facility,
    Request,
    Resources,
    StockItem,
    Team,
    Threshold,
    beds_by_kind,
    empty_at,
    hours_left,
    left_of,
    level_of,
    lowest_first,
)
from ioc_aggregation.ports.resources import ResourceStore
from ioc_aggregation.rulebook.resources import ResourceRules
from ioc_aggregation.views.errors import AreaUnknown
from ioc_aggregation.views.resource_bodies import (
    BedsView,
    CountedView,
    NeedView,
    OxygenView,
    RequestLineView,
    ResourcesView,
    StateView,
    StationsView,
    StockView,
)
from ioc_aggregation.views.scope import Scope
from ioc_aggregation.views.window import Window

FRESH = timedelta(seconds=2)
"""For so long readers share one look into the store."""
STALE_COUNT = timedelta(hours=24)
"""A count older than this is shown as old: its hours fall on, but nobody has looked."""
STATES = ("asked", "approved", "sent", "received", "refused", "withdrawn")


class ResourceDesk:
    """Shows them."""

    def __init__(self, store: ResourceStore, window: Window, rules: ResourceRules, clock: Clock) -> None:
        self._store = store
        self._window = window
        self._rules = rules
        self._clock = clock
        self._known: tuple[datetime, Resources] | None = None

    async def show(self, code: str, item: str | None, limit: int, by: Actor) -> ResourcesView:
        """Show what lies in the area *code*; raises `AreaUnknown`."""
        area = self._window.area(code, Scope.of(by))
        if area is None:
            raise AreaUnknown
        now, known = self._clock.now(), await self._everything()
        day = local_day(now)
        needs, thresholds = self._rules.need_on(day), self._rules.thresholds_on(day)
        here = [place for place in known.facilities.values() if self._is_in(place.commune_code, code)]
        mine = [each for each in known.stocks if self._is_in(each.commune_code, code)]
        wanted = [each for each in mine if each.item in thresholds and item in (None, each.item)]
        rows = lowest_first(wanted, now)[:limit]
        return ResourcesView(
            server_now=now,
            code=code,
            name=area.unit.name,
            stocks=[self._stock(each, known.facilities, thresholds[each.item], now) for each in rows],
            stocks_in_all=len(wanted),
            requests=_states([r for r in known.requests if self._is_in(r.commune_code, code)], known),
            beds=[_beds(each) for each in beds_by_kind(place for place in here if _is_open(place, known))],
            places=_places(here, known, area),
            oxygen=_oxygen([each for each in mine if each.item == OXYGEN], area, needs, now),
            counted=[_counted(name, rule) for name, rule in thresholds.items()],
        )

    async def _everything(self) -> Resources:
        now = self._clock.now()
        if self._known is None or not timedelta(0) <= now - self._known[0] < FRESH:
            self._known = now, await self._store.everything()
        return self._known[1]

    def _is_in(self, commune_code: str, code: str) -> bool:
        tree = self._window.board.tree
        return code in (commune_code, tree.unit(commune_code).parent_code, tree.province.code)

    def _stock(
        self, item: StockItem, facilities: Mapping[str, Facility], rule: Threshold, now: datetime
    ) -> StockView:
        tree, place = self._window.board.tree, facilities.get(item.facility_id)
        commune = tree.unit(item.commune_code)
        return StockView(
            facility_id=item.facility_id,
            facility_name=place.name if place else "",
            kind=place.kind if place else "",
            tier=place.tier if place else None,
            commune_code=item.commune_code,
            commune_name=commune.name,
            district_name=tree.unit(commune.parent_code).name,
            item=item.item,
            left=left_of(item, now),
            used_per_day=item.used_per_day,
            hours_left=hours_left(item, now),
            empty_at=empty_at(item),
            reported_at=item.at,
            is_old=now - item.at > STALE_COUNT,
            level=level_of(item, rule, now),
        )


def _is_open(place: Facility, known: Resources) -> bool:
    team = known.teams.get(place.facility_id)
    return team is None or team.is_open


def _places(here: list[Facility], known: Resources, area: AreaSummary) -> StationsView:
    opened = [place for place in here if _is_open(place, known)]
    teams: list[Team] = [known.teams[p.facility_id] for p in opened if p.facility_id in known.teams]
    return StationsView(
        stations=sum(place.kind == "station" for place in opened),
        hospitals=sum(place.kind != "station" for place in opened),
        doctors=sum(team.doctors for team in teams),
        staff=sum(team.staff for team in teams),
        capacity=sum(team.capacity for team in teams),
        at_home=area.metrics["f0_at_home"],
    )


def _states(requests: list[Request], known: Resources) -> list[StateView]:
    return [_state(state, [r for r in requests if r.state == state], known) for state in STATES]


def _state(state: str, requests: list[Request], known: Resources) -> StateView:
    urgencies = known.urgencies or {}
    asked = [urgencies[r.request_id] for r in requests if r.request_id in urgencies]
    lines: dict[str, RequestLineView] = {}
    for line in (line for request in requests for line in request.lines):
        sums = lines.setdefault(
            line.item, RequestLineView(item=line.item, asked=0, approved=0, sent=0, received=0)
        )
        sums.asked += line.asked
        sums.approved += line.approved or 0
        sums.sent += line.sent or 0
        sums.received += line.received or 0
    return StateView(
        state=state,
        requests=len(requests),
        urgent=sum(each.is_urgent for each in asked),
        oldest_asked_at=min((each.asked_at for each in asked), default=None),
        lines=[lines[item] for item in sorted(lines)],
    )


def _oxygen(items: Iterable[StockItem], area: AreaSummary, rules: NeedRules, now: datetime) -> OxygenView:
    counted = list(items)
    left = sum(left_of(item, now) for item in counted)
    needs = forecast(area.metrics, area.week_ago, rules)
    first = needs[0]
    return OxygenView(
        left_litres=left,
        used_per_day_litres=sum(item.used_per_day for item in counted),
        cover_hours=left / first.litres * first.hours if first.litres else None,
        need=[_need(each) for each in needs],
        rules=rules.version,
        document=rules.document,
        is_confirmed=rules.is_confirmed,
    )


def _need(need: Need) -> NeedView:
    return NeedView(
        hours=need.hours,
        patients_on_oxygen=round(need.patients, 1),
        litres=round(need.litres),
        litres_lowest=round(need.lowest),
        litres_highest=round(need.highest),
        cylinders=round(need.cylinders, 1),
    )


def _beds(beds: Beds) -> BedsView:
    return BedsView(
        bed_kind=beds.kind,
        beds=beds.beds,
        reserved=beds.reserved,
        occupied=beds.occupied,
        free=beds.free,
    )


def _counted(name: str, rule: Threshold) -> CountedView:
    return CountedView(
        item=name, name_vi=rule.name[0], name_en=rule.name[1], unit_vi=rule.unit[0], unit_en=rule.unit[1]
    )
