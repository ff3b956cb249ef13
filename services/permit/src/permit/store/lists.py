"""What the lists for scanners are made from and kept in: the files that they stem from, and the journal."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo import ASCENDING, DESCENDING
from pymongo.errors import DuplicateKeyError

from common.kernel.clock import Clock
from permit.domain.listed import Listed
from permit.ports.lists import Base, ListEntry
from permit.store.standings import listed_from_document

Database = AsyncIOMotorDatabase[dict[str, Any]]
_BARRED: Final = {"state.find.barred": 1}
_CHECKED: Final = "checked"


class MongoStandings:
    """Barred permits by a sparse index, so that a full build does not read the files of everybody."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._holders = database["holders"]
        self._clock = clock

    async def barred(self) -> list[Listed]:
        """Return every permit that does not count now as its codes say, and of which a code is not over."""
        now = self._clock.now()
        rows = await self._holders.find({"state.find.barred.u": {"$gt": now}}, _BARRED).to_list(None)
        return [listed for row in rows for listed in _listed(row) if listed.valid_until > now]

    async def of_people(self, person_ids: Collection[str]) -> tuple[list[Listed], Collection[str]]:
        """Return those among the permits of these people, and the ids of all their permits."""
        if not person_ids:
            return [], ()
        wanted = {"_id": {"$in": sorted(person_ids)}, "state.find.permits": {"$exists": True}}
        rows = await self._holders.find(wanted, {**_BARRED, "state.find.permits": 1}).to_list(None)
        barred = [listed for row in rows for listed in _listed(row)]
        return barred, [permit for row in rows for permit in row["state"]["find"]["permits"]]

    async def ends(self, permit_ids: Collection[str]) -> Mapping[str, datetime]:
        """Return when the last code of each of these permits ends; one that is not on file is left out."""
        wanted = set(permit_ids)
        if not wanted:
            return {}
        ends = ("permit_id", "terms.valid_until", "limits.granted.valid_until")
        fields = {f"state.permits.{name}": 1 for name in ends}
        query = {"state.find.permits": {"$in": sorted(wanted)}}
        rows = await self._holders.find(query, fields).to_list(None)
        permits = [permit for row in rows for permit in row["state"]["permits"]]
        return {
            permit["permit_id"]: _codes_until(permit) for permit in permits if permit["permit_id"] in wanted
        }


def _codes_until(permit: dict[str, Any]) -> datetime:
    granted = permit.get("limits", {}).get("granted", permit["terms"])
    return max(datetime.fromisoformat(terms["valid_until"]) for terms in (granted, permit["terms"]))


def _listed(row: dict[str, Any]) -> list[Listed]:
    return [listed_from_document(one) for one in row["state"].get("find", {}).get("barred", ())]


class MongoJournal:
    """Entries by number: who inserts a number first has it."""

    def __init__(self, database: Database) -> None:
        self._entries = database["revocations"]
        self._bases = database["revocation_bases"]
        self._marks = database["revocation_marks"]

    async def append(self, entry: ListEntry) -> bool:
        """Put *entry* under its number; False if another entry has it."""
        row = {
            "_id": entry.sequence,
            "signed": entry.signed,
            "hash": entry.list_hash,
            "issued_at": entry.issued_at,
            "token": entry.token,
            "people": list(entry.people),
        }
        try:
            await self._entries.insert_one(row)
        except DuplicateKeyError:
            return False
        return True

    async def after(self, sequence: int, *, until: int | None = None) -> list[ListEntry]:
        """Return the entries after *sequence*, in order."""
        bounds = {"$gt": sequence, **({} if until is None else {"$lte": until})}
        rows = await self._entries.find({"_id": bounds}).sort("_id", ASCENDING).to_list(None)
        return [_entry(row) for row in rows]

    async def newest(self) -> ListEntry | None:
        """Return the entry with the highest number."""
        row = await self._entries.find_one(sort=[("_id", DESCENDING)])
        return _entry(row) if row else None

    async def base(self) -> Base | None:
        """Return the newest full list."""
        row = await self._bases.find_one(sort=[("_id", DESCENDING)])
        return Base(row["_id"], row["packed"], row["hash"], row["built_at"], row["token"]) if row else None

    async def keep_base(self, base: Base) -> None:
        """Keep a full list; the first one of a number stays."""
        row = {"packed": base.packed, "hash": base.list_hash, "built_at": base.built_at, "token": base.token}
        await self._bases.update_one({"_id": base.sequence}, {"$setOnInsert": row}, upsert=True)

    async def note_checked(self, at: datetime) -> None:
        """Note that at *at* the newest entry said all there was to say."""
        await self._marks.update_one({"_id": _CHECKED}, {"$max": {"at": at}}, upsert=True)

    async def checked_at(self) -> datetime | None:
        """Return the latest such instant."""
        row = await self._marks.find_one({"_id": _CHECKED})
        return row["at"] if row else None

    async def forget(self, before_sequence: int, issued_before: datetime) -> None:
        """Forget entries and full lists that are older than both."""
        old = {"_id": {"$lt": before_sequence}}
        await self._entries.delete_many({**old, "issued_at": {"$lt": issued_before}})
        await self._bases.delete_many({**old, "built_at": {"$lt": issued_before}})


def _entry(row: dict[str, Any]) -> ListEntry:
    return ListEntry(
        row["_id"], row["signed"], row["hash"], row["issued_at"], row["token"], tuple(row["people"])
    )
