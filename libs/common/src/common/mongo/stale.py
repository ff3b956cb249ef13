"""
A collection that itself refuses what was decided upon something older.

A write adds one to `version` and says upon which version it was decided (`expected`); the collection's
validator holds the two against each other. So an update needs no other filter than `_id`, for which mongod
needs no plan: with the version in the filter, choosing an index cost it as much again as the update (see
docs/decisions/0043).
"""

from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo.errors import OperationFailure

VALIDATOR: Final[dict[str, Any]] = {
    "$or": [
        {"$expr": {"$eq": ["$version", {"$add": ["$expected", 1]}]}},
        {"expected": {"$exists": False}},
    ]
}
"""The second part: documents written before there was such a rule may be cleared by the relay."""
STALE: Final = 121
"""Code of the error by which the validator refuses (DocumentValidationFailure)."""
_NAMESPACE_EXISTS: Final = 48


async def refuse_stale_writes(collection: AsyncIOMotorCollection[dict[str, Any]]) -> None:
    """Make *collection* refuse stale writes, whether it exists or not; it may be asked again and again."""
    database, name = collection.database, collection.name
    options = await _options(collection)
    if options is None:
        try:
            await database.command({"create": name, "validator": VALIDATOR})
        except OperationFailure as error:
            if error.code != _NAMESPACE_EXISTS:
                raise
            options = await _options(collection)  # somebody else made it this moment
    if options is not None and options.get("validator") != VALIDATOR:
        await database.command({"collMod": name, "validator": VALIDATOR})


async def _options(collection: AsyncIOMotorCollection[dict[str, Any]]) -> dict[str, Any] | None:
    """Return how the collection was made, or None when there is none."""
    found = await collection.database.list_collections(filter={"name": collection.name})
    options: list[dict[str, Any]] = [each["options"] async for each in found]
    return options[0] if options else None
