"""
Mongo documents and indexes of F0 monitoring.

`patients` keeps one document per person. `reports` is the append-only ledger of declarations; due
timers ask it for the newest one. `doctors` is the roster.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.kernel.decision import TimerFired
from common.mongo.aggregates import MongoAggregates
from common.mongo.records import MongoRecords
from f0_monitoring.domain.commands import DeadlinePassed
from f0_monitoring.domain.model import DECLARING, Patient, Report
from f0_monitoring.domain.roster import Doctor
from f0_monitoring.domain.watched import Watched
from f0_monitoring.ports import After, Search
from f0_monitoring.store.documents import (
    WATCHED,
    patient_from_document,
    patient_to_document,
    watched_from_document,
)
from f0_monitoring.store.filters import filters_of
from f0_monitoring.store.placement import Placement
from f0_monitoring.store.worklist import WorklistQueries

Database = AsyncIOMotorDatabase[dict[str, Any]]
REPORT = TypeAdapter(Report)
DOCTOR = TypeAdapter(Doctor)
INSTANTS = ("reported_at", "received_at", "measured_at")
ORDER = [("state.rank", -1), ("state.heard", 1), ("_id", 1)]
LEDGER_LOOKS_BACK = timedelta(days=2)
"""How long before a deadline a declaration can still answer it."""


def report_to_document(report: Report) -> dict[str, Any]:
    """Return the row of a declaration; its instants are kept as dates, to be searched by."""
    row = REPORT.dump_python(report, mode="json", exclude=set(INSTANTS))
    return {**row, **{name: getattr(report, name) for name in INSTANTS}}


def report_from_document(document: dict[str, Any]) -> Report:
    """Return the declaration that was kept."""
    known = {name: document[name] for name in Report.__dataclass_fields__}
    return REPORT.validate_python(known)


class MongoReports(MongoRecords[Report]):
    """Declarations, appended once."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["reports"], report_to_document)

    async def ensure_indexes(self) -> None:
        """Create the index by which a person's declarations are read and judged."""
        await super().ensure_indexes()
        await self.collection.create_index([("person_id", 1), ("measured_at", -1)], name="person")

    async def by_ids(self, report_ids: Collection[str]) -> list[Report]:
        """Return the declarations that exist among *report_ids*, in any order."""
        rows = await self.collection.find({"_id": {"$in": list(report_ids)}}).to_list(None)
        return [report_from_document(row) for row in rows]

    async def latest_of(self, person_id: str, *, limit: int) -> list[Report]:
        """Return the declarations of a person, the latest first."""
        cursor = self.collection.find({"person_id": person_id}).sort("measured_at", -1).limit(limit)
        return [report_from_document(row) for row in await cursor.to_list(None)]

    async def person_of(self, report_id: str) -> str | None:
        """Return whom a declaration is about, or None when there is no such."""
        row = await self.collection.find_one({"_id": report_id}, {"person_id": 1})
        return str(row["person_id"]) if row else None

    async def newest_of(self, person_ids: Collection[str], since: datetime) -> dict[str, datetime]:
        """Return when each of *person_ids* was last measured, if that is not before *since*."""
        match = {"person_id": {"$in": list(person_ids)}, "measured_at": {"$gte": since}}
        newest = {"_id": "$person_id", "at": {"$max": "$measured_at"}}
        rows = await self.collection.aggregate([{"$match": match}, {"$group": newest}]).to_list(None)
        return {row["_id"]: row["at"].astimezone(UTC) for row in rows}


class MongoPatients(Placement, WorklistQueries, MongoAggregates[Patient]):
    """Records of patients."""

    def __init__(self, database: Database, reports: MongoReports) -> None:
        super().__init__(database["patients"], patient_to_document, patient_from_document)
        self._reports = reports

    async def ensure_indexes(self) -> None:
        """
        Create the indexes of the worklist, of the doctors' lists and of the search.

        The lists end with the risk: the time of the last sign of life changes with every declaration, and
        keeping it in two indexes costs more than sorting the few hundred rows of a list.
        """
        await super().ensure_indexes()
        for name, first in (("worklist", "area"), ("carer", "carer")):
            keys = [(f"state.{first}", 1), ("state.open", 1), ORDER[0]]
            await self.collection.create_index(keys, name=name)
        ending = [("state.area", 1), ("state.open", 1), ("state.tested_on", 1), ("_id", 1)]
        await self.collection.create_index(ending, name="ending")
        await self.collection.create_index([("state.area", 1), ("_id", 1)], name="scope")
        for name in ("blind", "guardians"):
            await self.collection.create_index([(f"state.{name}", 1)], name=name)
        await self.ensure_placement_indexes()
        await self.ensure_worklist_indexes()

    async def due(self, now: datetime, shards: list[int], limit: int) -> list[TimerFired]:
        """Return due timers, each with the newest declaration that the ledger holds."""
        fired = await super().due(now, shards, limit)
        if not fired:
            return []
        since = min(one.due_at for one in fired) - LEDGER_LOOKS_BACK
        newest = await self._reports.newest_of({one.aggregate_id for one in fired}, since)
        return [
            DeadlinePassed(one.aggregate_id, one.name, one.due_at, newest.get(one.aggregate_id))
            for one in fired
        ]

    async def open_after(
        self, area_codes: Collection[str], *, limit: int, after: str = "", commune_code: str | None = None
    ) -> list[Patient]:
        """Return open records of these areas in the order of their ids, beyond *after*."""
        where = commune_code or {"$in": sorted(area_codes)}
        query = {"_id": {"$gt": after}, "state.open": True, "state.area": where}
        rows = await self.collection.find(query, {"state": 1}).sort("_id", 1).limit(limit).to_list(None)
        return [patient_from_document(row["state"]) for row in rows]

    async def many(self, person_ids: Collection[str]) -> dict[str, Patient]:
        """Return the records that exist among *person_ids*."""
        cursor = self.collection.find({"_id": {"$in": list(person_ids)}}, {"state": 1})
        return {row["_id"]: patient_from_document(row["state"]) for row in await cursor.to_list(None)}

    async def watched(self, person_ids: Collection[str]) -> dict[str, Watched]:
        """Return of the records that exist among *person_ids* what declarations are judged by."""
        cursor = self.collection.find({"_id": {"$in": list(person_ids)}}, WATCHED)
        return {row["_id"]: watched_from_document(row["state"]) for row in await cursor.to_list(None)}

    async def find(self, search: Search, *, limit: int, after: After | None = None) -> list[Patient]:
        """Return records by risk (worst first), then silence (longest first), then id."""
        query = {"$and": [*filters_of(search), *([_beyond(after)] if after else [])]}
        rows = await self.collection.find(query, {"state": 1}).sort(ORDER).limit(limit).to_list(None)
        return [patient_from_document(row["state"]) for row in rows]

    async def looked_after_by(self, guardian_id: str, *, limit: int) -> list[Patient]:
        """Return open records that name this person as a carer."""
        return await self._open({"state.guardians": guardian_id}, limit)

    async def without_doctor(self, *, limit: int) -> list[Patient]:
        """Return open records that have no doctor yet."""
        return await self._open({"state.carer": None}, limit)

    async def awaiting_details(self, codes: Collection[str], *, limit: int) -> list[Patient]:
        """Return open records of these areas that nobody has named yet, the oldest first."""
        query = {"state.area": {"$in": sorted(codes)}, "state.open": True, "state.sealed": ""}
        cursor = self.collection.find(query, {"state": 1}).sort("state.declared_at", 1).limit(limit)
        return [patient_from_document(row["state"]) for row in await cursor.to_list(None)]

    async def at_home_since(
        self,
        codes: Collection[str],
        tested_on: date,
        *,
        limit: int,
        after: tuple[date, str] | None = None,
    ) -> list[Patient]:
        """Return patients at home of these areas who tested positive by that day, the longest first."""
        query: dict[str, Any] = {
            "state.area": {"$in": sorted(codes)},
            "state.open": True,
            "state.care": {"$in": sorted(DECLARING)},
            "state.tested_on": {"$lte": tested_on.isoformat()},
        }
        if after:
            day = after[0].isoformat()
            same = {"state.tested_on": day, "_id": {"$gt": after[1]}}
            query["$or"] = [{"state.tested_on": {"$gt": day}}, same]
        order = [("state.tested_on", 1), ("_id", 1)]
        rows = await self.collection.find(query, {"state": 1}).sort(order).limit(limit).to_list(None)
        return [patient_from_document(row["state"]) for row in rows]

    async def in_areas(self, codes: Collection[str], *, limit: int, after: str = "") -> list[Patient]:
        """Return records of these areas, open and closed, by person id."""
        query = {"state.area": {"$in": sorted(codes)}, "_id": {"$gt": after}}
        rows = await self.collection.find(query, {"state": 1}).sort("_id", 1).limit(limit).to_list(None)
        return [patient_from_document(row["state"]) for row in rows]

    async def loads(self) -> dict[str, int]:
        """Return how many open patients each doctor has."""
        match = {"state.carer": {"$gt": ""}, "state.open": True}
        count = {"_id": "$state.carer", "patients": {"$sum": 1}}
        rows = await self.collection.aggregate([{"$match": match}, {"$group": count}]).to_list(None)
        return {row["_id"]: row["patients"] for row in rows}

    async def _open(self, query: dict[str, Any], limit: int) -> list[Patient]:
        cursor = self.collection.find({**query, "state.open": True}, {"state": 1}).limit(limit)
        return [patient_from_document(row["state"]) for row in await cursor.to_list(None)]


class MongoDoctors(MongoAggregates[Doctor]):
    """The roster."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database["doctors"],
            lambda doctor: DOCTOR.dump_python(doctor, mode="json"),
            DOCTOR.validate_python,
        )

    async def roster(self) -> list[Doctor]:
        """Return every doctor, by id."""
        rows = await self.collection.find({}, {"state": 1}).sort("_id", 1).to_list(None)
        return [DOCTOR.validate_python(row["state"]) for row in rows]


def _beyond(after: After) -> dict[str, Any]:
    rank, last_at, person_id = after
    same_rank = {"state.rank": rank}
    return {
        "$or": [
            {"state.rank": {"$lt": rank}},
            {**same_rank, "state.heard": {"$gt": last_at}},
            {**same_rank, "state.heard": last_at, "_id": {"$gt": person_id}},
        ]
    }
