"""The numbers of stations and facilities."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from alerting.ports import Inbox, Stations
from alerting.routes.stations import router
from alerting.store.stations import MongoStations
from alerting.views.stations import Telephones
from common.messaging.notes import NoteDoor
from common.messaging.subscription import Door
from common.service import Runtime


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the composition adds of it."""

    routers: tuple[APIRouter, ...]
    parts: dict[str, Any]
    door: Door
    stores: tuple[Stations, ...]


def in_mongo(runtime: Runtime) -> Stations:
    """Keep them in the service's database."""
    return MongoStations(runtime.database)


def numbers_of(inbox: Inbox, stations: Stations) -> Numbers:
    """Put it together."""
    parts = {"telephones": Telephones(inbox, stations)}
    return Numbers((router,), parts, NoteDoor(stations.note), (stations,))
