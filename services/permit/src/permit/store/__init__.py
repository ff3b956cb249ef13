"""
Mongo documents and indexes of the permit service.

`holders` keeps one document per person; what is searched by stands under `state.find`. `scans` is the
append-only ledger. `directives`, `checkpoints` and `keyring` are small registers.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter
from pymongo import ASCENDING, DESCENDING

from common.mongo.aggregates import MongoAggregates
from common.mongo.recollection import Recollection
from common.mongo.records import MongoRecords
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.keyring import KEYRING, Keyring
from permit.domain.model import Holder
from permit.domain.scans import Scan
from permit.ports import Queue, Search, Tally
from permit.store.files import holder_from_document, holder_to_document
from permit.store.plates import Plates

Database = AsyncIOMotorDatabase[dict[str, Any]]
DIRECTIVE: Final = TypeAdapter(AreaDirective)
CHECKPOINT: Final = TypeAdapter(Checkpoint)
RING: Final = TypeAdapter(Keyring)
SCAN: Final = TypeAdapter(Scan)
_STATE: Final = {"state": 1}
REMEMBERED: Final = 1_000
"""Files are large: the collector of memory that looks through ten thousand stops a worker for a second."""


def _as_it_is(document: dict[str, Any]) -> dict[str, Any]:
    return document


class MongoHolders(MongoAggregates[Holder]):
    """The files of people. *plates* seals what they drive; without it, in tests, it is kept as it is."""

    def __init__(self, database: Database, plates: Plates | None = None) -> None:
        sealed, opened = (plates.sealed, plates.opened) if plates else (_as_it_is, _as_it_is)
        super().__init__(
            database["holders"],
            lambda holder: sealed(holder_to_document(holder)),
            lambda document: holder_from_document(opened(document)),
        )
        self._recollection = Recollection(REMEMBERED)

    async def ensure_indexes(self) -> None:
        """Files that hold only a standing are many and never searched: sparse indexes."""
        await super().ensure_indexes()
        create = self.collection.create_index
        latest = [("state.find.applied_at", DESCENDING), ("_id", ASCENDING)]
        await create("state.find.permits", name="permit", sparse=True)
        await create([("state.find.codes", ASCENDING), *latest], name="area", sparse=True)
        await create([("state.find.applicants", ASCENDING), *latest], name="applicant", sparse=True)
        await create("state.blind", name="blind", sparse=True)
        for what in Queue:
            due = f"state.find.{what}"
            waits = {due: {"$exists": True}}
            await create([(due, ASCENDING), ("_id", ASCENDING)], name=what, partialFilterExpression=waits)
        await create([("state.find.reached", ASCENDING), ("_id", ASCENDING)], name="reached", sparse=True)
        await create("state.find.barred.u", name="barred", sparse=True)

    async def of_permit(self, permit_id: str) -> Holder | None:
        """Return the file that holds a permit."""
        return (await self.of_permits([permit_id])).get(permit_id)

    async def of_permits(self, permit_ids: Collection[str]) -> Mapping[str, Holder]:
        """Return the files by permit, in one query, at their newest."""
        wanted = set(permit_ids)
        rows = await self.collection.find({"state.find.permits": {"$in": sorted(wanted)}}, _STATE).to_list(
            None
        )
        holders = [self.from_document(row["state"]) for row in rows]
        return {
            permit.permit_id: holder
            for holder in holders
            for permit in holder.permits
            if permit.permit_id in wanted
        }

    async def find(
        self, search: Search, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Holder]:
        """Return files by latest application, the newest first."""
        parts = [_query(search), *([_after(*after)] if after else [])]
        order = [("state.find.applied_at", DESCENDING), ("_id", ASCENDING)]
        rows = await self.collection.find({"$and": parts}, _STATE).sort(order).limit(limit).to_list(None)
        return [self.from_document(row["state"]) for row in rows]

    async def waiting(
        self, search: Search, what: Queue, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Holder]:
        """Return files in which something waits, the nearest deadline first."""
        field = f"state.find.{what}"
        parts = [_query(search), {field: {"$exists": True}}]
        if after:
            same = {field: after[0], "_id": {"$gt": after[1]}}
            parts.append({"$or": [{field: {"$gt": after[0]}}, same]})
        cursor = self.collection.find({"$and": parts}, _STATE).sort([(field, ASCENDING), ("_id", ASCENDING)])
        return [self.from_document(row["state"]) for row in await cursor.limit(limit).to_list(None)]

    async def tally(self, search: Search, what: Queue, now: datetime) -> Tally:
        """Count the files in which something waits."""
        field, count = f"state.find.{what}", self.collection.count_documents
        waiting = {**_query(search), field: {"$exists": True}}
        return Tally(await count(waiting), await count({**waiting, field: {"$lt": now}}))

    async def reached(self, area_codes: Collection[str], *, limit: int, after: str = "") -> list[Holder]:
        """Return files with an open permit that is of these areas or goes through them, by person."""
        asked = {"state.find.reached": {"$in": sorted(area_codes)}, "_id": {"$gt": after}}
        rows = await self.collection.find(asked, _STATE).sort("_id", 1).limit(limit).to_list(None)
        return [self.from_document(row["state"]) for row in rows]


def _query(search: Search) -> dict[str, Any]:
    query: dict[str, Any] = {"state.find.applied_at": {"$exists": True}}
    if search.area_codes is not None:
        query["state.find.codes"] = {"$in": sorted(search.area_codes)}
    if search.applied_by is not None:
        query["state.find.applicants"] = search.applied_by
    if search.person_id is not None:
        query["_id"] = search.person_id
    if search.status is not None:
        query["state.find.statuses"] = str(search.status)
    if search.issuers is not None:
        query["state.find.issuers"] = {"$in": sorted(search.issuers)}
    if search.tokens:
        query["state.blind"] = {"$all": sorted(search.tokens)}
    return query


def _after(applied_at: datetime, person_id: str) -> dict[str, Any]:
    same = {"state.find.applied_at": applied_at, "_id": {"$gt": person_id}}
    return {"$or": [{"state.find.applied_at": {"$lt": applied_at}}, same]}


class MongoDirectives(MongoAggregates[AreaDirective]):
    """Directives by area."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database["directives"],
            lambda area: DIRECTIVE.dump_python(area, mode="json"),
            DIRECTIVE.validate_python,
        )

    async def of_areas(self, codes: Collection[str]) -> Mapping[str, AreaDirective]:
        """Return what is known of these areas."""
        return {code: stored.state for code, stored in (await self.load(sorted(codes))).items()}

    async def every(self) -> list[AreaDirective]:
        """Return all areas that ever had an order, by code."""
        rows = await self.collection.find({}, _STATE).sort("_id", 1).to_list(None)
        return [self.from_document(row["state"]) for row in rows]


class MongoCheckpoints(MongoAggregates[Checkpoint]):
    """Checkpoints by id."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database["checkpoints"],
            lambda checkpoint: CHECKPOINT.dump_python(checkpoint, mode="json"),
            CHECKPOINT.validate_python,
        )

    async def of_ids(self, ids: Collection[str]) -> Mapping[str, Checkpoint]:
        """Return those that exist among *ids*."""
        return {key: stored.state for key, stored in (await self.load(sorted(ids))).items()}

    async def every(self) -> list[Checkpoint]:
        """Return all of them, by id."""
        rows = await self.collection.find({}, _STATE).sort("_id", 1).to_list(None)
        return [self.from_document(row["state"]) for row in rows]


class MongoKeyring(MongoAggregates[Keyring]):
    """The one ring of signing keys, private parts sealed."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database["keyring"], lambda ring: RING.dump_python(ring, mode="json"), RING.validate_python
        )

    async def ring(self) -> Keyring | None:
        """Return the ring at its newest."""
        stored = (await self.load([KEYRING])).get(KEYRING)
        return stored.state if stored else None


def scan_to_document(scan: Scan) -> dict[str, Any]:
    """Return the row of a scan; its instants are kept as dates, to be searched by."""
    row: dict[str, Any] = SCAN.dump_python(scan, mode="json")
    return {**row, "scanned_at": scan.scanned_at, "received_at": scan.received_at}


class MongoScans(MongoRecords[Scan]):
    """Scans, appended once."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["scans"], scan_to_document)

    async def ensure_indexes(self) -> None:
        """Create the indexes by which scans of a permit and of a checkpoint are read."""
        await super().ensure_indexes()
        await self.collection.create_index([("permit_id", 1), ("scanned_at", -1)], name="permit")
        await self.collection.create_index(
            [("person_id", 1), ("scanned_at", -1), ("_id", 1)], name="person", sparse=True
        )
        await self.collection.create_index(
            [("checkpoint.checkpoint_id", 1), ("scanned_at", -1)], name="checkpoint"
        )

    async def of_person(
        self, person_id: str, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Scan]:
        """Return where a person's permits were scanned, the latest first."""
        query: dict[str, Any] = {"person_id": person_id}
        if after:
            same = {"scanned_at": after[0], "_id": {"$gt": after[1]}}
            query["$or"] = [{"scanned_at": {"$lt": after[0]}}, same]
        order = [("scanned_at", DESCENDING), ("_id", ASCENDING)]
        found = self.collection.find(query, {"outbox": 0, "unsent": 0, "answer": 0})
        rows = await found.sort(order).limit(limit).to_list(None)
        return [SCAN.validate_python({k: v for k, v in row.items() if k != "_id"}) for row in rows]
