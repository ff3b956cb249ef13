"""The keys that sign papers, in MongoDB; private parts are sealed before they come here."""

from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.kernel.key_ring import KEYRING, KeyRing
from common.mongo.aggregates import MongoAggregates

RING: Final = TypeAdapter(KeyRing)


class MongoKeyRing(MongoAggregates[KeyRing]):
    """One document."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]], collection: str) -> None:
        super().__init__(
            database[collection],
            lambda ring: RING.dump_python(ring, mode="json"),
            RING.validate_python,
        )

    async def ring(self) -> KeyRing | None:
        """Return the keys, or None before the first start."""
        stored = (await self.load([KEYRING])).get(KEYRING)
        return stored.state if stored else None
