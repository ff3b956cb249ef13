"""The timeline of patients and the sealed words that its rows point to: appended, never changed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from common.kernel.areas import Area
from common.mongo.records import MongoRecords
from f0_monitoring.domain.timeline import Entry, Words

Database = AsyncIOMotorDatabase[dict[str, Any]]


def entry_to_document(entry: Entry) -> dict[str, Any]:
    """Return a row; `_id` is that of the fact."""
    return {
        "person_id": entry.person_id,
        "area": [entry.area.commune_code, entry.area.district_code, entry.area.province_code],
        "at": entry.at,
        "what": entry.what,
        "by": entry.by,
        "details": dict(entry.details),
        "words_id": entry.words_id,
    }


def entry_of(row: dict[str, Any]) -> Entry:
    """Return the row that was kept."""
    at: datetime = row["at"]
    return Entry(
        row["_id"],
        row["person_id"],
        Area(*row["area"]),
        at,
        row["what"],
        row["by"],
        row["details"],
        row["words_id"],
    )


class MongoTimeline(MongoRecords[Entry]):
    """What happened, by person and time."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["timeline"], entry_to_document)

    async def ensure_indexes(self) -> None:
        """Create the index by which a patient's story is read, the latest first."""
        await super().ensure_indexes()
        await self.collection.create_index([("person_id", 1), ("at", -1)], name="person")

    async def of(self, person_id: str, *, limit: int) -> list[Entry]:
        """Return what happened to a person, the latest first."""
        cursor = self.collection.find({"person_id": person_id}).sort("at", -1).limit(limit)
        return [entry_of(row) for row in await cursor.to_list(None)]


class MongoWords(MongoRecords[Words]):
    """Sealed words, by their id."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database["words"],
            lambda words: {
                "person_id": words.person_id,
                "at": words.at,
                "by": words.by,
                "sealed": words.sealed,
            },
        )

    async def many(self, words_ids: Collection[str]) -> dict[str, Words]:
        """Return what was written under these ids."""
        rows = await self.collection.find({"_id": {"$in": list(words_ids)}}).to_list(None)
        return {
            row["_id"]: Words(row["_id"], row["person_id"], row["at"], row["by"], row["sealed"])
            for row in rows
        }
