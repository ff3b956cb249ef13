"""Sealed photos of check-ins, apart from what is known of a person: they are large, and go first."""

from datetime import datetime
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo import DESCENDING, WriteConcern
from pymongo.errors import DuplicateKeyError

from quarantine.ports.photos import KeptPhoto

Database = AsyncIOMotorDatabase[dict[str, Any]]
_BY_PERSON: Final = [("person_id", 1), ("kept_at", DESCENDING)]


class MongoPhotos:
    """One row per photo, found by person and SHA-256."""

    def __init__(self, database: Database) -> None:
        durable = WriteConcern(w="majority", j=True)
        self._photos = database["check_in_photos"].with_options(write_concern=durable)

    async def ensure_indexes(self) -> None:
        """Create the index of a person's photos and the one by age."""
        await self._photos.create_index(_BY_PERSON, name="person")
        await self._photos.create_index("kept_at", name="retention")

    async def keep(self, photo: KeptPhoto) -> None:
        """Keep a photo; the same one again changes nothing."""
        row = {"_id": f"{photo.person_id}:{photo.digest}", "person_id": photo.person_id}
        try:
            await self._photos.insert_one(
                {**row, "digest": photo.digest, "sealed": photo.sealed, "kept_at": photo.kept_at}
            )
        except DuplicateKeyError:
            return

    async def one(self, person_id: str, digest: str) -> KeptPhoto | None:
        """Return a photo, or None when it never came or was deleted."""
        row = await self._photos.find_one({"_id": f"{person_id}:{digest}"})
        return _photo(row) if row else None

    async def of_person(self, person_id: str, *, limit: int) -> list[KeptPhoto]:
        """Return somebody's photos, the newest first."""
        found = self._photos.find({"person_id": person_id}).sort("kept_at", DESCENDING).limit(limit)
        return [_photo(row) for row in await found.to_list(None)]

    async def purge(self, before: datetime) -> int:
        """Delete what was kept before; return how many."""
        return (await self._photos.delete_many({"kept_at": {"$lt": before}})).deleted_count


def _photo(row: dict[str, Any]) -> KeptPhoto:
    return KeptPhoto(row["person_id"], row["digest"], row["sealed"], row["kept_at"])
