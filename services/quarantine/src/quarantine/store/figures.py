"""
The figures in MongoDB: one row per fact, and one cell of sums per commune and day.

Rows are inserted once (`_id` makes them unique). Then the cells that they fall into are counted again from
their rows, so a batch that is done again after a crash mends what was left behind. Rows are never changed or
deleted, so of two counts of a cell the one of more rows is the newer one, whoever comes later.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo import UpdateMany, UpdateOne, WriteConcern
from pymongo.errors import BulkWriteError
from pymongo.read_concern import ReadConcern

from common.geo import PROVINCE_CODE
from common.mongo.bulk import duplicates, keep_newest
from quarantine.domain.figures import CONTACTED, HEARD, METRICS, ORDERED, FigureRow, Figures

_DAY_SECONDS: Final = 24 * 3600
_CELLS_AT_ONCE: Final = 200
Cell = tuple[str, str, str]
"""Commune, district, day."""


class MongoFigures:
    """Rows and cells."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        write, read = WriteConcern(w="majority", j=True), ReadConcern("majority")
        self._rows = database["figure_rows"].with_options(write_concern=write, read_concern=read)
        self._cells = database["figure_cells"].with_options(write_concern=write, read_concern=read)

    async def ensure_indexes(self) -> None:
        """Create what the counting and the statistics need."""
        await self._rows.create_index([("commune", 1), ("on", 1)], name="cell")
        await self._rows.create_index([("person", 1), ("kind", 1), ("at", 1)], name="person")
        await self._cells.create_index([("codes", 1), ("on", 1)], name="area")

    async def add(self, rows: Collection[FigureRow]) -> None:
        """Add rows, each once, and count their cells again. Raises transient faults only."""
        try:
            await self._rows.insert_many([_document(row) for row in rows], ordered=False)
        except BulkWriteError as fault:
            duplicates(fault)  # some may be there already, by somebody who was quicker
        touched = {(row.commune_code, row.district_code, row.on.isoformat()) for row in rows}
        touched |= await self._contacts(rows)
        cells = sorted(touched)
        for at in range(0, len(cells), _CELLS_AT_ONCE):
            await self._count(cells[at : at + _CELLS_AT_ONCE])
        people = {row.person_id for row in rows}
        settled = {"person": {"$in": sorted(people)}, "kind": ORDERED, "is_counted": False}
        await self._rows.update_many(settled, {"$set": {"is_counted": True}})

    async def sums(self, codes: Collection[str], first: date, last: date) -> dict[str, Figures]:
        """Return the figures of every commune in these areas, from *first* to *last*, both included."""
        flows = await self._grouped(codes, {"$gte": first.isoformat(), "$lte": last.isoformat()})
        stocks = await self._grouped(codes, {"$lte": last.isoformat()})
        return {commune: Figures(flows.get(commune, {}), stocks[commune]) for commune in stocks}

    async def _grouped(self, codes: Collection[str], days: dict[str, str]) -> dict[str, dict[str, int]]:
        names = (*METRICS, *CONTACTED)
        steps: list[dict[str, Any]] = [
            {"$match": {"codes": {"$in": sorted(codes)}, "on": days}},
            {"$group": {"_id": "$commune", **{name: {"$sum": f"$sums.{name}"} for name in names}}},
        ]
        rows = await self._cells.aggregate(steps).to_list(None)
        return {row["_id"]: {name: int(row[name]) for name in names} for row in rows}

    async def _contacts(self, rows: Iterable[FigureRow]) -> set[Cell]:
        """Note the first word after each order; return the cells of orders that are yet to be counted."""
        told = list(rows)
        updates = [_contact(row.person_id, row.at) for row in told if row.kind == HEARD]
        updates += await self._already_heard([row for row in told if row.kind == ORDERED])
        if updates:
            await self._rows.bulk_write(updates, ordered=False)
        asked = {"person": {"$in": sorted({row.person_id for row in told})}, "is_counted": False}
        found = await self._rows.find(asked, {"commune": 1, "district": 1, "on": 1}).to_list(None)
        return {(row["commune"], row["district"], row["on"]) for row in found}

    async def _already_heard(self, orders: Sequence[FigureRow]) -> list[UpdateMany]:
        """Look for words that came before an order was known here: topics have no order between them."""
        if not orders:
            return []
        people, first = sorted({row.person_id for row in orders}), min(row.at for row in orders)
        asked = {"person": {"$in": people}, "kind": HEARD, "at": {"$gte": first}}
        heard: dict[str, list[datetime]] = defaultdict(list)
        for row in await self._rows.find(asked, {"person": 1, "at": 1}).to_list(None):
            heard[row["person"]].append(row["at"])
        words = [(row, [at for at in heard[row.person_id] if at >= _as_kept(row.at)]) for row in orders]
        return [_contact(row.person_id, min(after)) for row, after in words if after]

    async def _count(self, cells: list[Cell]) -> None:
        wanted = [{"commune": commune, "on": day} for commune, _, day in cells]
        steps = [{"$match": {"$or": wanted}}, {"$group": _GROUP}]
        districts = {commune: district for commune, district, _ in cells}
        found = await self._rows.aggregate(steps).to_list(None)
        updates = [_cell(row, districts[row["_id"]["commune"]]) for row in found]
        await keep_newest(self._cells, updates)


def _as_kept(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _contact(person: str, at: Any) -> UpdateMany:
    later = {"$or": [{"contact_at": None}, {"contact_at": {"$gt": at}}]}
    return UpdateMany(
        {"person": person, "kind": ORDERED, "at": {"$lte": at}, **later},
        {"$set": {"contact_at": at, "is_counted": False}},
    )


_WAITED: Final = {"$divide": [{"$subtract": ["$contact_at", "$at"]}, 1000]}
_IS_HEARD: Final = {"$gt": ["$contact_at", None]}
_GROUP: Final[dict[str, Any]] = {
    "_id": {"commune": "$commune", "on": "$on"},
    "rows": {"$sum": 1},
    **{name: {"$sum": f"$deltas.{name}"} for name in METRICS},
    "contacts": {"$sum": {"$cond": [_IS_HEARD, 1, 0]}},
    "contacts_in_a_day": {
        "$sum": {"$cond": [{"$and": [_IS_HEARD, {"$lte": [_WAITED, _DAY_SECONDS]}]}, 1, 0]}
    },
    "contact_seconds": {"$sum": {"$cond": [_IS_HEARD, {"$round": _WAITED}, 0]}},
}


def _document(row: FigureRow) -> dict[str, Any]:
    document = {
        "_id": row.row_id,
        "commune": row.commune_code,
        "district": row.district_code,
        "on": row.on.isoformat(),
        "person": row.person_id,
        "at": row.at,
        "deltas": dict(row.deltas),
        "kind": row.kind,
    }
    return document | ({"contact_at": None} if row.kind == ORDERED else {})


def _cell(row: dict[str, Any], district: str) -> UpdateOne:
    commune, day = row["_id"]["commune"], row["_id"]["on"]
    sums = {name: int(row[name]) for name in (*METRICS, *CONTACTED)}
    seen = row["rows"] + sums["contacts"]
    content = {
        "commune": commune,
        "codes": [commune, district, PROVINCE_CODE],
        "on": day,
        "sums": sums,
        "seen": seen,
    }
    key = f"{commune}|{day}"
    return UpdateOne({"_id": key, "seen": {"$lte": seen}}, {"$set": content}, upsert=True)
