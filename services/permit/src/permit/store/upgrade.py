"""Files that an earlier version of the service kept are written as this one keeps them."""

from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from permit.store import MongoHolders
from permit.store.files import FORM

Database = AsyncIOMotorDatabase[dict[str, Any]]


class MongoUpgrade:
    """Goes through the files once; meanwhile both forms are read, and each write takes the new one."""

    def __init__(self, database: Database, holders: MongoHolders) -> None:
        self._marks = database["upgrades"]
        self._holders = holders
        self._mark = f"holders-{FORM}"

    async def is_done(self) -> bool:
        """Tell whether all files were gone through."""
        return await self._marks.find_one({"_id": self._mark}) is not None

    async def some(self, after: str, limit: int) -> tuple[str | None, int]:
        """Write the next files anew; return the last one's id (None: that were all) and how many it took."""
        old = {"_id": {"$gt": after}, "state.find": {"$exists": True}, "state.find.form": {"$ne": FORM}}
        found = self._holders.collection.find(old, {"state": 1, "version": 1}).sort("_id", 1).limit(limit)
        rows = await found.to_list(None)
        for row in rows:
            state = self._holders.to_document(self._holders.from_document(row["state"]))
            changed = {"state.permits": state["permits"], "state.find": state["find"]}
            # Whoever wrote it meanwhile wrote the new form.
            await self._holders.collection.update_one(
                {"_id": row["_id"], "version": row["version"]}, {"$set": changed}
            )
        if len(rows) == limit:
            return rows[-1]["_id"], len(rows)
        await self._marks.update_one({"_id": self._mark}, {"$set": {"files": FORM}}, upsert=True)
        return None, len(rows)
