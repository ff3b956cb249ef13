"""The facts behind a figure, in MongoDB and in memory."""

from collections.abc import Collection
from datetime import date
from typing import Any

from motor.motor_asyncio import AsyncIOMotorCollection, AsyncIOMotorDatabase

from ioc_aggregation.ports.traces import Place, Sum, Traced
from ioc_aggregation.store.generations import MongoGenerations
from ioc_aggregation.store.memory import MemoryTotals
from ioc_aggregation.store.mongo import named


class MongoTraces:
    """Reads the rows that `MongoTotals` claims, in the generation that holds."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        self._database = database
        self._generations = MongoGenerations(database)

    async def behind(
        self, communes: Collection[str], metric: str, day: date, *, after: Place | None, limit: int
    ) -> list[Traced]:
        """Return the facts that changed *metric* of these communes on *day*, the newest first."""
        query = _query(communes, metric, day)
        if after:
            at, fact_id = after
            query["$or"] = [{"r": {"$lt": at}}, {"r": at, "_id": {"$lt": fact_id}}]
        facts = await self._facts()
        cursor = facts.find(query).sort([("r", -1), ("_id", -1)]).limit(limit)
        return [_traced(row, metric) for row in await cursor.to_list(None)]

    async def sum_of(self, communes: Collection[str], metric: str, day: date) -> Sum:
        """Return all of these facts together."""
        group = {"_id": None, "facts": {"$sum": 1}, "change": {"$sum": f"$x.{metric}"}}
        steps = [{"$match": _query(communes, metric, day)}, {"$group": group}]
        rows = await (await self._facts()).aggregate(steps).to_list(None)
        return Sum(rows[0]["facts"], rows[0]["change"]) if rows else Sum(0, 0)

    async def _facts(self) -> AsyncIOMotorCollection[dict[str, Any]]:
        return self._database[named("facts", (await self._generations.standing()).current)]


class MemoryTraces:
    """The same of the totals in memory, for tests."""

    def __init__(self, totals: MemoryTotals) -> None:
        self._totals = totals

    async def behind(
        self, communes: Collection[str], metric: str, day: date, *, after: Place | None, limit: int
    ) -> list[Traced]:
        """Return the facts that changed *metric* of these communes on *day*, the newest first."""
        rows = sorted(self._all(communes, metric, day), key=lambda row: (row.recorded_at, row.fact_id))
        found = [row for row in reversed(rows) if after is None or (row.recorded_at, row.fact_id) < after]
        return found[:limit]

    async def sum_of(self, communes: Collection[str], metric: str, day: date) -> Sum:
        """Return all of these facts together."""
        found = self._all(communes, metric, day)
        return Sum(len(found), sum(row.change for row in found))

    def _all(self, communes: Collection[str], metric: str, day: date) -> list[Traced]:
        return [
            Traced(
                tally.fact_id,
                tally.kind,
                tally.subject,
                tally.sequence,
                tally.commune_code,
                tally.day,
                tally.recorded_at,
                tally.deltas[metric],
            )
            for tally, _ in self._totals.facts.values()
            if tally.commune_code in communes and tally.day == day and tally.deltas.get(metric)
        ]


def _query(communes: Collection[str], metric: str, day: date) -> dict[str, Any]:
    changed = {"$exists": True, "$ne": 0}
    return {"d": day.isoformat(), "c": {"$in": sorted(communes)}, f"x.{metric}": changed}


def _traced(row: dict[str, Any], metric: str) -> Traced:
    day = date.fromisoformat(row["d"])
    return Traced(row["_id"], row["t"], row["s"], row["n"], row["c"], day, row["r"], row["x"][metric])
