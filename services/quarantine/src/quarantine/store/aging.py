"""What is older than it may be: asked for by the retention rules."""

from datetime import date, datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorCollection


class AgingRecords:
    """Rows that are deleted in their time."""

    collection: AsyncIOMotorCollection[dict[str, Any]]

    async def purge(self, before: datetime) -> int:
        """Delete what was received before; rows whose facts still wait to be sent stay."""
        query = {"received_at": {"$lt": before}, "unsent": {"$exists": False}}
        return (await self.collection.delete_many(query)).deleted_count


class AgingFiles:
    """Files that lose their names in their time."""

    collection: AsyncIOMotorCollection[dict[str, Any]]

    async def ended_before(self, day: date, *, limit: int, after: str) -> list[str]:
        """Return ids of named, ended files whose last day lies before *day*, in order, beyond *after*."""
        over = {"state.find.is_open": False, "state.find.ends_on": {"$lt": day.isoformat()}}
        cursor = self.collection.find({**over, "_id": {"$gt": after}}, {"_id": 1}).sort("_id", 1)
        return [row["_id"] for row in await cursor.limit(limit).to_list(None)]
