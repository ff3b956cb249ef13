"""Stations and facilities: kept by their staff, seen by whoever sends patients there."""

from collections.abc import Sequence
from datetime import datetime

from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause
from f0_monitoring.domain.beds import require_staff_of
from f0_monitoring.domain.facility import CountBeds, Facility, FacilityKind, KeepFacility
from f0_monitoring.domain.facility_errors import NoSuchFacility
from f0_monitoring.domain.stock import Counted, ReportStock, Stock
from f0_monitoring.domain.stock_items import StockRules
from f0_monitoring.ports.facilities import Facilities, Stocks
from f0_monitoring.rulebook.facilities import FacilityRuleBook
from f0_monitoring.views.facility_bodies import (
    BedsBody,
    FacilitiesView,
    FacilityBody,
    FacilityView,
    StockBody,
    beds_views,
    item_view,
    stock_views,
    wards,
)

SHOWN = 400
"""More than the stations and facilities of a province with 178 communes."""


class FacilityDesk:
    """Keeps facilities and shows them."""

    def __init__(
        self,
        runtime: Runtime,
        facilities: Facilities,
        stocks: Stocks,
        book: FacilityRuleBook,
        work: Work[Facility, None],
        stock_work: Work[Stock, StockRules],
    ) -> None:
        self._runtime = runtime
        self._facilities = facilities
        self._stocks = stocks
        self._book = book
        self._work = work
        self._stock_work = stock_work

    async def everywhere(self, by: Actor) -> FacilitiesView:
        """Show what lies in the reader's areas or takes patients from there."""
        found = await self._facilities.in_or_for(by.area_codes, around(self._runtime, by), limit=SHOWN)
        rules = self._rules()
        return FacilitiesView(
            items=await self._views(found, by, rules),
            counted=[item_view(name, rule) for name, rule in rules.items()],
            as_of=self._runtime.clock.now(),
        )

    async def keep(self, facility_id: str, body: FacilityBody, by: Actor, cause: Cause) -> FacilityView:
        """Open it or change what is known of it."""
        area = self._runtime.units.area_of(body.commune_code)
        command = KeepFacility(
            facility_id=facility_id,
            kind=body.kind,
            tier=body.tier,
            name=body.name,
            area=area,
            serves=tuple(body.serves),
            wards=wards(body.beds),
            by=by,
            phone=body.phone,
            staff=body.staff,
            doctors=body.doctors,
            capacity=body.capacity,
            is_open=body.is_open,
        )
        await self._work.run(command, cause)
        return await self.show(facility_id, by)

    async def count_beds(self, facility_id: str, body: BedsBody, by: Actor, cause: Cause) -> FacilityView:
        """Count the beds anew."""
        await self._work.run(CountBeds(facility_id, wards(body.beds), by), cause)
        return await self.show(facility_id, by)

    async def report(self, facility_id: str, body: StockBody, by: Actor, cause: Cause) -> FacilityView:
        """Keep what was counted in stock."""
        facility = await self.own(facility_id, by)
        lines = tuple(Counted(line.item, line.quantity, line.used_per_day) for line in body.lines)
        await self._stock_work.run(ReportStock(facility_id, facility.area, lines, by), cause)
        return await self.show(facility_id, by)

    async def show(self, facility_id: str, by: Actor) -> FacilityView:
        """Show one."""
        facility = await self._facilities.one(facility_id)
        if facility is None:
            raise NoSuchFacility("Không có cơ sở này. Hãy mở lại danh sách cơ sở.")
        [view] = await self._views([facility], by, self._rules())
        return view

    async def own(self, facility_id: str, by: Actor) -> Facility:
        """Return one that *by* may act for; `NoSuchFacility`, `NotYourFacility` otherwise."""
        facility = await self._facilities.one(facility_id)
        if facility is None:
            raise NoSuchFacility("Không có cơ sở này. Hãy mở lại danh sách cơ sở.")
        require_staff_of(by, facility.area)
        return facility

    async def owned(self, by: Actor) -> list[Facility]:
        """Return those in the areas of *by*."""
        return await self._facilities.in_or_for(by.area_codes, (), limit=SHOWN)

    def _rules(self) -> StockRules:
        return self._book.stock_on(local_day(self._runtime.clock.now()))

    async def _views(self, found: Sequence[Facility], by: Actor, rules: StockRules) -> list[FacilityView]:
        mine = [f.facility_id for f in found if by.covers(f.area)]
        stocks = await self._stocks.many(mine) if mine else {}
        stations = [
            f.area.commune_code for f in found if f.kind is FacilityKind.STATION and f.facility_id in mine
        ]
        at_home = await self._facilities.at_home_in(stations) if stations else {}
        now = self._runtime.clock.now()
        return [self._view(f, by, stocks.get(f.facility_id), at_home, rules, now) for f in found]

    def _view(
        self,
        facility: Facility,
        by: Actor,
        stock: Stock | None,
        at_home: dict[str, int],
        rules: StockRules,
        now: datetime,
    ) -> FacilityView:
        units, area = self._runtime.units, facility.area
        is_mine, is_station = by.covers(area), facility.kind is FacilityKind.STATION
        return FacilityView(
            facility_id=facility.facility_id,
            kind=facility.kind,
            tier=facility.tier,
            name=facility.name,
            commune_code=area.commune_code,
            commune_name=units.name_of(area.commune_code),
            district_name=units.name_of(area.district_code),
            serves=list(facility.serves),
            phone=facility.phone,
            staff=facility.staff,
            doctors=facility.doctors,
            capacity=facility.capacity,
            at_home=at_home.get(area.commune_code, 0) if is_station and is_mine else None,
            is_open=facility.is_open,
            is_mine=is_mine,
            beds=beds_views(facility),
            stock=stock_views(stock, rules, now) if stock else [],
        )


def around(runtime: Runtime, by: Actor) -> frozenset[str]:
    """Return the codes of the areas of *by* and of the districts and the province that hold them."""
    codes = set(by.area_codes)
    for code in by.area_codes:
        unit = runtime.units.unit(code)
        while unit is not None and unit.parent_code:
            codes.add(unit.parent_code)
            unit = runtime.units.unit(unit.parent_code)
    return frozenset(codes)
