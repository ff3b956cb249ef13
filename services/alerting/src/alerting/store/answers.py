"""Acknowledgements in MongoDB, one row each, and how soon they came by place."""

from collections import defaultdict
from dataclasses import asdict
from datetime import datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from alerting.domain.answers import Answer
from common.mongo.records import MongoRecords


class MongoAnswers(MongoRecords[Answer]):
    """Rows by their fact; `Answers` of the ports."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        super().__init__(database["answers"], _to_document)

    async def ensure_indexes(self) -> None:
        """Create the index by which a period is read."""
        await super().ensure_indexes()
        await self.collection.create_index([("at", 1)], name="at")

    async def seconds_by_commune(
        self, area_codes: frozenset[str], since: datetime, until: datetime
    ) -> dict[str, list[float]]:
        """Return how long each acknowledgement took, by commune."""
        codes = sorted(area_codes)
        places = [{f"{level}_code": {"$in": codes}} for level in ("commune", "district", "province")]
        cursor = self.collection.find(
            {"at": {"$gte": since, "$lt": until}, "$or": places}, {"_id": 0, "commune_code": 1, "seconds": 1}
        )
        found: dict[str, list[float]] = defaultdict(list)
        async for row in cursor:
            found[row["commune_code"]].append(row["seconds"])
        return dict(found)


def _to_document(answer: Answer) -> dict[str, Any]:
    document = asdict(answer)
    del document["answer_id"]  # the row's `_id`
    return document
