"""What people declared themselves, and the sealed pictures of their tests, in MongoDB."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter
from pymongo import ASCENDING, DESCENDING, WriteConcern
from pymongo.errors import DuplicateKeyError

from common.mongo.aggregates import MongoAggregates
from f0_monitoring.domain.self_declared import SelfDeclaration, Status, register_of

Database = AsyncIOMotorDatabase[dict[str, Any]]
DECLARATION: Final = TypeAdapter(SelfDeclaration)
PHOTOS_LIVE: Final = timedelta(days=30)
_STATE: Final = {"state": 1}


def _to_document(declaration: SelfDeclaration) -> dict[str, Any]:
    document: dict[str, Any] = DECLARATION.dump_python(declaration, mode="json")
    codes = sorted(declaration.area.codes())
    return {**document, "declared_at": declaration.declared_at, "codes": codes}


def _from_document(document: dict[str, Any]) -> SelfDeclaration:
    return DECLARATION.validate_python({name: v for name, v in document.items() if name != "codes"})


class MongoSelfDeclarations(MongoAggregates[SelfDeclaration]):
    """One register per ill person."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["self_declarations"], _to_document, _from_document)

    async def ensure_indexes(self) -> None:
        """Create the indexes of a station's queue and of what one person sent."""
        await super().ensure_indexes()
        queue = [("state.codes", ASCENDING), ("state.status", ASCENDING), ("state.declared_at", ASCENDING)]
        await self.collection.create_index(queue, name="queue")
        sent = [("state.declarant_id", ASCENDING), ("state.declared_at", DESCENDING)]
        await self.collection.create_index(sent, name="declarant")

    async def of_people(self, person_ids: Collection[str]) -> dict[str, SelfDeclaration]:
        """Return the latest declarations about these people."""
        found = await self.load([register_of(person_id) for person_id in person_ids])
        return {stored.state.person_id: stored.state for stored in found.values()}

    async def waiting(self, codes: Collection[str], *, limit: int) -> list[SelfDeclaration]:
        """Return what waits for an answer in these areas, the oldest first."""
        query = {"state.codes": {"$in": sorted(codes)}, "state.status": str(Status.WAITING)}
        cursor = self.collection.find(query, _STATE).sort("state.declared_at", ASCENDING).limit(limit)
        return [_from_document(row["state"]) for row in await cursor.to_list(None)]

    async def sent_by(self, declarant_id: str, *, limit: int) -> list[SelfDeclaration]:
        """Return what one person sent, the newest first."""
        query = {"state.declarant_id": declarant_id}
        cursor = self.collection.find(query, _STATE).sort("state.declared_at", DESCENDING).limit(limit)
        return [_from_document(row["state"]) for row in await cursor.to_list(None)]


class MongoTestPhotos:
    """Sealed pictures; the collection empties itself."""

    def __init__(self, database: Database) -> None:
        durable = WriteConcern(w="majority", j=True)
        self._photos = database["test_photos"].with_options(write_concern=durable)

    async def ensure_indexes(self) -> None:
        """Create the index that purges pictures."""
        seconds = int(PHOTOS_LIVE.total_seconds())
        await self._photos.create_index("kept_at", name="retention", expireAfterSeconds=seconds)

    async def keep(self, owner_id: str, digest: str, sealed: str) -> None:
        """Keep a picture; the same one again changes nothing."""
        row = {"_id": f"{owner_id}:{digest}", "sealed": sealed, "kept_at": datetime.now(UTC)}
        try:
            await self._photos.insert_one(row)
        except DuplicateKeyError:
            return

    async def sealed_of(self, owner_id: str, digest: str) -> str | None:
        """Return a sealed picture, or None when it never came or was deleted."""
        row = await self._photos.find_one({"_id": f"{owner_id}:{digest}"})
        return str(row["sealed"]) if row else None
