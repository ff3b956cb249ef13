"""
Consultations and diaries.

`state.open`, `state.at` (its hour, or when it was asked for) and `state.areas` are what lists are found by.
"""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.kernel.decision import TimerFired
from common.mongo.aggregates import MongoAggregates
from f0_monitoring.domain.calls import Looked
from f0_monitoring.domain.consultation import Consultation
from f0_monitoring.domain.diary import Diary
from f0_monitoring.ports import Patients
from f0_monitoring.ports.meeting import Rooms

Database = AsyncIOMotorDatabase[dict[str, Any]]
CONSULTATION = TypeAdapter(Consultation)
DIARY = TypeAdapter(Diary)
FIELDS = frozenset(Consultation.__dataclass_fields__)


def consultation_to_document(consultation: Consultation) -> dict[str, Any]:
    """Return a consultation as BSON values, with what it is found by."""
    state: dict[str, Any] = CONSULTATION.dump_python(consultation, mode="json", exclude_defaults=True)
    return state | {
        "open": not consultation.is_over,
        "at": consultation.starts_at or consultation.requested_at,
        "areas": sorted(asdict(consultation.area).values()),
    }


def consultation_from_document(document: dict[str, Any]) -> Consultation:
    """Return the consultation that was kept."""
    return CONSULTATION.validate_python({key: value for key, value in document.items() if key in FIELDS})


class MongoConsultations(MongoAggregates[Consultation]):
    """Consultations by their id."""

    def __init__(self, database: Database, patients: Patients, rooms: Rooms) -> None:
        super().__init__(database["consultations"], consultation_to_document, consultation_from_document)
        self._patients = patients
        self._rooms = rooms

    async def ensure_indexes(self) -> None:
        """Create the indexes of the lists."""
        await super().ensure_indexes()
        for name in ("doctor_id", "person_id", "areas"):
            await self.collection.create_index([(f"state.{name}", 1), ("state.at", -1)], name=name)

    async def due(self, now: datetime, shards: list[int], limit: int) -> list[TimerFired]:
        """Return due timers, each with what is seen of the room and of the patient's record now."""
        fired = await super().due(now, shards, limit)
        if not fired:
            return []
        ids = [one.aggregate_id for one in fired]
        found = {key: stored.state for key, stored in (await self.load(ids)).items()}
        records = await self._patients.many({one.person_id for one in found.values()})
        present = await self._rooms.last_present(ids)
        return [
            Looked(
                one.aggregate_id,
                one.name,
                one.due_at,
                present.get(one.aggregate_id),
                is_record_open=_is_open(found.get(one.aggregate_id), records),
            )
            for one in fired
        ]

    async def one(self, consultation_id: str) -> Consultation | None:
        """Return a consultation."""
        found = await self.load([consultation_id])
        return found[consultation_id].state if consultation_id in found else None

    async def of_doctor(
        self, doctor_id: str, person_ids: Collection[str], *, since: datetime, limit: int
    ) -> list[Consultation]:
        """Return what a doctor holds, and the open ones of *person_ids*: open ones, or touched *since*."""
        own = {"state.doctor_id": doctor_id, **_open_or_since(since)}
        theirs = {"state.person_id": {"$in": sorted(person_ids)}, "state.open": True}
        return await self._find({"$or": [own, theirs]}, limit)

    async def of_areas(
        self, area_codes: Collection[str], *, since: datetime, limit: int
    ) -> list[Consultation]:
        """Return the consultations of patients in these areas: open ones, or touched *since*."""
        return await self._find({"state.areas": {"$in": sorted(area_codes)}, **_open_or_since(since)}, limit)

    async def of_persons(self, person_ids: Collection[str], *, limit: int) -> list[Consultation]:
        """Return the consultations of these patients, the latest first."""
        return await self._find({"state.person_id": {"$in": sorted(person_ids)}}, limit)

    async def _find(self, query: dict[str, Any], limit: int) -> list[Consultation]:
        cursor = self.collection.find(query, {"state": 1}).sort("state.at", -1).limit(limit)
        return [consultation_from_document(row["state"]) for row in await cursor.to_list(None)]


class MongoDiaries(MongoAggregates[Diary]):
    """Diaries by their owner."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database["diaries"],
            lambda diary: DIARY.dump_python(diary, mode="json"),
            DIARY.validate_python,
        )


def _open_or_since(since: datetime) -> dict[str, Any]:
    return {"$or": [{"state.open": True}, {"state.at": {"$gte": since}}]}


def _is_open(consultation: Consultation | None, records: dict[str, Any]) -> bool:
    """A record that cannot be found says nothing about the consultation."""
    record = records.get(consultation.person_id) if consultation else None
    return record is None or not record.is_closed
