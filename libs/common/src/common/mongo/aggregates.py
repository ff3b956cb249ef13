"""
Aggregates in MongoDB: one document holds state, version, outbox, inbox and timers.

A single-document write is atomic, so no multi-document transaction is needed. Saving is ONE
unordered `update` command of `{_id, version}` filters with upsert: a version loser shows as an indexed
duplicate key on `_id`. Ids are therefore never reused or deleted, and the collection may carry no other
unique index. See docs/decisions/0001.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo.errors import OperationFailure, WriteConcernError

from common.kernel.decision import Timer, TimerFired
from common.mongo.outboxes import MongoOutbox, entry_to_document
from common.work.model import Change, Mark, Stored, shard_of

S = TypeVar("S")

DUPLICATE_KEY = 11000
DURABLE = {"w": "majority", "j": True}
"""Never less: w:1 lost 156 acknowledged writes in the crash spike, j:false is slower."""


class MongoAggregates(MongoOutbox, Generic[S]):
    """A collection of aggregates of one kind. Subclass it in store.py to add queries on `state.*`."""

    def __init__(
        self,
        collection: AsyncIOMotorCollection,  # type: ignore[type-arg]
        to_document: Callable[[S], dict[str, Any]],
        from_document: Callable[[dict[str, Any]], S],
    ) -> None:
        super().__init__(collection)
        self.to_document = to_document
        self.from_document = from_document

    async def ensure_indexes(self) -> None:
        """Create what the unit of work needs; subclasses add their queries' indexes."""
        await super().ensure_indexes()
        await self.collection.create_index(
            [("shard", 1), ("due_at", 1)],
            name="timers",
            partialFilterExpression={"due_at": {"$exists": True}},
        )

    async def load(self, ids: list[str]) -> dict[str, Stored[S]]:
        """Return the aggregates that exist among *ids*, in one query."""
        cursor = self.collection.find({"_id": {"$in": ids}}, {"outbox": 0, "unsent": 0})
        return {doc["_id"]: self._stored(doc) for doc in await cursor.to_list(None)}

    async def save(self, changes: list[Change[S]]) -> set[str]:
        """Save each change whose version still holds; return the ids of the losers."""
        reply = await self.collection.database.command(
            {
                "update": self.collection.name,
                "updates": [self._update(change) for change in changes],
                "ordered": False,
                "writeConcern": DURABLE,
            },
            check=True,
        )
        if "writeConcernError" in reply:
            raise WriteConcernError(str(reply["writeConcernError"]))
        losers = set()
        for error in reply.get("writeErrors", []):
            if error["code"] != DUPLICATE_KEY or error.get("keyPattern", {"_id": 1}) != {"_id": 1}:
                raise OperationFailure(error["errmsg"], error["code"])
            losers.add(changes[error["index"]].aggregate_id)
        return losers

    async def due(self, now: datetime, shards: list[int], limit: int) -> list[TimerFired]:
        """Return due timers of these shards, the longest overdue first."""
        query = {"shard": {"$in": shards}, "due_at": {"$lte": now}}
        cursor = self.collection.find(query, {"timers": 1}).sort("due_at", 1).limit(limit)
        return [
            TimerFired(doc["_id"], timer["n"], timer["d"])
            for doc in await cursor.to_list(None)
            for timer in doc["timers"]
            if timer["d"] <= now
        ]

    def _update(self, change: Change[S]) -> dict[str, Any]:
        stored = change.stored
        fields = {
            "version": stored.version,
            "state": self.to_document(stored.state),
            "seqs": stored.sequences,
            "marks": [{"s": s, "h": m.high, "m": list(m.missing)} for s, m in stored.marks.items()],
            "results": [_kept(cause, answer) for cause, answer in stored.results],
            "timers": [{"n": timer.name, "d": timer.due_at} for timer in stored.timers],
            "shard": shard_of(change.aggregate_id),
        }
        update: dict[str, Any] = {"$set": fields}
        if stored.timers:
            fields["due_at"] = min(timer.due_at for timer in stored.timers)
        else:
            update["$unset"] = {"due_at": ""}
        if change.outbox:
            update["$push"] = {"outbox": {"$each": [entry_to_document(e) for e in change.outbox]}}
            update["$min"] = {"unsent": change.outbox[0].recorded_at}
        return {
            "q": {"_id": change.aggregate_id, "version": change.expected_version},
            "u": update,
            "upsert": True,
        }

    def _stored(self, doc: dict[str, Any]) -> Stored[S]:
        return Stored(
            state=self.from_document(doc["state"]),
            version=doc["version"],
            marks={mark["s"]: Mark(mark["h"], tuple(mark["m"])) for mark in doc["marks"]},
            results=tuple(_answered(row) for row in doc["results"]),
            timers=tuple(Timer(timer["n"], timer["d"]) for timer in doc["timers"]),
            sequences=doc["seqs"],
        )


def _kept(cause: str, answer: dict[str, Any]) -> str | dict[str, Any]:
    """Consumed facts are answered with nothing: their id alone is a third of the bytes to write each time."""
    return {"c": cause, "a": answer} if answer else cause


def _answered(row: str | dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return (row, {}) if isinstance(row, str) else (row["c"], row["a"])
