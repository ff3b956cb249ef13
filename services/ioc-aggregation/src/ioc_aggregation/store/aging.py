"""Rows of facts that are over their time, in the generation of the figures that holds."""

from datetime import datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from common.kernel.clock import local_day
from ioc_aggregation.store.generations import MongoGenerations
from ioc_aggregation.store.mongo import named


class AgingFacts:
    """
    Facts by pseudonym; the totals that they were added to stay.

    A row also tells that its fact was counted: it must outlive every record of the log that could bring the
    fact again (`retention_days` of schemas/topics.yaml), which the rules are tested for.
    """

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        self._database = database
        self._generations = MongoGenerations(database)

    async def ensure_indexes(self) -> None:
        """Nothing to make: a fact's day is never after it was recorded, and days have their index."""

    async def purge(self, before: datetime) -> int:
        """Delete what was recorded before *before*; return how many rows went."""
        facts = self._database[named("facts", (await self._generations.standing()).current)]
        old = {"d": {"$lte": local_day(before).isoformat()}, "r": {"$lt": before}}
        return (await facts.delete_many(old)).deleted_count
