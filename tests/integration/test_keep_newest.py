"""Of two who write about one thing for the first time at the same moment, the newer one is kept."""

import asyncio
from typing import Any

import pytest
from pymongo import UpdateOne

from common.mongo.bulk import keep_newest

pytestmark = pytest.mark.mongo


async def test_whoever_is_first_the_newest_stays(database: Any) -> None:
    rows = database["rows"]

    def told(number: int, sequence: int) -> UpdateOne:
        guard = {"_id": number, "sequence": {"$lt": sequence}}
        return UpdateOne(guard, {"$set": {"sequence": sequence}}, upsert=True)

    for number in range(60):
        await asyncio.gather(*(keep_newest(rows, [told(number, sequence)]) for sequence in (1, 3, 2)))
    await keep_newest(rows, [told(0, 2), told(60, 1)])
    await keep_newest(rows, [])
    assert [row["sequence"] async for row in rows.find().sort("_id", 1)] == [3] * 60 + [1]
