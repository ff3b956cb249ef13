"""Certificates that were taken back, by their number."""

from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.mongo.aggregates import MongoAggregates
from f0_monitoring.domain.revoking import RevokedCertificate

REVOKED = TypeAdapter(RevokedCertificate)


class MongoRevocations(MongoAggregates[RevokedCertificate]):
    """One document per certificate that does not count any more."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        super().__init__(
            database["certificate_revocations"],
            lambda revoked: REVOKED.dump_python(revoked, mode="json"),
            REVOKED.validate_python,
        )

    async def one(self, number: str) -> RevokedCertificate | None:
        """Return the record of a certificate that was taken back, or None."""
        stored = (await self.load([number])).get(number)
        return stored.state if stored else None

    async def all(self) -> list[RevokedCertificate]:
        """Return every one that was ever taken back, by number."""
        rows = await self.collection.find({}, {"state": 1}).sort("_id", 1).to_list(None)
        return [REVOKED.validate_python(row["state"]) for row in rows]
