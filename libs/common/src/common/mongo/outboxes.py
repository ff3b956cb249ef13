"""The outbox inside each document: what the relay reads and clears."""

from datetime import datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo.read_concern import ReadConcern

from common.work.model import OutboxEntry, Unsent


class MongoOutbox:
    """
    A collection whose documents carry `outbox` (facts, oldest first) and `unsent` (since when).

    The relay reads with majority read concern: a fact that a failover could roll back is never sent.
    """

    def __init__(self, collection: AsyncIOMotorCollection) -> None:  # type: ignore[type-arg]
        self.collection = collection
        self._majority = collection.with_options(read_concern=ReadConcern("majority"))

    @property
    def name(self) -> str:
        """Name of the collection."""
        return str(self.collection.name)

    async def ensure_indexes(self) -> None:
        """Create the small index of documents with unsent facts."""
        await self.collection.create_index(
            [("unsent", 1)],
            name="unsent",
            partialFilterExpression={"unsent": {"$exists": True}},
        )

    async def unsent(self, limit: int) -> list[Unsent]:
        """Return documents with unsent facts, the longest waiting first."""
        cursor = self._majority.find({"unsent": {"$exists": True}}, {"outbox": 1})
        docs = await cursor.sort("unsent", 1).limit(limit).to_list(None)
        return [Unsent(doc["_id"], tuple(entry_from_document(row) for row in doc["outbox"])) for doc in docs]

    async def clear(self, sent: list[Unsent]) -> None:
        """Forget exactly these facts; facts pushed meanwhile stay and keep the document waiting."""
        if not sent:
            return
        updates = [
            {
                "q": {"_id": unsent.document_id},
                "u": _without([entry.id for entry in unsent.entries]),
            }
            for unsent in sent
        ]
        await self.collection.database.command(
            {"update": self.collection.name, "updates": updates, "ordered": False}
        )

    async def backlog(self) -> tuple[int, datetime | None]:
        """Return how many documents wait and since when the oldest does."""
        query = {"unsent": {"$exists": True}}
        oldest = await self.collection.find_one(query, {"unsent": 1}, sort=[("unsent", 1)])
        if oldest is None:
            return 0, None
        return await self.collection.count_documents(query), oldest["unsent"]


def _without(sent_ids: list[str]) -> list[dict[str, Any]]:
    left = {"$filter": {"input": "$outbox", "cond": {"$not": {"$in": ["$$this.i", sent_ids]}}}}
    still = {"$cond": [{"$eq": [{"$size": "$outbox"}, 0]}, "$$REMOVE", {"$first": "$outbox.r"}]}
    return [{"$set": {"outbox": left}}, {"$set": {"unsent": still}}]


def entry_to_document(entry: OutboxEntry) -> dict[str, Any]:
    """Return the short-keyed form that rides in the aggregate."""
    return {
        "i": entry.id,
        "t": entry.type,
        "o": entry.topic,
        "s": entry.subject,
        "n": entry.sequence,
        "r": entry.recorded_at,
        "d": entry.data,
        "c": entry.correlation_id,
        "w": entry.causation_id,
        "p": entry.traceparent,
    }


def entry_from_document(row: dict[str, Any]) -> OutboxEntry:
    """Return the entry that `entry_to_document` wrote."""
    return OutboxEntry(
        id=row["i"],
        type=row["t"],
        topic=row["o"],
        subject=row["s"],
        sequence=row["n"],
        recorded_at=row["r"],
        data=row["d"],
        correlation_id=row["c"],
        causation_id=row["w"],
        traceparent=row["p"],
    )
