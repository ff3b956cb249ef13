"""Bulk writes of which some may find another writer's work: what is a duplicate, which of two is newer."""

from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

DUPLICATE_KEY: Final = 11000


def duplicates(fault: BulkWriteError) -> list[int]:
    """Return the places of writes that found their document there already; any other error is a fault."""
    details = fault.details or {}
    errors = details.get("writeErrors", [])
    if details.get("writeConcernErrors") or any(error["code"] != DUPLICATE_KEY for error in errors):
        raise fault
    return [error["index"] for error in errors]


async def keep_newest(collection: AsyncIOMotorCollection[dict[str, Any]], updates: list[UpdateOne]) -> None:
    """
    Run upserts whose filter is an id and a guard; one that finds something newer changes nothing.

    A duplicate key does not yet say so: somebody else may have made the document this moment with something
    older. It is there from then on, so the second try leaves the guard to decide.
    """
    for _ in range(2):
        if not updates:
            return
        try:
            await collection.bulk_write(updates, ordered=False)
        except BulkWriteError as fault:
            updates = [updates[place] for place in duplicates(fault)]
        else:
            return
