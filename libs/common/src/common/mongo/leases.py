"""Leases and presence: who relays, and which worker owns which timer shards."""

import asyncio
from datetime import UTC, datetime, timedelta

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo.errors import DuplicateKeyError

from common.work.model import SHARDS

LEASE_SECONDS = 6.0
RENEW_SECONDS = 2.0


class MongoLease:
    """
    One holder at a time, renewed while alive.

    It keeps two processes from doing the same work; correctness never depends on it. A process that
    starts again under the same *holder* name gets its lease back at once.
    """

    def __init__(self, database: AsyncIOMotorDatabase, name: str, holder: str) -> None:  # type: ignore[type-arg]
        self._leases = database["leases"]
        self._name = name
        self._holder = holder
        self._renewed = 0.0

    async def hold(self) -> bool:
        """Take or renew the lease; true while it is ours."""
        loop_time = asyncio.get_running_loop().time()
        if self._renewed and loop_time - self._renewed < RENEW_SECONDS:
            return True
        now = datetime.now(UTC)
        free = {"_id": self._name, "$or": [{"holder": self._holder}, {"until": {"$lt": now}}]}
        mine = {"$set": {"holder": self._holder, "until": now + timedelta(seconds=LEASE_SECONDS)}}
        try:
            await self._leases.update_one(free, mine, upsert=True)
        except DuplicateKeyError:
            self._renewed = 0.0
            return False
        self._renewed = loop_time
        return True


class ShardOwner:
    """
    Splits the timer shards among the workers that are alive.

    During a change two workers may look at the same shard; the version and the timer's presence in
    its document decide who fires it.
    """

    def __init__(self, database: AsyncIOMotorDatabase, worker: str) -> None:  # type: ignore[type-arg]
        self._workers = database["workers"]
        self._worker = worker
        self._seen = 0.0
        self._shards: list[int] = []

    async def shards(self) -> list[int]:
        """Return the shards of this worker, refreshed every few seconds."""
        loop_time = asyncio.get_running_loop().time()
        if self._shards and loop_time - self._seen < RENEW_SECONDS:
            return self._shards
        now = datetime.now(UTC)
        until = now + timedelta(seconds=LEASE_SECONDS)
        await self._workers.update_one({"_id": self._worker}, {"$set": {"until": until}}, upsert=True)
        alive = sorted([row["_id"] async for row in self._workers.find({"until": {"$gte": now}})])
        place = alive.index(self._worker)
        self._shards = [shard for shard in range(SHARDS) if shard % len(alive) == place]
        self._seen = loop_time
        return self._shards
