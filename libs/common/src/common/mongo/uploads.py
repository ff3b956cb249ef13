"""Uploaded lists, and the sealed pages of their rows, in MongoDB."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter
from pymongo import ASCENDING, DESCENDING

from common.kernel.uploads import ListStatus, UploadedList
from common.mongo.aggregates import MongoAggregates
from common.mongo.sheet_pages import MongoSheetPages
from common.sheets.pages import ListPage

UPLOADED: Final = TypeAdapter(UploadedList)
_STATE: Final = {"state": 1}
_TO_DO: Final = [str(ListStatus.WORKING), str(ListStatus.UNDOING)]


def _to_document(uploaded: UploadedList) -> dict[str, Any]:
    document: dict[str, Any] = UPLOADED.dump_python(uploaded, mode="json")
    return {**document, "received_at": uploaded.received_at}


class MongoUploads(MongoAggregates[UploadedList]):
    """Lists of one *kind*; their pages stand in a collection of their own, which empties itself."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]], kind: str) -> None:
        super().__init__(database[f"{kind}s"], _to_document, UPLOADED.validate_python)
        self._pages = MongoSheetPages(database[f"{kind}_pages"])

    async def ensure_indexes(self) -> None:
        """Create the indexes of the lists of a unit and of the work to do, and the one that purges pages."""
        await super().ensure_indexes()
        create = self.collection.create_index
        newest = [("state.received_at", DESCENDING), ("_id", ASCENDING)]
        await create([("state.subject", ASCENDING), *newest], name="subject")
        await create([("state.covers", ASCENDING), *newest], name="covers")
        await create([("state.status", ASCENDING), ("state.received_at", ASCENDING)], name="status")
        await self._pages.ensure_indexes()

    async def of_id(self, list_id: str) -> UploadedList | None:
        """Return one list."""
        stored = (await self.load([list_id])).get(list_id)
        return stored.state if stored else None

    async def shown_to(
        self, subject: str, codes: Collection[str], *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[UploadedList]:
        """Return the lists that somebody uploaded, or that units *codes* cover, the newest first."""
        whose = {"$or": [{"state.subject": subject}, {"state.covers": {"$in": sorted(codes)}}]}
        query: dict[str, Any] = {"$and": [whose]}
        if after:
            same = {"state.received_at": after[0], "_id": {"$gt": after[1]}}
            query["$and"].append({"$or": [{"state.received_at": {"$lt": after[0]}}, same]})
        return await self._found(query, DESCENDING, limit)

    async def to_do(self, *, limit: int) -> list[UploadedList]:
        """Return the lists that are worked off or undone, the longest waiting first."""
        return await self._found({"state.status": {"$in": _TO_DO}}, ASCENDING, limit)

    async def keep_pages(self, pages: Collection[ListPage]) -> None:
        """Keep pages, in place of those of the same list and number."""
        await self._pages.keep_pages(pages)

    async def pages(self, list_id: str, first: int, count: int) -> list[ListPage]:
        """Return some pages of a list in order."""
        return await self._pages.pages(list_id, first, count)

    async def _found(self, query: dict[str, Any], direction: int, limit: int) -> list[UploadedList]:
        order = [("state.received_at", direction), ("_id", ASCENDING)]
        rows = await self.collection.find(query, _STATE).sort(order).limit(limit).to_list(None)
        return [self.from_document(row["state"]) for row in rows]
