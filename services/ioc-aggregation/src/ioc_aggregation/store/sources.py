"""Sources, and the people heard through each app: in MongoDB and in memory."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter
from pymongo import UpdateOne

from common.mongo.aggregates import MongoAggregates
from common.work.memory import MemoryStore
from ioc_aggregation.domain.sources import Source
from ioc_aggregation.ports.sources import Used

KEPT: Final = timedelta(days=60)
SOURCE: Final = TypeAdapter(Source)
Database = AsyncIOMotorDatabase[dict[str, Any]]


class MongoSources(MongoAggregates[Source]):
    """One aggregate per source."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database["sources"],
            lambda state: SOURCE.dump_python(state, mode="json"),
            SOURCE.validate_python,
        )

    async def silent(self) -> dict[str, Source]:
        """Return those that are silent: a few hundred rows at most are looked at."""
        rows = await self.collection.find({"state.is_silent": True}, {"state": 1}).to_list(None)
        return {row["_id"]: SOURCE.validate_python(row["state"]) for row in rows}


class MemorySources(MemoryStore[Source]):
    """The same in memory, for tests."""

    async def silent(self) -> dict[str, Source]:
        """Return those that are silent."""
        return {key: stored.state for key, stored in self.aggregates.items() if stored.state.is_silent}


class MongoAppUsers:
    """
    One row per person and app: where and when it was used last, as one text that a maximum decides.

    Nothing but maxima, so any order of arrival and any repetition gives the same row.
    """

    def __init__(self, database: Database) -> None:
        self._rows = database["app_users"]

    async def ensure_indexes(self) -> None:
        """Rows are counted by their last use, and forgotten two months after it."""
        await self._rows.create_index("at", name="kept", expireAfterSeconds=int(KEPT.total_seconds()))
        await self._rows.create_index([("app", 1), ("at", -1)], name="last")

    async def note(self, used: list[Used]) -> None:
        """Keep it."""
        updates = [
            UpdateOne(
                {"_id": f"{one.person_id}|{one.app}"},
                {"$set": {"app": one.app}, "$max": {"at": one.at, "seen": _seen(one)}},
                upsert=True,
            )
            for one in used
        ]
        if updates:
            await self._rows.bulk_write(updates, ordered=False)

    async def by_commune(self, since: datetime) -> Mapping[str, Mapping[str, int]]:
        """Return by commune and app how many persons declared through it at or after *since*."""
        commune = {"$arrayElemAt": [{"$split": ["$seen", "|"]}, 1]}
        group = {"_id": {"commune": commune, "app": "$app"}, "persons": {"$sum": 1}}
        found: dict[str, dict[str, int]] = {}
        async for row in self._rows.aggregate([{"$match": {"at": {"$gte": since}}}, {"$group": group}]):
            found.setdefault(row["_id"]["commune"], {})[row["_id"]["app"]] = row["persons"]
        return found

    async def last_heard(self) -> Mapping[str, datetime]:
        """Return when each app was last heard."""
        group = {"$group": {"_id": "$app", "at": {"$max": "$at"}}}
        return {row["_id"]: row["at"] async for row in self._rows.aggregate([group])}


class MemoryAppUsers:
    """The same in memory, for tests."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Used] = {}

    async def ensure_indexes(self) -> None:
        """Nothing to make."""

    async def note(self, used: list[Used]) -> None:
        """Keep it."""
        for one in used:
            key = (one.person_id, one.app)
            self.rows[key] = max(one, self.rows.get(key, one), key=_seen)

    async def by_commune(self, since: datetime) -> Mapping[str, Mapping[str, int]]:
        """Return by commune and app how many persons declared through it at or after *since*."""
        found: dict[str, Counter[str]] = {}
        for one in self.rows.values():
            if one.at >= since:
                found.setdefault(one.commune_code, Counter())[one.app] += 1
        return found

    async def last_heard(self) -> Mapping[str, datetime]:
        """Return when each app was last heard."""
        found: dict[str, datetime] = {}
        for one in self.rows.values():
            found[one.app] = max(one.at, found.get(one.app, one.at))
        return found


def _seen(used: Used) -> str:
    """Return when and where as a text that sorts by time; of two places at one instant the same wins."""
    return f"{round(used.at.timestamp() * 1000):015d}|{used.commune_code}"
