"""Twenty beds and two hundred requests at once on a real MongoDB; documents come back as they went in."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorDatabase

from common.clocks import SystemClock
from common.contracts.f0_monitoring.facilities import BedReserved
from common.kernel.areas import Actor, Area
from common.work.engine import Work
from common.work.model import Cause, Change, Heart, Stored
from f0_monitoring.domain.beds import count, decide_facility
from f0_monitoring.domain.facility import (
    BedKind,
    Facility,
    FacilityKind,
    Hold,
    KeepFacility,
    ReserveBed,
    Ward,
)
from f0_monitoring.domain.facility_errors import NoFreeBed
from f0_monitoring.domain.stock import Stock
from f0_monitoring.domain.stock_items import Item, StockLevel
from f0_monitoring.domain.supplies import SupplyLine, SupplyRequest, SupplyState, SupplyStep
from f0_monitoring.domain.transfer import Journey, Stay, Transfer, TransferState, TransferStep
from f0_monitoring.store.facilities import MongoFacilities, MongoJourneys, MongoStocks, MongoSupplies
from f0_monitoring.translate.facilities import to_event

pytestmark = pytest.mark.mongo

BEDS, ASKING, INSTANCES = 20, 200, 4
OFFICER = Actor("ttyt-164", frozenset(("health_officer",)), frozenset(("164",)))
HERE, THERE = Area("05431", "164"), Area("05908", "173")
NOON = datetime(2022, 2, 10, 5, tzinfo=UTC)


async def test_two_hundred_at_once_get_exactly_the_twenty_beds(database: AsyncIOMotorDatabase[Any]) -> None:
    """Each instance has its own store and unit of work, as pods have: only the database stands between them."""
    stores = [MongoFacilities(database) for _ in range(INSTANCES)]
    heart: Heart[Facility, None] = Heart("facility", decide_facility, to_event, lambda: None)
    works = [Work(heart, store, SystemClock()) for store in stores]
    await stores[0].ensure_indexes()
    wards = (Ward(BedKind.ICU, BEDS),)
    here = Area("05431", "164")
    keep = KeepFacility("bv-1", FacilityKind.HOSPITAL, 3, "Bệnh viện mẫu", here, ("19",), wards, OFFICER)
    await works[0].run(keep, Cause("open"))

    async def reserve(number: int) -> bool:
        command = ReserveBed("bv-1", f"h-{number}", f"t-{number}", f"p-{number}", BedKind.ICU, OFFICER)
        try:
            await works[number % INSTANCES].run(command, Cause(f"request-{number}"))
        except NoFreeBed:
            return False
        return True

    kept = await asyncio.gather(*(reserve(number) for number in range(ASKING)))

    found = await stores[-1].one("bv-1")
    assert found is not None
    assert sum(kept) == BEDS
    assert (count(found, BedKind.ICU).reserved, count(found, BedKind.ICU).free) == (BEDS, 0)
    assert {hold.hold_id for hold in found.holds} == {f"h-{n}" for n, is_kept in enumerate(kept) if is_kept}
    told = [e.type for unsent in await stores[0].unsent(10) for e in unsent.entries]
    assert told.count(BedReserved.type) == BEDS
    again = await asyncio.gather(*(reserve(number) for number in range(ASKING)))
    assert (again, len((await stores[0].one("bv-1") or found).holds)) == (kept, BEDS), (
        "a retry changes nothing"
    )
    for work in works:
        await work.stop()


async def kept(store: Any, *things: tuple[str, Any]) -> None:
    await store.ensure_indexes()
    await store.save([Change(key, Stored(state, 1), 0) for key, state in things])


async def test_facilities_come_back_whole_and_are_found_by_place_and_by_whom_they_serve(
    database: AsyncIOMotorDatabase[Any],
) -> None:
    hold = Hold("h-1", "t-1", "p-1", BedKind.OXYGEN, NOON, is_occupied=True)
    wards = (Ward(BedKind.OXYGEN, 5, 2),)
    own = Facility("bv-1", FacilityKind.HOSPITAL, 2, "B", HERE, ("173", "19"), wards=wards, holds=(hold,))
    station = Facility("tram-1", FacilityKind.STATION, 1, "A", THERE, ("05908",), capacity=80)
    store = MongoFacilities(database)
    await kept(store, ("bv-1", own), ("tram-1", station))

    assert await store.many(["bv-1", "tram-1", "none"]) == {"bv-1": own, "tram-1": station}
    assert await store.in_or_for(["164"], [], limit=9) == [own]
    assert await store.in_or_for([], ["173"], limit=9) == [own]
    assert await store.in_or_for(["19"], [], limit=9) == [own, station]
    assert await store.in_or_for(["171"], ["171"], limit=9) == []
    assert await store.at_home_in(["05908"]) == {}


async def test_open_transfers_are_found_by_area_and_by_facility_emergencies_first(
    database: AsyncIOMotorDatabase[Any],
) -> None:
    def journey(number: int, **changes: Any) -> Journey:
        at = NOON + timedelta(minutes=number)
        step = TransferStep(TransferState.REQUESTED, at, "dr-1", "worse")
        transfer = Transfer(
            f"t-{number}", TransferState.REQUESTED, 2, BedKind.ICU, False, "worse", at, "dr-1", at, (step,)
        )
        stay = Stay("bv-2", "h-0", NOON)
        return Journey(f"p-{number}", THERE, replace(transfer, **changes), stay, ("h-x",))

    plain, urgent = journey(1), journey(2, is_emergency=True)
    coming = journey(3, state=TransferState.ACCEPTED, facility_id="bv-1", hold_id="h-1")
    over = journey(4, state=TransferState.CANCELLED)
    store = MongoJourneys(database)
    await kept(store, *((each.person_id, each) for each in (plain, urgent, coming, over)))

    assert await store.one("p-3") == coming
    assert await store.open_ones(["173"], [], limit=9) == [urgent, plain, coming]
    assert await store.open_ones(["164"], ["bv-1"], limit=9) == [coming]
    assert await store.open_ones(["164"], [], limit=9) == []


async def test_stock_and_requests_come_back_whole(database: AsyncIOMotorDatabase[Any]) -> None:
    stock = Stock("bv-1", HERE, (Item("oxygen", 6000.5, 250.0, NOON, "nurse-1", StockLevel.WARN),))
    stocks, supplies = MongoStocks(database), MongoSupplies(database)
    await kept(stocks, ("bv-1", stock))
    steps = (SupplyStep(SupplyState.ASKED, NOON, "nurse-1"),)
    line = SupplyLine("oxygen", 10.0, 5.0)
    asked = SupplyRequest("r-1", "bv-1", HERE, (line,), SupplyState.ASKED, True, NOON, steps)
    done = replace(asked, request_id="r-2", state=SupplyState.RECEIVED)
    old = replace(done, request_id="r-3", asked_at=NOON - timedelta(days=30))
    await kept(supplies, *((each.request_id, each) for each in (asked, done, old)))

    assert await stocks.many(["bv-1"]) == {"bv-1": stock}
    assert await supplies.one("r-1") == asked
    assert await supplies.in_areas(["164"], since=NOON, limit=9) == [asked, done]
    assert await supplies.in_areas(["173"], since=NOON, limit=9) == []
