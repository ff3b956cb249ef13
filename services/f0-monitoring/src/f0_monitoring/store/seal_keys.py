"""The keys that sign certificates, in MongoDB; private parts are sealed before they come here."""

from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.mongo.aggregates import MongoAggregates
from f0_monitoring.domain.seal_keys import KEYRING, SealKeys

RING: Final = TypeAdapter(SealKeys)


class MongoSealKeys(MongoAggregates[SealKeys]):
    """One document."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        super().__init__(
            database["certificate_keys"],
            lambda ring: RING.dump_python(ring, mode="json"),
            RING.validate_python,
        )

    async def ring(self) -> SealKeys | None:
        """Return the keys, or None before the first start."""
        stored = (await self.load([KEYRING])).get(KEYRING)
        return stored.state if stored else None
