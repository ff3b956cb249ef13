"""Papers that were printed, by their number."""

from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.mongo.records import MongoRecords
from quarantine.domain.papers import Paper

PAPER: Final = TypeAdapter(Paper)


class MongoPapers(MongoRecords[Paper]):
    """One row per paper; nothing personal in clear but the person's pseudonym."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        super().__init__(database["papers"], lambda paper: PAPER.dump_python(paper, mode="json"))

    async def ensure_indexes(self) -> None:
        """Create the index by which a person's papers are found."""
        await super().ensure_indexes()
        await self.collection.create_index([("terms.person_id", 1)], name="person")

    async def of_number(self, number: str) -> Paper | None:
        """Return the paper with this number."""
        row = await self.collection.find_one({"_id": number})
        return (
            PAPER.validate_python({name: row[name] for name in Paper.__dataclass_fields__}) if row else None
        )
