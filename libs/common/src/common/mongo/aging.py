"""Append-only rows that are deleted in their time (`common.retention`)."""

from datetime import datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorCollection


class AgingRows:
    """Rows of one collection; *instant* is the field that their age counts from."""

    def __init__(self, collection: AsyncIOMotorCollection[dict[str, Any]], instant: str) -> None:
        self._collection, self._instant = collection, instant

    async def ensure_indexes(self) -> None:
        """Create the index by which old rows are found: a round must not read all the others."""
        await self._collection.create_index(self._instant, name="retention")

    async def purge(self, before: datetime) -> int:
        """Delete what is older than *before*; rows whose facts still wait to be sent stay."""
        old = {self._instant: {"$lt": before}, "unsent": {"$exists": False}}
        return (await self._collection.delete_many(old)).deleted_count
