"""
After a restore: what aggregates remember as offsets of topics that were made anew.

Facts of append-only rows (declarations, scans) carry no sequence of their own; an aggregate remembers them by
their place in the topic (`common.messaging.correlation`). In new topics every place is another, and new facts
at low offsets would be taken for old ones. So each such mark moves to where its record went.
"""

import re
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import UpdateOne

Moved = Callable[[str, int], int]
"""Partition (`topic-3`) and old offset to the new offset; -1 where nothing of it is left."""
PLACE: Final = re.compile(r"^(?P<partition>[a-z0-9.-]+-\d+)(?P<command>#\d+)?$")
"""Sources of sequenced facts have a colon (`f0-monitoring:<id>`) and are left alone."""
AT_ONCE: Final = 1_000


async def move(database: AsyncIOMotorDatabase[dict[str, Any]], moved: Moved) -> int:
    """Move the marks of every document; return how many documents changed. Not to be done twice."""
    changed = 0
    for name in sorted(await database.list_collection_names()):
        updates: list[UpdateOne] = []
        async for update in _updates(database[name], moved):
            updates.append(update)
            if len(updates) == AT_ONCE:
                changed += (await database[name].bulk_write(updates, ordered=False)).modified_count
                updates = []
        if updates:
            changed += (await database[name].bulk_write(updates, ordered=False)).modified_count
    return changed


async def _updates(
    collection: AsyncIOMotorCollection[dict[str, Any]], moved: Moved
) -> AsyncIterator[UpdateOne]:
    asked = {"marks.s": {"$regex": PLACE.pattern.replace("?P<partition>", "?:").replace("?P<command>", "?:")}}
    async for document in collection.find(asked, {"marks": 1}):
        marks = moved_marks(document["marks"], moved)
        if marks != document["marks"]:
            yield UpdateOne({"_id": document["_id"]}, {"$set": {"marks": marks}})


def moved_marks(marks: list[dict[str, Any]], moved: Moved) -> list[dict[str, Any]]:
    """Return *marks* with every place moved; one of which nothing is left is forgotten."""
    found = []
    for mark in marks:
        place = PLACE.match(mark["s"])
        if place is None:
            found.append(mark)
        elif (offset := moved(place["partition"], mark["h"])) >= 0:
            found.append({**mark, "h": offset})
    return found
