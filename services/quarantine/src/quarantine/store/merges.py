"""Merges of files: one document each, found by those who are to finish it and by the people concerned."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from common.mongo.aggregates import MongoAggregates
from quarantine.domain.merges import PENDING, Merge
from quarantine.store import Database

MERGE = TypeAdapter(Merge)


def merge_to_document(merge: Merge) -> dict[str, Any]:
    """Return the record as BSON values, with the fields it is found by."""
    joining = merge.joining
    find = {
        "people": [joining.survivor.person_id, joining.other.person_id],
        "stage": merge.stage.value,
        "changed_at": merge.changed_at,
    }
    return {**MERGE.dump_python(merge, mode="json"), "find": find}


def merge_from_document(document: dict[str, Any]) -> Merge:
    """Return the record that was kept."""
    return MERGE.validate_python({name: value for name, value in document.items() if name != "find"})


class MongoMerges(MongoAggregates[Merge]):
    """Records of merges."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["merges"], merge_to_document, merge_from_document)

    async def ensure_indexes(self) -> None:
        """Create the indexes of what is pending and of the people concerned."""
        await super().ensure_indexes()
        pending = [("state.find.stage", 1), ("state.find.changed_at", 1)]
        await self.collection.create_index(pending, name="pending")
        await self.collection.create_index([("state.find.people", 1)], name="people")

    async def pending(self, before: datetime, *, limit: int) -> list[str]:
        """Return ids of merges that nobody has gone on with since *before*, the longest waiting first."""
        query = {
            "state.find.stage": {"$in": [stage.value for stage in PENDING]},
            "state.find.changed_at": {"$lte": before},
        }
        cursor = self.collection.find(query, {"_id": 1}).sort("state.find.changed_at", 1).limit(limit)
        return [row["_id"] for row in await cursor.to_list(None)]

    async def of_person(self, person_id: str, *, limit: int) -> list[Merge]:
        """Return merges of a person's files, the latest first."""
        cursor = self.collection.find({"state.find.people": person_id}, {"state": 1})
        rows = await cursor.sort("state.find.changed_at", -1).limit(limit).to_list(None)
        return [merge_from_document(row["state"]) for row in rows]
