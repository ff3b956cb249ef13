"""Rows of which the latest note wins, whatever order the notes come in."""

from typing import Any

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from ioc_aggregation.store.rows import losers


def latest(key: str, sequence: int, fields: dict[str, Any]) -> UpdateOne:
    """Return the update that holds unless a later note is there; the same note again changes nothing."""
    return UpdateOne(
        {"_id": key, "sequence": {"$lt": sequence}}, {"$set": fields | {"sequence": sequence}}, upsert=True
    )


async def write(collection: AsyncIOMotorCollection[dict[str, Any]], updates: list[UpdateOne]) -> None:
    """Run guarded upserts; a duplicate key says that a later note is there already."""
    if not updates:
        return
    try:
        await collection.bulk_write(updates, ordered=False)
    except BulkWriteError as error:
        losers(error)
