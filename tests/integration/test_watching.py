"""What is written right after a reader has begun to listen is heard, although the driver opens its cursor later."""

import asyncio
from typing import Any

import pytest

from common.mongo.watching import watched

pytestmark = pytest.mark.mongo
INSERTS = [{"$match": {"operationType": "insert"}}]


@pytest.mark.parametrize("of_one_collection", [True, False], ids=["collection", "database"])
async def test_nothing_is_missed_between_the_beginning_and_the_first_look(
    database: Any, of_one_collection: bool
) -> None:
    rows = database["rows"]
    await rows.insert_one({"_id": "before"})
    changes = watched(rows if of_one_collection else database, INSERTS)

    assert await anext(changes) is None, "listening has begun: whoever keeps a picture reads it now"
    await rows.insert_one({"_id": "after"})

    async with asyncio.timeout(30):
        change = await anext(changes)
    assert change is not None
    assert change["documentKey"]["_id"] == "after"
    await changes.aclose()
