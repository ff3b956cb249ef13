"""
Facilities, transfers, stock and supplies in Mongo.

`state.areas` are the codes that a document is found by, `state.open`: something may still become of it.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.mongo.aggregates import MongoAggregates
from f0_monitoring.domain.facility import Facility
from f0_monitoring.domain.model import DECLARING
from f0_monitoring.domain.stock import Stock
from f0_monitoring.domain.supplies import SupplyRequest
from f0_monitoring.domain.transfer import Journey

Database = AsyncIOMotorDatabase[dict[str, Any]]
FACILITY, JOURNEY = TypeAdapter(Facility), TypeAdapter(Journey)
STOCK, SUPPLY = TypeAdapter(Stock), TypeAdapter(SupplyRequest)


def facility_from_document(document: dict[str, Any]) -> Facility:
    """Return the facility that was kept."""
    return FACILITY.validate_python(_own(document, Facility))


def journey_from_document(document: dict[str, Any]) -> Journey:
    """Return the transfers of a person that were kept."""
    return JOURNEY.validate_python(_own(document, Journey))


def supply_from_document(document: dict[str, Any]) -> SupplyRequest:
    """Return the request that was kept."""
    return SUPPLY.validate_python(_own(document, SupplyRequest))


def _own(document: dict[str, Any], kind: type[Any]) -> dict[str, Any]:
    """Leave out the fields that a document is only found by."""
    return {name: document[name] for name in kind.__dataclass_fields__ if name in document}


def facility_to_document(facility: Facility) -> dict[str, Any]:
    """Return a facility with what it is found by."""
    state: dict[str, Any] = FACILITY.dump_python(facility, mode="json")
    return state | {"areas": sorted(facility.area.codes())}


def journey_to_document(journey: Journey) -> dict[str, Any]:
    """Return the transfers of a person with what they are found by."""
    state: dict[str, Any] = JOURNEY.dump_python(journey, mode="json")
    transfer = journey.transfer
    return state | {
        "areas": sorted(journey.area.codes()),
        "open": not transfer.is_over,
        "to": transfer.facility_id,
        "since": transfer.requested_at,
    }


def supply_to_document(request: SupplyRequest) -> dict[str, Any]:
    """Return a request with what it is found by."""
    state: dict[str, Any] = SUPPLY.dump_python(request, mode="json")
    return state | {
        "areas": sorted(request.area.codes()),
        "open": not request.is_over,
        "since": request.asked_at,
    }


class MongoFacilities(MongoAggregates[Facility]):
    """Stations and facilities by their id."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["facilities"], facility_to_document, facility_from_document)
        self._patients = database["patients"]

    async def ensure_indexes(self) -> None:
        """Create the indexes of the lists."""
        await super().ensure_indexes()
        for name in ("areas", "serves"):
            await self.collection.create_index([(f"state.{name}", 1)], name=name)

    async def one(self, facility_id: str) -> Facility | None:
        """Return a facility."""
        return (await self.many([facility_id])).get(facility_id)

    async def many(self, facility_ids: Collection[str]) -> dict[str, Facility]:
        """Return those that exist among *facility_ids*."""
        return {key: stored.state for key, stored in (await self.load(list(facility_ids))).items()}

    async def in_or_for(
        self, inside: Collection[str], served: Collection[str], *, limit: int
    ) -> list[Facility]:
        """Return those that lie in the areas *inside*, or take patients from *served*; by tier and name."""
        either = [{"state.areas": {"$in": sorted(inside)}}, {"state.serves": {"$in": sorted(served)}}]
        order = [("state.kind", 1), ("state.tier", 1), ("state.name", 1)]
        cursor = self.collection.find({"$or": either}, {"state": 1}).sort(order).limit(limit)
        return [facility_from_document(row["state"]) for row in await cursor.to_list(None)]

    async def at_home_in(self, commune_codes: Collection[str]) -> dict[str, int]:
        """Return how many F0 are looked after at home in each of these communes."""
        match = {
            "state.area": {"$in": sorted(commune_codes)},
            "state.open": True,
            "state.care": {"$in": sorted(DECLARING)},
        }
        commune = {"$arrayElemAt": ["$state.area", 0]}
        group = {"_id": commune, "patients": {"$sum": 1}}
        rows = await self._patients.aggregate([{"$match": match}, {"$group": group}]).to_list(None)
        return {row["_id"]: row["patients"] for row in rows}


class MongoJourneys(MongoAggregates[Journey]):
    """Transfers by person."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["journeys"], journey_to_document, journey_from_document)

    async def ensure_indexes(self) -> None:
        """Create the indexes of the lists of open transfers."""
        await super().ensure_indexes()
        for name in ("areas", "to"):
            await self.collection.create_index([(f"state.{name}", 1), ("state.open", 1)], name=name)

    async def one(self, person_id: str) -> Journey | None:
        """Return the last transfer of a person and the bed."""
        found = await self.load([person_id])
        return found[person_id].state if person_id in found else None

    async def open_ones(
        self, area_codes: Collection[str], facility_ids: Collection[str], *, limit: int
    ) -> list[Journey]:
        """Return open transfers of these areas or to these facilities: emergencies, then the oldest."""
        either = [{"state.areas": {"$in": sorted(area_codes)}}, {"state.to": {"$in": sorted(facility_ids)}}]
        query = {"$or": either, "state.open": True}
        order = [("state.transfer.is_emergency", -1), ("state.since", 1)]
        cursor = self.collection.find(query, {"state": 1}).sort(order).limit(limit)
        return [journey_from_document(row["state"]) for row in await cursor.to_list(None)]


class MongoStocks(MongoAggregates[Stock]):
    """What facilities have."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database["stocks"], lambda stock: STOCK.dump_python(stock, mode="json"), STOCK.validate_python
        )

    async def many(self, facility_ids: Collection[str]) -> dict[str, Stock]:
        """Return those that exist among *facility_ids*."""
        return {key: stored.state for key, stored in (await self.load(list(facility_ids))).items()}


class MongoSupplies(MongoAggregates[SupplyRequest]):
    """Requests for oxygen, equipment and staff."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["supplies"], supply_to_document, supply_from_document)

    async def ensure_indexes(self) -> None:
        """Create the index of the lists."""
        await super().ensure_indexes()
        keys = [("state.areas", 1), ("state.open", -1), ("state.since", -1)]
        await self.collection.create_index(keys, name="areas")

    async def one(self, request_id: str) -> SupplyRequest | None:
        """Return a request."""
        found = await self.load([request_id])
        return found[request_id].state if request_id in found else None

    async def in_areas(
        self, area_codes: Collection[str], *, since: datetime, limit: int
    ) -> list[SupplyRequest]:
        """Return open requests from these areas, and those asked *since*; open ones, then newest first."""
        query = {
            "state.areas": {"$in": sorted(area_codes)},
            "$or": [{"state.open": True}, {"state.since": {"$gte": since}}],
        }
        order = [("state.open", -1), ("state.since", -1)]
        cursor = self.collection.find(query, {"state": 1}).sort(order).limit(limit)
        return [supply_from_document(row["state"]) for row in await cursor.to_list(None)]
