"""Beds, stock and supplies in MongoDB and in memory, and the door through which facts get there."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo import UpdateOne

from common.mongo.bulk import keep_newest
from ioc_aggregation.domain.resources import (
    OVER,
    AskedLine,
    Beds,
    Facility,
    Note,
    Request,
    Resources,
    StockItem,
    Team,
    Urgency,
)

CLOSED_SHOWN: Final = 500
"""Requests that are over and still shown: the newest."""


class MongoResources:
    """One row per facility, team, stocked item and request."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        self._rows = {
            Facility: database["facilities"],
            Team: database["facility_teams"],
            StockItem: database["stocks"],
            Request: database["supply_requests"],
            Urgency: database["supply_urgencies"],
        }

    async def ensure_indexes(self) -> None:
        """Requests that are over are found by their time."""
        await self._rows[Request].create_index([("state", 1), ("at", -1)], name="state")

    async def note(self, notes: list[Note]) -> None:
        """Keep of each facility, item and request the note with the highest sequence."""
        for kind, rows in self._rows.items():
            await keep_newest(rows, [_newest(n) for n in notes if type(n) is kind])

    async def everything(self) -> Resources:
        """Return all facilities and stocks, requests that are open, and the newest of the others."""
        facilities, teams, stocks = [
            await self._rows[kind].find().to_list(None) for kind in (Facility, Team, StockItem)
        ]
        requests = await self._rows[Request].find({"state": {"$nin": OVER}}).to_list(None)
        over = self._rows[Request].find({"state": {"$in": OVER}}).sort("at", -1).limit(CLOSED_SHOWN)
        requests += await over.to_list(None)
        asked = {"_id": {"$in": [row["_id"] for row in requests]}}
        urgencies = await self._rows[Urgency].find(asked).to_list(None)
        return Resources(
            {row["_id"]: _facility(row) for row in facilities},
            {row["_id"]: Team(**_own(row, Team)) for row in teams},
            tuple(StockItem(**_own(row, StockItem)) for row in stocks),
            tuple(_request(row) for row in requests),
            {row["_id"]: Urgency(**_own(row, Urgency)) for row in urgencies},
        )


class MemoryResources:
    """The same in memory, for tests."""

    def __init__(self) -> None:
        self.notes: dict[tuple[type, str], Note] = {}

    async def ensure_indexes(self) -> None:
        """Nothing to make."""

    async def note(self, notes: list[Note]) -> None:
        """Keep of each facility, item and request the note with the highest sequence."""
        for note in notes:
            known = self.notes.get((type(note), key_of(note)))
            if known is None or _sequence(known) < _sequence(note):
                self.notes[type(note), key_of(note)] = note

    async def everything(self) -> Resources:
        """Return all."""
        found = self.notes.values()
        return Resources(
            {note.facility_id: note for note in found if isinstance(note, Facility)},
            {note.facility_id: note for note in found if isinstance(note, Team)},
            tuple(note for note in found if isinstance(note, StockItem)),
            tuple(note for note in found if isinstance(note, Request)),
            {note.request_id: note for note in found if isinstance(note, Urgency)},
        )


def key_of(note: Note) -> str:
    """Return the id of the row that a note belongs to."""
    match note:
        case StockItem():
            return f"{note.facility_id}|{note.item}"
        case Request() | Urgency():
            return note.request_id
        case _:
            return note.facility_id


def _newest(note: Note) -> UpdateOne:
    sequence = _sequence(note)
    guard = {"_id": key_of(note), "sequence": {"$lt": sequence}}
    return UpdateOne(guard, {"$set": _row(note) | {"sequence": sequence}}, upsert=True)


def _sequence(note: Note) -> int:
    return 0 if isinstance(note, Urgency) else note.sequence


def _row(note: Note) -> dict[str, Any]:
    row = asdict(note)
    row.pop("sequence", None)
    return row


def _own(row: Mapping[str, Any], kind: type[Any]) -> dict[str, Any]:
    return {name: row[name] for name in kind.__dataclass_fields__}


def _facility(row: Mapping[str, Any]) -> Facility:
    beds = tuple(Beds(**each) for each in row["beds"])
    return replace(Facility(**_own(row, Facility)), beds=beds)


def _request(row: Mapping[str, Any]) -> Request:
    lines = tuple(AskedLine(**each) for each in row["lines"])
    return replace(Request(**_own(row, Request)), lines=lines)
