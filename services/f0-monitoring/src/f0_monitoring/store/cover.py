"""The communes whose patients have, or had, nobody on duty; and the devices that are out."""

from collections.abc import Collection
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.mongo.aggregates import MongoAggregates
from f0_monitoring.domain.cover import Cover
from f0_monitoring.domain.equipment import Device

Database = AsyncIOMotorDatabase[dict[str, Any]]
COVER = TypeAdapter(Cover)
DEVICE = TypeAdapter(Device)


class MongoCovers(MongoAggregates[Cover]):
    """One document per commune of which anything was ever told: 178 at most."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database["cover"], lambda cover: COVER.dump_python(cover, mode="json"), COVER.validate_python
        )

    async def broken(self) -> list[Cover]:
        """Return the communes of which it was told that somebody has none."""
        rows = await self.collection.find({"state.patients": {"$gt": 0}}, {"state": 1}).to_list(None)
        return [COVER.validate_python(row["state"]) for row in rows]


class MongoDevices(MongoAggregates[Device]):
    """Devices that are, or were, lent."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database["equipment"],
            lambda device: DEVICE.dump_python(device, mode="json"),
            DEVICE.validate_python,
        )

    async def ensure_indexes(self) -> None:
        """Create the index by which the devices of a patient are found."""
        await super().ensure_indexes()
        await self.collection.create_index([("state.person_id", 1)], name="person", sparse=True)

    async def lent_to(self, person_ids: Collection[str]) -> list[Device]:
        """Return the devices that are with these patients."""
        query = {"state.person_id": {"$in": list(person_ids)}}
        rows = await self.collection.find(query, {"state": 1}).sort("_id", 1).to_list(None)
        return [DEVICE.validate_python(row["state"]) for row in rows]
