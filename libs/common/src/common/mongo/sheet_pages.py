"""Pages of uploaded lists in MongoDB; the collection empties itself."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import ASCENDING, ReplaceOne, WriteConcern

from common.sheets.pages import ListPage

PAGES_LIVE: Final = timedelta(days=14)
"""What a list said of people is deleted after this: time enough to correct it."""


class MongoSheetPages:
    """One document per page, numbered within its list."""

    def __init__(self, collection: AsyncIOMotorCollection[dict[str, Any]]) -> None:
        self._pages = collection.with_options(write_concern=WriteConcern(w="majority", j=True))

    async def ensure_indexes(self) -> None:
        """Create the index that purges pages."""
        seconds = int(PAGES_LIVE.total_seconds())
        await self._pages.create_index("kept_at", name="retention", expireAfterSeconds=seconds)

    async def keep_pages(self, pages: Collection[ListPage]) -> None:
        """Keep pages, in place of those of the same list and number."""
        now = datetime.now(UTC)  # MongoDB purges by real time, whatever a rehearsal shows
        rows = [
            {
                "_id": f"{page.list_id}:{page.number:04d}",
                "sealed": page.sealed,
                "answers": [dict(answer) for answer in page.answers],
                "stage": page.stage,
                "before": dict(page.before),
                "kept_at": now,
            }
            for page in pages
        ]
        if rows:
            await self._pages.bulk_write(
                [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in rows], ordered=False
            )

    async def pages(self, list_id: str, first: int, count: int) -> list[ListPage]:
        """Return some pages of a list in order."""
        ids = [f"{list_id}:{number:04d}" for number in range(first, first + count)]
        rows = await self._pages.find({"_id": {"$in": ids}}).sort("_id", ASCENDING).to_list(None)
        return [_page(list_id, row) for row in rows]


def _page(list_id: str, row: Mapping[str, Any]) -> ListPage:
    return ListPage(
        list_id,
        int(row["_id"].rpartition(":")[2]),
        row["sealed"],
        tuple(row["answers"]),
        row.get("stage", ""),
        row.get("before", {}),
    )
