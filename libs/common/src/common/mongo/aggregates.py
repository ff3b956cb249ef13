"""
Aggregates in MongoDB: one document holds state, version, outbox, inbox and timers.

A single-document write is atomic, so no multi-document transaction is needed. Saving is ONE
unordered `update` command of `_id` filters with upsert: the collection refuses those whose version does not
hold any more (`common.mongo.stale`), each by its place. Ids are never reused or deleted. See
docs/decisions/0001 and 0043.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Generic, TypeVar

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo.errors import OperationFailure, WriteConcernError

from common.kernel.decision import Timer, TimerFired
from common.kernel.states import with_changes
from common.mongo.bulk import DUPLICATE_KEY
from common.mongo.fields import ABSENT, Fields, Grown
from common.mongo.outboxes import MongoOutbox, entry_to_document
from common.mongo.recollection import Recollection
from common.mongo.stale import STALE, refuse_stale_writes
from common.work.model import Change, Mark, Stored, shard_of

S = TypeVar("S")

_WITHOUT_OUTBOX = {"outbox": 0, "unsent": 0}
DURABLE = {"w": "majority", "j": True}
"""Never less: w:1 lost 156 acknowledged writes in the crash spike, j:false is slower."""

BY_ID = {"_id": 1}


class MongoAggregates(MongoOutbox, Generic[S]):
    """A collection of aggregates of one kind. Subclass it in store.py to add queries on `state.*`."""

    is_written_whole = False
    """True where somebody follows the collection's changes and needs each to carry the state as a whole."""

    def __init__(
        self,
        collection: AsyncIOMotorCollection,  # type: ignore[type-arg]
        to_document: Callable[[S], dict[str, Any]],
        from_document: Callable[[dict[str, Any]], S],
    ) -> None:
        super().__init__(collection)
        self.to_document = to_document
        self.from_document = from_document
        self._recollection: Recollection[S] = Recollection()
        self._refuses_stale_writes = False

    async def ensure_indexes(self) -> None:
        """Create what the unit of work needs; subclasses add their queries' indexes."""
        await self._ensure_refusal()
        await super().ensure_indexes()
        await self.collection.create_index(
            [("shard", 1), ("due_at", 1)],
            name="timers",
            partialFilterExpression={"due_at": {"$exists": True}},
        )

    async def load(self, ids: list[str]) -> dict[str, Stored[S]]:
        """Return the aggregates that exist among *ids*, in one query."""
        cursor = self.collection.find({"_id": {"$in": ids}}, _WITHOUT_OUTBOX)
        return {doc["_id"]: self._stored(doc) for doc in await cursor.to_list(None)}

    def recall(self, ids: Iterable[str]) -> dict[str, Stored[S]]:
        """Return those of *ids* that this process met last; somebody else may have written them since."""
        return self._recollection.of(ids)

    async def save(self, changes: list[Change[S]]) -> set[str]:
        """Save each change whose version still holds; return the ids of the losers."""
        if not self._refuses_stale_writes:  # never taken for granted: without it the last writer would win
            await self._ensure_refusal()
        written, updates = [], []
        for change in changes:
            stored, differing = self._written(change)
            written.append(stored)
            updates.append(_update(change, stored, differing))
        try:
            losers = await self._update_all(changes, updates)
        except BaseException:
            self._recollection.forget(change.aggregate_id for change in changes)
            raise
        self._recollection.forget(losers)
        for change, stored in zip(changes, written, strict=True):
            if change.aggregate_id not in losers:
                self._recollection.keep(change.aggregate_id, stored)
        return losers

    async def due(self, now: datetime, shards: list[int], limit: int) -> list[TimerFired]:
        """Return due timers of these shards, the longest overdue first; their aggregates are remembered."""
        query = {"shard": {"$in": shards}, "due_at": {"$lte": now}}
        cursor = self.collection.find(query, _WITHOUT_OUTBOX).sort("due_at", 1).limit(limit)
        fired = []
        for doc in await cursor.to_list(None):
            stored = self._stored(doc)
            self._recollection.keep(doc["_id"], stored)
            fired += [TimerFired(doc["_id"], t.name, t.due_at) for t in stored.timers if t.due_at <= now]
        return fired

    async def has_timers(self) -> bool:
        """Tell whether any timer is pending (the shard is named so that the small index answers)."""
        pending = {"shard": {"$gte": 0}, "due_at": {"$exists": True}}
        return await self.collection.find_one(pending, {"_id": 1}) is not None

    async def _ensure_refusal(self) -> None:
        await refuse_stale_writes(self.collection)
        self._refuses_stale_writes = True

    async def _update_all(self, changes: list[Change[S]], updates: list[dict[str, Any]]) -> set[str]:
        reply = await self.collection.database.command(
            {
                "update": self.collection.name,
                "updates": updates,
                "ordered": False,
                "writeConcern": DURABLE,
            },
            check=True,
        )
        if "writeConcernError" in reply:
            raise WriteConcernError(str(reply["writeConcernError"]))
        losers = set()
        for error in reply.get("writeErrors", []):
            if error["code"] != STALE and (error["code"] != DUPLICATE_KEY or error["keyPattern"] != BY_ID):
                raise OperationFailure(error["errmsg"], error["code"])
            losers.add(changes[error["index"]].aggregate_id)
        return losers

    def _written(self, change: Change[S]) -> tuple[Stored[S], dict[str, Any] | None]:
        """
        Return what *change* makes, with its state as MongoDB will hold it, and the fields of it that differ.

        A field that is gone is `ABSENT`. None instead of the fields: the state is to be written as a whole.
        """
        state, before = change.stored.state, change.before
        if before is None or before.kept is None:
            kept, differing = self.to_document(state), None
        elif isinstance(self.to_document, Fields):
            kept, differing = self.to_document.following(state, before.state, before.kept)
        else:
            kept = self.to_document(state)
            differing = _difference(before.kept, kept)
        stored = with_changes(change.stored, kept=kept)
        return stored, None if self.is_written_whole else differing

    def _stored(self, doc: dict[str, Any]) -> Stored[S]:
        return Stored(
            state=self.from_document(doc["state"]),
            version=doc["version"],
            marks={mark["s"]: Mark(mark["h"], tuple(mark["m"])) for mark in doc["marks"]},
            results=tuple((row["c"], row["a"]) for row in doc["results"]),
            recent=doc["recent"],
            timers=tuple(Timer(timer["n"], timer["d"]) for timer in doc["timers"]),
            sequences=doc["seqs"],
            kept=doc["state"],
        )


def _update(change: Change[S], written: Stored[S], differing: dict[str, Any] | None) -> dict[str, Any]:
    """Return the statement that writes what is *differing* in the state, or all of it, and all beside it."""
    changed, gone = _beside_the_state(written, change.before)
    changed["expected"] = change.expected_version
    grown: dict[str, Any] = {}
    if differing is None:
        changed["state"] = written.kept
        changed["shard"] = shard_of(change.aggregate_id)
    else:
        for name, value in differing.items():
            if value is ABSENT:
                gone.append(f"state.{name}")
            elif isinstance(value, Grown):
                grown[f"state.{name}"] = {"$each": value.rows, "$slice": -value.most}
            else:
                changed[f"state.{name}"] = value
    update: dict[str, Any] = {"$set": changed, "$inc": {"version": 1}}
    if gone:
        update["$unset"] = dict.fromkeys(gone, "")
    if change.outbox:
        grown["outbox"] = {"$each": [entry_to_document(entry) for entry in change.outbox]}
        update["$min"] = {"unsent": change.outbox[0].recorded_at}
    if grown:
        update["$push"] = grown
    return {"q": {"_id": change.aggregate_id}, "u": update, "upsert": True}


def _beside_the_state(stored: Stored[Any], before: Stored[Any] | None) -> tuple[dict[str, Any], list[str]]:
    """Return the fields of the unit of work that differ from *before* (all, if that is not known)."""
    changed: dict[str, Any] = {"recent": stored.recent}
    gone: list[str] = []
    if before is None or stored.sequences is not before.sequences:
        changed["seqs"] = stored.sequences
    if before is None or stored.marks is not before.marks:
        changed["marks"] = [{"s": s, "h": m.high, "m": list(m.missing)} for s, m in stored.marks.items()]
    if before is None or stored.results is not before.results:
        changed["results"] = [{"c": cause, "a": answer} for cause, answer in stored.results]
    if before is None or stored.timers != before.timers:
        changed["timers"] = [{"n": timer.name, "d": timer.due_at} for timer in stored.timers]
        if stored.timers:
            changed["due_at"] = min(timer.due_at for timer in stored.timers)
        else:
            gone.append("due_at")
    return changed, gone


def _difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that turn *before* into *after*; those that are gone are `ABSENT`."""
    differing = {name: value for name, value in after.items() if before.get(name, ABSENT) != value}
    return differing | dict.fromkeys(before.keys() - after.keys(), ABSENT)
