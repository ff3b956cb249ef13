"""Shifts and what officers did, as kept and as supervisors read them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.mongo.aggregates import MongoAggregates
from common.mongo.records import MongoRecords
from permit.domain.gate_actions import GateAction
from permit.domain.shifts import Shift
from permit.ports.gate import ActCount

Database = AsyncIOMotorDatabase[dict[str, Any]]
ACTION: Final = TypeAdapter(GateAction)
SHIFT: Final = TypeAdapter(Shift)
_ROW: Final = {"answer": 0, "outbox": 0, "unsent": 0, "codes": 0, "_id": 0}


class MongoGateActions(MongoRecords[GateAction]):
    """What officers did, appended once."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["gate_actions"], _action_to_document)

    async def ensure_indexes(self) -> None:
        """Create the index by which the log of an area is read."""
        await super().ensure_indexes()
        keys = [("codes", 1), ("acted_at", -1), ("_id", 1)]
        await self.collection.create_index(keys, name="area")

    async def find(
        self,
        codes: Collection[str],
        acts: Collection[str],
        *,
        officer: str | None = None,
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> list[GateAction]:
        """Return the acts in an area, the newest first."""
        parts: list[dict[str, Any]] = [{"codes": {"$in": sorted(codes)}, "act": {"$in": sorted(acts)}}]
        parts += [{"officer": officer}] if officer else []
        parts += [_older("acted_at", *after)] if after else []
        cursor = self.collection.find({"$and": parts}, _ROW).sort([("acted_at", -1), ("_id", 1)]).limit(limit)
        return [ACTION.validate_python(row) for row in await cursor.to_list(None)]

    async def tally(self, codes: Collection[str], acts: Collection[str], since: datetime) -> list[ActCount]:
        """Count the acts in an area since an instant, by checkpoint and reason; in no order."""
        wanted = {"codes": {"$in": sorted(codes)}, "acted_at": {"$gte": since}, "act": {"$in": sorted(acts)}}
        post = {"checkpoint_id": "$checkpoint.checkpoint_id", "checkpoint_name": "$checkpoint.name"}
        key = {**post, "act": "$act", "reason_code": "$reason_code"}
        stages = [{"$match": wanted}, {"$group": {"_id": key, "count": {"$sum": 1}}}]
        rows = await self.collection.aggregate(stages).to_list(None)
        return [ActCount(**row["_id"], count=row["count"]) for row in rows]


class MongoShifts(MongoAggregates[Shift]):
    """Shifts by id."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["shifts"], _shift_to_document, _shift_from_document)
        self._scans = database["scans"]

    async def ensure_indexes(self) -> None:
        """Create the index by which the shifts of an area are read."""
        await super().ensure_indexes()
        keys = [("state.codes", 1), ("state.opened_at", -1), ("_id", 1)]
        await self.collection.create_index(keys, name="area")

    async def find(
        self, codes: Collection[str], *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Shift]:
        """Return the shifts in an area, the newest first."""
        parts: list[dict[str, Any]] = [{"state.codes": {"$in": sorted(codes)}}]
        parts += [_older("state.opened_at", *after)] if after else []
        order = [("state.opened_at", -1), ("_id", 1)]
        rows = (
            await self.collection.find({"$and": parts}, {"state": 1}).sort(order).limit(limit).to_list(None)
        )
        return [_shift_from_document(row["state"]) for row in rows]

    async def received(self, shift: Shift, until: datetime) -> int:
        """Return how many scans of the shift have arrived."""
        during = {"$gte": shift.opened_at, "$lte": shift.closed_at or until}
        post = shift.checkpoint.checkpoint_id
        query = {"checkpoint.checkpoint_id": post, "officer": shift.officer, "scanned_at": during}
        return int(await self._scans.count_documents(query))


def _older(field: str, at: datetime, key: str) -> dict[str, Any]:
    return {"$or": [{field: {"$lt": at}}, {field: at, "_id": {"$gt": key}}]}


def _action_to_document(action: GateAction) -> dict[str, Any]:
    row: dict[str, Any] = ACTION.dump_python(action, mode="json")
    times = {"acted_at": action.acted_at, "received_at": action.received_at}
    return {**row, **times, "codes": sorted(action.checkpoint.area.codes())}


def _shift_to_document(shift: Shift) -> dict[str, Any]:
    row: dict[str, Any] = SHIFT.dump_python(shift, mode="json")
    times = {"opened_at": shift.opened_at, "closed_at": shift.closed_at}
    return {**row, **times, "codes": sorted(shift.checkpoint.area.codes())}


def _shift_from_document(document: dict[str, Any]) -> Shift:
    return SHIFT.validate_python({name: value for name, value in document.items() if name != "codes"})
