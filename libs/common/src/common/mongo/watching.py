"""What any process writes from now on: a change stream that says from when on it misses nothing."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any, Final

from bson import Timestamp
from motor.motor_asyncio import AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo.errors import PyMongoError

from common.logs import logger

AWAIT_MS: Final = 1000
PAUSE_SECONDS: Final = 1
log = logger("common.mongo.watching")


async def watched(
    source: AsyncIOMotorDatabase[dict[str, Any]] | AsyncIOMotorCollection[dict[str, Any]],
    pipeline: Sequence[dict[str, Any]],
) -> AsyncGenerator[dict[str, Any] | None, None]:
    """
    Yield every change of *source* that *pipeline* lets through, for ever.

    None says that listening begins (again): whoever keeps a picture must read it anew; what is written
    after that reading follows. The stream begins at a time that the server has named before, because the
    driver opens its cursor only when it is asked for the first change: what was written in between would
    never be heard of.
    """
    database = source.database if isinstance(source, AsyncIOMotorCollection) else source
    while True:
        try:
            last = (await database.command("ping"))["operationTime"]
            begins = Timestamp(last.time, last.inc + 1)
            stream = source.watch(pipeline, max_await_time_ms=AWAIT_MS, start_at_operation_time=begins)
            async with stream:
                yield None
                async for change in stream:
                    yield change
        except PyMongoError as fault:
            log.warning("change stream interrupted", fault=type(fault).__name__)
            await asyncio.sleep(PAUSE_SECONDS)
