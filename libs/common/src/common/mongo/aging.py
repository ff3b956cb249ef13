"""Rows that are deleted in their time, and files that lose their names (`common.retention`)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
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


def as_text(instant: datetime) -> str:
    """Return *instant* as states hold it that keep instants as text, to be compared with them."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


class AgedDocuments:
    """
    Documents of one collection that are over: *find* returns their filter at an instant.

    It is asked for by the index of *fields*, which holds only documents that *partly* describes.
    """

    def __init__(
        self,
        collection: AsyncIOMotorCollection[dict[str, Any]],
        find: Callable[[datetime], dict[str, Any]],
        *,
        fields: tuple[str, ...],
        partly: Mapping[str, Any],
        name: str = "retention",
    ) -> None:
        self._collection, self._find, self._name = collection, find, name
        self._fields, self._partly = fields, partly

    async def ensure_indexes(self) -> None:
        """Create the index by which they are found."""
        keys = [(field, 1) for field in self._fields]
        await self._collection.create_index(keys, name=self._name, partialFilterExpression=self._partly)

    async def over(self, before: datetime, *, limit: int, after: str) -> list[str]:
        """Return ids of documents that were over before *before*, in order, beyond *after*."""
        query = {**self._find(before), "_id": {"$gt": after}}
        # Without the hint MongoDB might walk all ids: hourly, and most documents are not over.
        cursor = self._collection.find(query, {"_id": 1}).hint(self._name).sort("_id", 1).limit(limit)
        return [row["_id"] for row in await cursor.to_list(None)]
