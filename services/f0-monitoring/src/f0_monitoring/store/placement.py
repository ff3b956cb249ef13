"""Queries by which patients are placed with doctors; all of them end in an index on the doctor."""

from collections.abc import Collection
from typing import Any

from common.kernel.areas import Area
from f0_monitoring.domain.model import Level, Patient
from f0_monitoring.ports import Uncovered
from f0_monitoring.store.documents import patient_from_document

_OF_RANK = {level.rank: level for level in Level}
_FREE = {"state.open": True, "state.pin": {"$exists": False}}


class Placement:
    """Finds the patients who should be with another doctor; a part of `MongoPatients`."""

    collection: Any

    async def ensure_placement_indexes(self) -> None:
        """Create what the lists of a team and of patients away from their doctor need: both are short."""
        await self.collection.create_index(
            [("state.lead", 1)], name="away", partialFilterExpression={"state.away": True}
        )
        await self.collection.create_index([("state.staff", 1)], name="staff", sparse=True)

    async def misplaced(self, on_duty: Collection[str], *, limit: int) -> list[Patient]:
        """Return open patients, not pinned, whose doctor is none of *on_duty*: the worst first."""
        query = {**_FREE, "state.carer": {"$nin": sorted(on_duty)}}
        return await self._some(query, -1, limit)

    async def away(self, leads: Collection[str], *, limit: int) -> list[Patient]:
        """Return open patients, not pinned, who are with another than their own doctor out of *leads*."""
        query = {**_FREE, "state.away": True, "state.lead": {"$in": sorted(leads)}}
        return await self._some(query, -1, limit)

    async def calmest_of(self, doctor_id: str, *, limit: int) -> list[Patient]:
        """Return open patients of a doctor, not pinned, who would miss the doctor least."""
        return await self._some({**_FREE, "state.carer": doctor_id}, 1, limit)

    async def uncovered(self, on_duty: Collection[str]) -> list[Uncovered]:
        """Return the communes in which open patients have none of *on_duty*."""
        match = {"state.open": True, "state.carer": {"$nin": sorted(on_duty)}}
        group = {
            "_id": "$state.area",
            "patients": {"$sum": 1},
            "rank": {"$max": "$state.rank"},
            "pinned": {"$sum": {"$cond": [{"$eq": ["$state.pin", True]}, 1, 0]}},
        }
        rows = await self.collection.aggregate([{"$match": match}, {"$group": group}]).to_list(None)
        return [
            Uncovered(Area(*row["_id"]), row["patients"], _OF_RANK[row["rank"]], row["pinned"])
            for row in rows
        ]

    async def _some(self, query: dict[str, Any], direction: int, limit: int) -> list[Patient]:
        cursor = self.collection.find(query, {"state": 1}).sort("state.rank", direction).limit(limit)
        return [patient_from_document(row["state"]) for row in await cursor.to_list(None)]
