"""Stations and facilities, transfers between them, their stock and their requests."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from fastapi import APIRouter

from common.kernel.clock import local_day
from common.messaging.subscription import Door
from common.service import Runtime
from common.web.pages import PageSettings, page_routes
from common.work.model import AggregateStore, Heart
from f0_monitoring.domain.beds import decide_facility
from f0_monitoring.domain.facility import Facility
from f0_monitoring.domain.stock import Stock, decide_stock
from f0_monitoring.domain.supplies import SupplyRequest, decide_supplies
from f0_monitoring.domain.transfer import Journey
from f0_monitoring.domain.transferring import decide_journey
from f0_monitoring.ports import Patients
from f0_monitoring.ports.facilities import Facilities, Journeys, Stocks, Supplies
from f0_monitoring.routes import facilities as facility_routes
from f0_monitoring.routes import transfers as transfer_routes
from f0_monitoring.rulebook.facilities import FacilityRuleBook
from f0_monitoring.settings import F0MonitoringSettings
from f0_monitoring.store.facilities import MongoFacilities, MongoJourneys, MongoStocks, MongoSupplies
from f0_monitoring.translate import facilities as translate
from f0_monitoring.views.facilities import FacilityDesk
from f0_monitoring.views.supplies import SupplyDesk
from f0_monitoring.views.transfer_reader import TransferReader
from f0_monitoring.views.transfers import TransferDesk


class FacilityStore(Facilities, AggregateStore[Facility], Protocol):
    """Where stations and facilities are kept."""


class JourneyStore(Journeys, AggregateStore[Journey], Protocol):
    """Where transfers are kept."""


class StockStore(Stocks, AggregateStore[Stock], Protocol):
    """Where stocks are kept."""


class SupplyStore(Supplies, AggregateStore[SupplyRequest], Protocol):
    """Where requests for supplies are kept."""


@dataclass(frozen=True, slots=True)
class FacilityStores:
    """All of them; tests hand in their own."""

    facilities: FacilityStore
    journeys: JourneyStore
    stocks: StockStore
    supplies: SupplyStore


def in_mongo(runtime: Runtime) -> FacilityStores:
    """Keep them in the service's database."""
    database = runtime.database
    return FacilityStores(
        MongoFacilities(database), MongoJourneys(database), MongoStocks(database), MongoSupplies(database)
    )


@dataclass(frozen=True, slots=True)
class Places:
    """What the service gets: routes and pages, their parts, what keeps the aggregates together."""

    routers: list[APIRouter]
    parts: dict[str, Any]
    doors: tuple[Door, Door, Door]
    """What takes commands to beds, transfers and stock."""


def facilities_of(
    runtime: Runtime,
    stores: FacilityStores,
    patients: Patients,
    settings: F0MonitoringSettings,
    pages: Path,
) -> Places:
    """Make it on its stores; *pages* is the folder of the service's pages."""
    book = FacilityRuleBook.load(runtime.folder / "rules")
    beds, journeys, stock, supplies = _works(runtime, stores, book)
    desk = FacilityDesk(runtime, stores.facilities, stores.stocks, book, beds, stock)
    reader = TransferReader(runtime, patients, stores.facilities, book)
    page = page_routes(
        {"/co-so": pages / "facilities" / "facilities.html"}, PageSettings(settings.oidc_issuer)
    )
    return Places(
        routers=[facility_routes.router, transfer_routes.router, page],
        parts={
            "facility_desk": desk,
            "supply_desk": SupplyDesk(runtime, stores.supplies, stores.facilities, desk, supplies),
            "transfer_desk": TransferDesk(
                runtime, patients, stores.facilities, stores.journeys, desk, reader, (journeys, beds)
            ),
        },
        doors=(beds, journeys, stock),
    )


def _works(runtime: Runtime, stores: FacilityStores, book: FacilityRuleBook) -> tuple[Any, Any, Any, Any]:
    to_event, clock = translate.to_event, runtime.clock

    def stock_rules() -> Any:
        return book.stock_on(local_day(clock.now()))

    def transfer_rules() -> Any:
        return book.transfers_on(local_day(clock.now()))

    beds = runtime.work(Heart("facility", decide_facility, to_event, lambda: None), stores.facilities)
    journeys = runtime.work(Heart("journey", decide_journey, to_event, transfer_rules), stores.journeys)
    stock = runtime.work(Heart("stock", decide_stock, to_event, stock_rules), stores.stocks)
    supplies = runtime.work(Heart("supplies", decide_supplies, to_event, stock_rules), stores.supplies)
    return beds, journeys, stock, supplies
