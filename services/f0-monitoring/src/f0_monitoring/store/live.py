"""Whose record or timeline was written since somebody last looked: for the live worklist."""

from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from common.mongo.changes import ChangedIds

Database = AsyncIOMotorDatabase[dict[str, Any]]


class MongoChanges:
    """Follows the change streams of records and timelines while somebody looks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._patients = ChangedIds(database, "patients")
        self._entries = ChangedIds(database, "timeline")
        self._tokens = ["", ""]

    async def since_last(self) -> set[str] | None:
        """Return the people concerned since the last call; None when that is not known."""
        people, self._tokens[0] = await self._patients.since(self._tokens[0])
        entries, self._tokens[1] = await self._entries.since(self._tokens[1])
        if people is None or entries is None:
            return None
        return people | await self._people_of(entries)

    async def rest(self) -> None:
        """Stop following: nobody looks."""
        await self._patients.close()
        await self._entries.close()
        self._tokens = ["", ""]

    async def _people_of(self, entry_ids: set[str]) -> set[str]:
        if not entry_ids:
            return set()
        rows = self._database["timeline"].find({"_id": {"$in": list(entry_ids)}}, {"person_id": 1})
        return {row["person_id"] for row in await rows.to_list(None)}
