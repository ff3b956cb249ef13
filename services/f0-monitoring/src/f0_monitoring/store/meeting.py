"""
Rooms, signals and their keys.

`rooms` holds one small document per consultation that was entered of late, `room_signals` what browsers tell
each other, for a minute, `room_keys` the hashes of links and tickets. All three empty themselves (TTL).
"""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from common.mongo.watching import watched
from f0_monitoring.ports.meeting import Heard, Link, Occupant, Room, RoomChanged, Seat, Signal, Ticket

Database = AsyncIOMotorDatabase[dict[str, Any]]
OCCUPANT: Final = TypeAdapter(Occupant)
TICKET: Final = TypeAdapter(Ticket)
LINK: Final = TypeAdapter(Link)
ROOM_KEPT: Final = timedelta(days=2)
SIGNAL_SECONDS: Final = 60
KEY_KEPT: Final = timedelta(days=1)
"""Much longer than any key opens: a used or expired link is told from one that never was."""
SIDES: Final = {seat.value: 1 for seat in Seat}


class MongoRooms:
    """Rooms; a seat is taken by one conditional write, so two who come at once cannot both have it."""

    def __init__(self, database: Database) -> None:
        self._rooms = database["rooms"]

    async def ensure_indexes(self) -> None:
        """Rooms are forgotten when nobody has been there for days."""
        await self._rooms.create_index("purge_at", name="purge", expireAfterSeconds=0)

    async def read(self, room_id: str) -> Room:
        """Return a room; an empty one if nobody was ever there."""
        return _room(room_id, await self._rooms.find_one({"_id": room_id}) or {})

    async def sit(self, room_id: str, seat: Seat, occupant: Occupant, *, gone_before: datetime) -> bool:
        """Take a seat that is free, one's own, or of somebody not heard since *gone_before*."""
        is_mine = {
            "_id": room_id,
            "closed": {"$ne": True},
            "$or": [
                {seat.value: None},
                {f"{seat.value}.holder": occupant.holder},
                {f"{seat.value}.seen_at": {"$lt": gone_before}},
            ],
        }
        taken = {"$set": {seat.value: _row(occupant), "purge_at": _in(ROOM_KEPT)}}
        try:
            await self._rooms.update_one(is_mine, taken, upsert=True)
        except DuplicateKeyError:  # the seat is not for us, or whoever sat opposite opened the room just now
            return (await self._rooms.update_one(is_mine, taken)).matched_count == 1
        return True

    async def beat(self, room_id: str, seat: Seat, occupant: Occupant) -> bool:
        """Keep what *occupant* tells; False when another connection has the seat by now."""
        mine = {"_id": room_id, f"{seat.value}.connection": occupant.connection}
        kept = {seat.value: _row(occupant), "purge_at": _in(ROOM_KEPT)}
        done = await self._rooms.update_one(mine, {"$set": kept})
        return done.matched_count == 1

    async def stand(self, room_id: str, seat: Seat, connection: str) -> None:
        """Give the seat back, if *connection* still has it; when they were last here is kept."""
        mine = {"_id": room_id, f"{seat.value}.connection": connection}
        await self._rooms.update_one(
            mine, [{"$set": {"left_at": f"${seat.value}.seen_at"}}, {"$unset": seat.value}]
        )

    async def admit(self, room_id: str, holder: str) -> None:
        """Let *holder* in; an empty one sends the patient's side back to wait."""
        await self._rooms.update_one({"_id": room_id}, {"$set": {"admitted": holder}})

    async def close(self, room_id: str) -> None:
        """Close a room for good; one in which nobody ever was has nobody to tell."""
        await self._rooms.update_one({"_id": room_id}, {"$set": {"closed": True}})

    async def occupied(self, room_ids: Collection[str], since: datetime) -> Mapping[str, frozenset[Seat]]:
        """Return the seats whose holders were heard *since*."""
        rows = await self._rooms.find({"_id": {"$in": sorted(room_ids)}}, SIDES).to_list(None)
        return {
            row["_id"]: frozenset(
                seat for seat in Seat if seat.value in row and row[seat.value]["seen_at"] >= since
            )
            for row in rows
        }

    async def last_present(self, room_ids: Collection[str]) -> Mapping[str, datetime]:
        """Return when somebody was last heard in each room."""
        wanted = {"_id": {"$in": sorted(set(room_ids))}}
        rows = await self._rooms.find(wanted, {**SIDES, "left_at": 1}).to_list(None)
        found = {}
        for row in rows:
            heard = [row[name]["seen_at"] for name in SIDES if name in row]
            heard += [row["left_at"]] if row.get("left_at") else []
            if heard:
                found[row["_id"]] = max(heard)
        return found


class MongoSignals:
    """Signals as rows that every instance follows with one change stream, together with the rooms."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = database["room_signals"]

    async def ensure_indexes(self) -> None:
        """A signal is of use for seconds."""
        await self._rows.create_index("at", name="purge", expireAfterSeconds=SIGNAL_SECONDS)

    async def send(self, signal: Signal) -> None:
        """Send a signal to whichever instance serves its connection."""
        row = {"room": signal.room_id, "to": signal.to, "from": signal.sender, "body": signal.body}
        await self._rows.insert_one({**row, "at": _in(timedelta())})

    async def hear(self) -> AsyncIterator[Heard]:
        """Yield every signal and every change of a room, from any instance."""
        wanted: dict[str, Any] = {
            "ns.coll": {"$in": ["rooms", "room_signals"]},
            "operationType": {"$in": ["insert", "update", "replace"]},
        }
        told = {"ns": 1, "documentKey": 1, "operationType": 1, "fullDocument": 1}
        async for change in watched(self._database, [{"$match": wanted}, {"$project": told}]):
            yield _heard(change) if change else None


class MongoRoomKeys:
    """Links and tickets by their hashes."""

    def __init__(self, database: Database) -> None:
        self._keys = database["room_keys"]

    async def ensure_indexes(self) -> None:
        """Keys are forgotten a day after their end."""
        await self._keys.create_index("purge_at", name="purge", expireAfterSeconds=0)
        await self._keys.create_index([("kind", 1), ("consultation_id", 1)], name="consultation")

    async def put_link(self, digest: str, link: Link) -> None:
        """Keep a link; unused ones of the same consultation are withdrawn."""
        former = {"kind": "link", "consultation_id": link.consultation_id, "used_at": None}
        await self._keys.update_many(former, {"$set": {"is_withdrawn": True}})
        await self._put(digest, "link", LINK.dump_python(link), link.expires_at)

    async def use_link(self, digest: str, now: datetime) -> Link | None:
        """Use a link if it may be used, and return it as it was before; None if there is none."""
        usable = {"_id": digest, "kind": "link", "used_at": None, "is_withdrawn": False}
        before = await self._keys.find_one_and_update(
            {**usable, "expires_at": {"$gt": now}},
            {"$set": {"used_at": now}},
            return_document=ReturnDocument.BEFORE,
        )
        row = before or await self._keys.find_one({"_id": digest, "kind": "link"})
        return LINK.validate_python(_known(row, Link)) if row else None

    async def put_ticket(self, digest: str, ticket: Ticket) -> None:
        """Keep a ticket."""
        await self._put(digest, "ticket", TICKET.dump_python(ticket, mode="json"), ticket.expires_at)

    async def ticket(self, digest: str) -> Ticket | None:
        """Return a ticket; it may have expired."""
        row = await self._keys.find_one({"_id": digest, "kind": "ticket"})
        return TICKET.validate_python(_known(row, Ticket)) if row else None

    async def _put(self, digest: str, kind: str, fields: dict[str, Any], expires_at: datetime) -> None:
        kept = {"_id": digest, "kind": kind, **fields, "expires_at": expires_at}
        await self._keys.insert_one({**kept, "purge_at": _in(KEY_KEPT)})


def _in(span: timedelta) -> datetime:
    """Return the instant at which a row goes: real time, whatever the clock of a demonstration shows."""
    return datetime.now(UTC) + span


def _row(occupant: Occupant) -> dict[str, Any]:
    return {**OCCUPANT.dump_python(occupant, mode="json"), "seen_at": occupant.seen_at}


def _room(room_id: str, row: Mapping[str, Any]) -> Room:
    doctor, patient = (
        OCCUPANT.validate_python(row[seat.value]) if row.get(seat.value) else None for seat in Seat
    )
    return Room(room_id, doctor, patient, row.get("admitted", ""), row.get("closed", False))


def _known(row: Mapping[str, Any], kind: type[Any]) -> dict[str, Any]:
    return {name: row[name] for name in kind.__dataclass_fields__}


def _heard(change: Mapping[str, Any]) -> Heard:
    if change["ns"]["coll"] == "rooms":
        return RoomChanged(change["documentKey"]["_id"])
    row = change["fullDocument"]
    return Signal(row["room"], row["to"], row["from"], row["body"])
