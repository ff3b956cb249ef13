"""Which documents of a collection were written since a point in its history that outlives the process."""

from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo.errors import OperationFailure, PyMongoError

MOST_IDS: Final = 20_000
"""Ids handed over at once; the rest comes at the next call."""


class ChangedIds:
    """
    A resumable reader of a change stream.

    `since(token)` returns the ids of documents written after *token*, and the token up to which that is all;
    ids are None when the history since *token* is not known, so that everything must be looked at.
    """

    def __init__(self, database: AsyncIOMotorDatabase, collection: str) -> None:  # type: ignore[type-arg]
        self._database = database
        self._collection = collection
        self._session: Any = None
        self._cursor = 0
        self._token = ""

    async def since(self, token: str) -> tuple[set[str] | None, str]:
        """Return what was written since *token*, without waiting for more."""
        try:
            if self._session is None or token != self._token:
                return await self._open(token)
            return await self._more(set()), self._token
        except OperationFailure:
            # The log that the token points into is gone, or the cursor is: look at everything.
            await self.close()
            return await self._open("")
        except PyMongoError:
            await self.close()
            raise

    async def close(self) -> None:
        """Give the cursor back."""
        session, self._session, self._token = self._session, None, ""
        if session is not None:
            await session.end_session()

    async def _open(self, token: str) -> tuple[set[str] | None, str]:
        await self.close()
        self._session = await self._database.client.start_session()
        stage = {"$changeStream": {"resumeAfter": {"_data": token}} if token else {}}
        command = {
            "aggregate": self._collection,
            "pipeline": [stage, {"$project": {"documentKey": 1}}],
            "cursor": {},
        }
        ids = self._taken(await self._database.command(command, session=self._session), "firstBatch")
        if not token:
            return None, self._token
        return await self._more(ids), self._token

    async def _more(self, ids: set[str]) -> set[str]:
        more = {"getMore": self._cursor, "collection": self._collection, "maxTimeMS": 5}
        while len(ids) < MOST_IDS:
            found = self._taken(await self._database.command(more, session=self._session), "nextBatch")
            if not found:
                break
            ids |= found
        return ids

    def _taken(self, reply: dict[str, Any], batch: str) -> set[str]:
        cursor = reply["cursor"]
        self._cursor = cursor["id"]
        self._token = cursor["postBatchResumeToken"]["_data"]
        return {change["documentKey"]["_id"] for change in cursor[batch] if "documentKey" in change}
