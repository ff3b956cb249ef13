"""Stations and facilities with their numbers: in MongoDB and in memory."""

from dataclasses import asdict
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo import UpdateOne

from alerting.domain.stations import Station


class MongoStations:
    """One row per facility."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        self._rows = database["stations"]

    async def ensure_indexes(self) -> None:
        """They are found by the areas that they look after."""
        await self._rows.create_index("looks_after", name="areas")

    async def note(self, told: list[Station]) -> None:
        """Keep them."""
        if told:
            await self._rows.bulk_write([_update(one) for one in told], ordered=True)

    async def near(self, codes: frozenset[str], facility_id: str) -> list[Station]:
        """Return those in or for one of these areas, and the one of that id."""
        found = {"$or": [{"looks_after": {"$in": sorted(codes)}}, {"_id": facility_id}]}
        rows = await self._rows.find(found).to_list(None)
        return [_station(row) for row in rows]


class MemoryStations:
    """The same in memory, for tests."""

    def __init__(self) -> None:
        self.rows: dict[str, Station] = {}

    async def ensure_indexes(self) -> None:
        """Nothing to make."""

    async def note(self, told: list[Station]) -> None:
        """Keep them."""
        for one in told:
            known = self.rows.get(one.facility_id)
            if known is None or known.sequence < one.sequence:
                self.rows[one.facility_id] = one

    async def near(self, codes: frozenset[str], facility_id: str) -> list[Station]:
        """Return those in or for one of these areas, and the one of that id."""
        return [one for one in self.rows.values() if one.looks_after(codes) or one.facility_id == facility_id]


def _update(told: Station) -> UpdateOne:
    fields = asdict(told)
    row = {
        **{name: fields[name] for name in fields if name != "facility_id"},
        "_id": told.facility_id,
        "serves": list(told.serves),
        "looks_after": sorted({*told.serves, told.commune_code}),
    }
    is_older = {"$gte": [{"$ifNull": ["$sequence", -1]}, told.sequence]}
    newest = {"$cond": [is_older, "$$ROOT", {"$literal": row}]}
    return UpdateOne({"_id": told.facility_id}, [{"$replaceWith": newest}], upsert=True)


def _station(row: dict[str, Any]) -> Station:
    names = ("sequence", "kind", "name", "phone", "commune_code", "district_code", "is_open")
    fields = {name: row[name] for name in names}
    return Station(facility_id=row["_id"], serves=tuple(row["serves"]), **fields)
