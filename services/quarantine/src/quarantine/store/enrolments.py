"""Enrolled phones, and the challenges that were answered."""

from datetime import datetime, timedelta
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter
from pymongo import WriteConcern
from pymongo.errors import DuplicateKeyError

from common.mongo.aggregates import MongoAggregates
from quarantine.domain.enrolment import Enrolment

Database = AsyncIOMotorDatabase[dict[str, Any]]
ENROLMENT = TypeAdapter(Enrolment)
REMEMBERED = timedelta(minutes=10)
"""Longer than a challenge is good for."""
SHOWN = 50


def enrolment_to_document(enrolment: Enrolment) -> dict[str, Any]:
    """Return the enrolment as BSON values; when it ended is kept as a date, to be purged by."""
    unused = enrolment.expires_at if enrolment.phone is None else None
    ended_at = enrolment.revoked_at or unused
    return {**ENROLMENT.dump_python(enrolment, mode="json"), "ended_at": ended_at}


def enrolment_from_document(document: dict[str, Any]) -> Enrolment:
    """Return the enrolment that was kept."""
    return ENROLMENT.validate_python({k: v for k, v in document.items() if k != "ended_at"})


class MongoEnrolments(MongoAggregates[Enrolment]):
    """Codes and the phones that used them."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["enrolments"], enrolment_to_document, enrolment_from_document)

    async def ensure_indexes(self) -> None:
        """Create the index by which the phones of a person are found."""
        await super().ensure_indexes()
        await self.collection.create_index([("state.people", 1)], name="people")

    async def get(self, enrolment_id: str) -> Enrolment | None:
        """Return one enrolment."""
        found = await self.load([enrolment_id])
        return found[enrolment_id].state if enrolment_id in found else None

    async def purge(self, before: datetime) -> int:
        """Delete what was revoked, or ran out unused, before; codes are random, so no id comes back."""
        return (await self.collection.delete_many({"state.ended_at": {"$lt": before}})).deleted_count

    async def of_person(self, person_id: str) -> list[Enrolment]:
        """Return the enrolments that act for a person, the newest first."""
        cursor = self.collection.find({"state.people": person_id}, {"state": 1}).limit(SHOWN)
        found = [enrolment_from_document(row["state"]) for row in await cursor.to_list(None)]
        return sorted(found, key=lambda one: one.given_at, reverse=True)


class MongoAnswered:
    """Challenges that were answered: each counts once, whichever process it reaches."""

    def __init__(self, database: Database) -> None:
        durable = WriteConcern(w="majority", j=True)
        self.collection = database["answered_challenges"].with_options(write_concern=durable)

    async def ensure_indexes(self) -> None:
        """Create the index that forgets them when they would be refused anyway."""
        seconds = int(REMEMBERED.total_seconds())
        await self.collection.create_index("at", name="forgotten", expireAfterSeconds=seconds)

    async def is_first(self, challenge: str, at: datetime) -> bool:
        """Note that *challenge* was answered; False if it had been before."""
        try:
            await self.collection.insert_one({"_id": challenge, "at": at})
        except DuplicateKeyError:
            return False
        return True
