"""Who waits to be called back."""

from collections.abc import Collection
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.mongo.aggregates import MongoAggregates
from quarantine.domain.callbacks import Callback

Database = AsyncIOMotorDatabase[dict[str, Any]]
CALLBACK = TypeAdapter(Callback)


def callback_to_document(callback: Callback) -> dict[str, Any]:
    """Return the wish as BSON values, with what it is found by."""
    find = {"codes": sorted(callback.area.codes()), "waits": callback.called_at is None}
    return {**CALLBACK.dump_python(callback, mode="json"), "find": find}


def callback_from_document(document: dict[str, Any]) -> Callback:
    """Return the wish that was kept."""
    return CALLBACK.validate_python({name: value for name, value in document.items() if name != "find"})


class MongoCallbacks(MongoAggregates[Callback]):
    """Wishes to be called back."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["callbacks"], callback_to_document, callback_from_document)

    async def ensure_indexes(self) -> None:
        """Create the index of those who wait."""
        await super().ensure_indexes()
        await self.collection.create_index([("state.find.waits", 1), ("state.find.codes", 1)], name="waiting")

    async def waiting(self, area_codes: Collection[str], *, limit: int) -> list[Callback]:
        """Return who waits in these areas, the longest first."""
        query = {"state.find.waits": True, "state.find.codes": {"$in": sorted(area_codes)}}
        cursor = self.collection.find(query, {"state": 1}).sort("state.asked_at", 1).limit(limit)
        return [callback_from_document(row["state"]) for row in await cursor.to_list(None)]
