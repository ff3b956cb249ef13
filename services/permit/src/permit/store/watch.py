"""
Flags and the minutes of the board.

`permit_flags` holds one small document per permit that ever contradicted itself, `checkpoint_flags` one per
checkpoint where bad codes were shown; `state.signals` is empty once a flag was cleared. `board_minutes` is
a projection of the scans: delete it and it is counted again as scans arrive, or by `recount`.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter
from pymongo import UpdateOne

from common.mongo.aggregates import MongoAggregates
from common.mongo.bulk import keep_newest
from permit.domain.board import MINUTE, Minute
from permit.domain.flags import Flag
from permit.domain.scans import Scan
from permit.ports.watch import MinuteKey, Range

FLAG: Final = TypeAdapter(Flag)
MINUTES: Final = TypeAdapter(Minute)
SCAN: Final = TypeAdapter(Scan)
Database = AsyncIOMotorDatabase[dict[str, Any]]
KEPT_FOR: Final = timedelta(days=35)
"""Minutes are for the board only; the scans themselves stay."""
_OPEN: Final = {"state.signals.0": {"$exists": True}}
_UNREAD: Final = {"answer": 0, "outbox": 0, "unsent": 0}


class MongoFlags(MongoAggregates[Flag]):
    """Flags by subject, in *name*."""

    def __init__(self, database: Database, name: str) -> None:
        super().__init__(
            database[name],
            lambda flag: FLAG.dump_python(flag, mode="json", exclude_defaults=True),
            FLAG.validate_python,
        )

    async def ensure_indexes(self) -> None:
        """Open flags are few among many that were cleared."""
        await super().ensure_indexes()
        await self.collection.create_index("state.signals.0", name="open", sparse=True)

    async def standing(self) -> list[Flag]:
        """Return the flags that somebody still has to look at, the newest evidence first."""
        rows = await self.collection.find(_OPEN, {"state": 1}).to_list(None)
        flags = [self.from_document(row["state"]) for row in rows]
        return sorted(flags, key=lambda flag: (str(flag.latest_at), flag.subject), reverse=True)

    async def flagged(self, subjects: Collection[str] | None = None) -> frozenset[str]:
        """Return those of *subjects* (None: of all) that bear a flag which nobody cleared yet."""
        among = {} if subjects is None else {"_id": {"$in": sorted(subjects)}}
        rows = await self.collection.find({**among, **_OPEN}, {"_id": 1}).to_list(None)
        return frozenset(row["_id"] for row in rows)


class MongoSightings:
    """Reads the ledger of scans for whoever compares and counts them."""

    def __init__(self, database: Database) -> None:
        self._scans = database["scans"]

    async def ensure_indexes(self) -> None:
        """Create the index by which other scans of a plate are found."""
        keys = [("plate_token", 1), ("scanned_at", -1)]
        has_one = {"plate_token": {"$gt": ""}}
        await self._scans.create_index(keys, name="plate", partialFilterExpression=has_one)

    async def of_ids(self, scan_ids: Iterable[str]) -> list[Scan]:
        """Return the scans that are recorded among *scan_ids*."""
        return await self._read({"_id": {"$in": sorted(scan_ids)}})

    async def around(self, permits: Mapping[str, Range], plates: Mapping[str, Range]) -> list[Scan]:
        """Return the scans of each permit and of each plate within its range, in one query."""
        wanted = [
            {field: key, "scanned_at": {"$gte": span[0], "$lte": span[1]}}
            for field, spans in (("permit_id", permits), ("plate_token", plates))
            for key, span in spans.items()
        ]
        return await self._read({"$or": wanted}) if wanted else []

    async def in_minutes(self, keys: Iterable[MinuteKey]) -> list[Scan]:
        """Return the scans of these minutes of these checkpoints."""
        wanted = [
            {"checkpoint.checkpoint_id": post, "scanned_at": {"$gte": minute, "$lt": minute + MINUTE}}
            for post, minute in keys
        ]
        return await self._read({"$or": wanted}) if wanted else []

    async def _read(self, query: dict[str, Any]) -> list[Scan]:
        rows = await self._scans.find(query, _UNREAD).to_list(None)
        return [SCAN.validate_python({k: v for k, v in row.items() if k != "_id"}) for row in rows]


class MongoMinutes:
    """The minutes of the board."""

    def __init__(self, database: Database) -> None:
        self._minutes = database["board_minutes"]

    async def ensure_indexes(self) -> None:
        """Minutes are read by time and by change, and drop out after some weeks."""
        await self._minutes.create_index(
            "minute", name="age", expireAfterSeconds=int(KEPT_FOR.total_seconds())
        )
        await self._minutes.create_index("changed", name="changed")

    async def put(self, minutes: Iterable[Minute]) -> None:
        """
        Keep each count unless a fuller one is kept already.

        Scans are only ever added, so of two processes that counted one minute the one that saw more is
        right; the last to begin reading saw all.
        """
        await keep_newest(self._minutes, [_write(minute) for minute in minutes])

    async def since(self, start: datetime) -> list[Minute]:
        """Return the minutes from *start* on."""
        return await self._found({"minute": {"$gte": start}})

    async def changed(self, mark: datetime | None, start: datetime) -> tuple[list[Minute], datetime | None]:
        """Return the minutes from *start* on that changed at or after *mark*, and the newest change."""
        query: dict[str, Any] = {"minute": {"$gte": start}}
        if mark is not None:
            query["changed"] = {"$gte": mark}
        rows = await self._minutes.find(query).to_list(None)
        return [_minute(row) for row in rows], max((row["changed"] for row in rows), default=mark)

    async def _found(self, query: dict[str, Any]) -> list[Minute]:
        return [_minute(row) for row in await self._minutes.find(query).to_list(None)]


def _write(minute: Minute) -> UpdateOne:
    key = f"{minute.checkpoint_id}|{minute.minute.astimezone(UTC):%Y-%m-%dT%H:%M}"
    row = {
        **MINUTES.dump_python(minute, mode="json"),
        "minute": minute.minute,
        "last_at": minute.last_at,
        "lanes": sorted(minute.lanes.items()),
    }
    return UpdateOne(
        {"_id": key, "total": {"$lte": minute.total}},
        {"$set": row, "$currentDate": {"changed": True}},
        upsert=True,
    )


def _minute(row: dict[str, Any]) -> Minute:
    known = {name: value for name, value in row.items() if name not in ("_id", "changed")}
    return MINUTES.validate_python({**known, "lanes": dict(row["lanes"])})
