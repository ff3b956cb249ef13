"""
One document per supervised person. What officers look for stands under `state.find.keys`.

A key is `<area code>|<list>`, one for each code that covers the person and each list on which the person
stands. People on no list have none, so the index is as small as the work that waits.
"""

from collections.abc import Collection
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.mongo.aggregates import MongoAggregates
from quarantine.domain.supervision.model import Supervision
from quarantine.ports.supervision import Watched, WatchList, lists_of

Database = AsyncIOMotorDatabase[dict[str, Any]]
SUPERVISION = TypeAdapter(Supervision)


def to_document(state: Supervision) -> dict[str, Any]:
    """Return what is known as BSON values, with what it is found by."""
    lists = lists_of(state)
    document: dict[str, Any] = SUPERVISION.dump_python(state, mode="json", exclude_defaults=True)
    if not lists:
        return document
    keys = [f"{code}|{on.value}" for code in sorted(state.area.codes()) for on in lists]
    since = {on.value: at for on, at in lists.items()}
    return {**document, "find": {"commune": state.area.commune_code, "keys": keys, "since": since}}


def from_document(document: dict[str, Any]) -> Supervision:
    """Return what was kept; what it is found by is derived, not read."""
    return SUPERVISION.validate_python({name: value for name, value in document.items() if name != "find"})


class MongoSupervisions(MongoAggregates[Supervision]):
    """What is known in supervision."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["supervision"], to_document, from_document)

    async def ensure_indexes(self) -> None:
        """Create the index of the lists; people on no list are not in it."""
        await super().ensure_indexes()
        await self.collection.create_index(
            [("state.find.keys", 1)],
            name="lists",
            partialFilterExpression={"state.find.keys": {"$exists": True}},
        )

    async def get(self, person_id: str) -> Supervision | None:
        """Return what is known of one person."""
        return (await self.many([person_id])).get(person_id)

    async def many(self, person_ids: Collection[str]) -> dict[str, Supervision]:
        """Return what is known of those of *person_ids* of whom anything is."""
        found = await self.load(list(person_ids))
        return {person_id: stored.state for person_id, stored in found.items()}

    async def find(
        self, watched: Watched, on: WatchList, *, limit: int, after: tuple[str, str] | None = None
    ) -> list[Supervision]:
        """Return who is on a list, the longest waiting first, beginning after the (since, id) of *after*."""
        since = f"state.find.since.{on.value}"
        query = _query(watched, on)
        if after is not None:
            query["$or"] = [{since: {"$gt": after[0]}}, {since: after[0], "_id": {"$gt": after[1]}}]
        cursor = self.collection.find(query, {"state": 1}).sort([(since, 1), ("_id", 1)]).limit(limit)
        return [from_document(row["state"]) for row in await cursor.to_list(None)]

    async def count(self, watched: Watched) -> dict[WatchList, int]:
        """Return how many people each list has."""
        return {on: await self.collection.count_documents(_query(watched, on)) for on in WatchList}


def _query(watched: Watched, on: WatchList) -> dict[str, Any]:
    keys = [f"{code}|{on.value}" for code in sorted(watched.area_codes)]
    query: dict[str, Any] = {"state.find.keys": {"$in": keys}}
    if watched.commune_code:
        query["state.find.commune"] = watched.commune_code
    return query
