"""
Mongo documents and indexes of quarantine.

`cases` keeps one document per person; what is searched by stands under `state.find`. `reports` is the
append-only ledger of declarations; due timers ask it what was declared on the day that is judged.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from motor.motor_asyncio import AsyncIOMotorCursor, AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.kernel.areas import Area
from common.kernel.clock import VIETNAM, local_day
from common.kernel.decision import TimerFired
from common.mongo.aggregates import MongoAggregates
from common.mongo.fields import Field, Fields, as_it_is, written
from common.mongo.records import MongoRecords
from quarantine.domain.commands import DeadlinePassed
from quarantine.domain.duties import missed_in_a_row
from quarantine.domain.infection import Infection
from quarantine.domain.joined import Joined
from quarantine.domain.model import Case, PastStay, Person, Stay
from quarantine.domain.registers import HomeExposure
from quarantine.domain.reports import Report
from quarantine.domain.standing import ending
from quarantine.ports import Lookalike, OpenStay, Search, Worklist
from quarantine.store.aging import AgingFiles, AgingRecords
from quarantine.store.moves import found_by, slim
from quarantine.store.queries import _belongs, _query

Database = AsyncIOMotorDatabase[dict[str, Any]]
CASE = TypeAdapter(Case)
REPORT = TypeAdapter(Report)
STAY, AREA = TypeAdapter(Stay), TypeAdapter(Area)
INSTANTS = ("reported_at", "received_at", "due_at")
WORKLISTS = tuple(Worklist)
NOT_JOINED = Joined()
MOST_WITH_TOKENS = 5_000
BY_LAST_DAY = [("state.find.ends_on", 1), ("_id", 1)]


def _dumped(kind: Any) -> Callable[[Any], Any]:
    """Return what writes values of *kind* as JSON values; what is empty is left out."""
    dump = TypeAdapter(kind).dump_python
    return lambda value: dump(value, mode="json") if value else None


def case_from_document(document: dict[str, Any]) -> Case:
    """Return the file that was kept; what it is found by is derived, not read."""
    return CASE.validate_python({name: value for name, value in document.items() if name != "find"})


def _find(case: Case) -> dict[str, Any]:
    stay, person = case.stay, case.person
    if stay is None or person is None or case.joined.into:
        return {}
    ended, duty = ending(case), stay.duty
    return {
        "codes": sorted(person.area.codes()),
        "commune": person.area.commune_code,
        "blind": list(person.blind),
        "household": person.household_id,
        "is_open": ended is None,
        "starts_on": stay.starts_on.isoformat(),
        "ends_on": stay.ends_on.isoformat(),
        "next_on": duty.next_on.isoformat(),
        "reported_on": local_day(duty.last_reported_at).isoformat() if duty.last_reported_at else "",
        "has_symptoms": duty.has_symptoms,
        "missed": missed_in_a_row(duty),
        **found_by(case),
    }


FOUND_BY = ("stay", "person", "infection", "joined", "home", "home_dismissed_on")
_stay, _joined = _dumped(Stay), _dumped(Joined)
case_to_document = Fields[Case](
    {
        "person_id": as_it_is("person_id"),
        "person": written("person", _dumped(Person)),
        "stay": written("stay", lambda stay: slim(_stay(stay))),
        "infection": written("infection", _dumped(Infection)),
        "past": written("past", _dumped(tuple[PastStay, ...])),
        "scans": written("scans", _dumped(tuple[str, ...])),
        "home": written("home", _dumped(tuple[HomeExposure, ...])),
        "home_dismissed_on": written("home_dismissed_on", date.isoformat),
        "joined": written("joined", lambda joined: None if joined == NOT_JOINED else _joined(joined)),
        "find": Field(FOUND_BY, _find),
    }
)
"""A file as BSON values, with the fields it is found by; what most files do not have is left out."""


def report_to_document(report: Report) -> dict[str, Any]:
    """Return the row of a declaration; its instants are kept as dates, to be searched by."""
    return {
        **REPORT.dump_python(report, mode="json"),
        **{name: getattr(report, name) for name in INSTANTS},
    }


def report_from_document(document: dict[str, Any]) -> Report:
    """Return the declaration that was kept."""
    known = {name: document[name] for name in Report.__dataclass_fields__ if name in document}
    return REPORT.validate_python(known)


class MongoReports(AgingRecords, MongoRecords[Report]):
    """Declarations, appended once."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["reports"], report_to_document)

    async def ensure_indexes(self) -> None:
        """Create the index by which a person's declarations are read and judged."""
        await super().ensure_indexes()
        await self.collection.create_index([("person_id", 1), ("reported_at", -1)], name="person")
        await self.collection.create_index("received_at", name="age")

    async def latest_of(self, person_id: str, *, limit: int) -> list[Report]:
        """Return the declarations of a person, the latest first."""
        cursor = self.collection.find({"person_id": person_id}).sort("reported_at", -1).limit(limit)
        return [report_from_document(row) for row in await cursor.to_list(None)]

    async def times_of(
        self, person_ids: Collection[str], first: datetime, last: datetime
    ) -> dict[str, list[datetime]]:
        """Return when each of *person_ids* declared, by the time of the event, from *first* to *last*."""
        query = {"person_id": {"$in": list(person_ids)}, "reported_at": {"$gte": first, "$lte": last}}
        times: dict[str, list[datetime]] = defaultdict(list)
        for row in await self._majority.find(query, {"person_id": 1, "reported_at": 1}).to_list(None):
            times[row["person_id"]].append(row["reported_at"])
        return times


class MongoCases(AgingFiles, MongoAggregates[Case]):
    """Files of people."""

    def __init__(self, database: Database, reports: MongoReports) -> None:
        super().__init__(database["cases"], case_to_document, case_from_document)
        self._reports = reports

    async def ensure_indexes(self) -> None:
        """Create the indexes of the worklists, of the search and of the household."""
        await super().ensure_indexes()
        worklist = [("state.find.codes", 1), ("state.find.is_open", 1), *BY_LAST_DAY]
        await self.collection.create_index(worklist, name="worklist")
        await self.collection.create_index([("state.find.blind", 1)], name="blind")
        await self.collection.create_index([("state.find.household", 1)], name="household")

    async def due(self, now: datetime, shards: list[int], limit: int) -> list[TimerFired]:
        """Return due timers, each with what the ledger says about the day that it judges."""
        fired = await super().due(now, shards, limit)
        if not fired:
            return []
        first = min(_midnight(one.due_at) for one in fired)
        people = {one.aggregate_id for one in fired}
        times = await self._reports.times_of(people, first, max(one.due_at for one in fired))
        return [passed(one, times.get(one.aggregate_id, [])) for one in fired]

    async def get(self, person_id: str) -> Case | None:
        """Return one file."""
        return (await self.many([person_id])).get(person_id)

    async def many(self, person_ids: Collection[str]) -> dict[str, Case]:
        """Return the files that exist among *person_ids*."""
        found = await self.load(list(person_ids))
        return {person_id: stored.state for person_id, stored in found.items()}

    async def find(self, search: Search, *, limit: int, after: tuple[str, str] | None = None) -> list[Case]:
        """Return files by last day, then id, beginning after the (last day, id) of *after*."""
        cursor = self.collection.find(_query(search, after), {"state": 1}).sort(BY_LAST_DAY)
        return [case_from_document(row["state"]) for row in await cursor.limit(limit).to_list(None)]

    async def open_stays(
        self, search: Search, *, limit: int, after: tuple[str, str] | None = None
    ) -> list[OpenStay]:
        """Return open stays in the order of `find`, read along the index of the worklists."""
        cursor = self.open_query(search, after).limit(limit)
        return [_open_stay(row) for row in await cursor.to_list(None)]

    def open_query(self, search: Search, after: tuple[str, str] | None) -> AsyncIOMotorCursor:  # type: ignore[type-arg]
        """Build the query of `open_stays`; nothing sealed is read."""
        query = _query(replace(search, status=None), after)
        query["$and"].append({"state.find.is_open": True})
        return self.collection.find(query, {"state.stay": 1, "state.person.area": 1}).sort(BY_LAST_DAY)

    async def count(self, search: Search) -> dict[Worklist, int]:
        """Return how many files each worklist of *search* has."""
        today = search.today.isoformat()
        sums = {status.value: {"$sum": {"$cond": [_belongs(status, today), 1, 0]}} for status in WORKLISTS}
        pipeline = [{"$match": _query(search)}, {"$group": {"_id": None, **sums}}]
        rows = await self.collection.aggregate(pipeline).to_list(1)
        found = rows[0] if rows else {}
        return {status: int(found.get(status.value, 0)) for status in WORKLISTS}

    async def with_tokens(self, tokens: Collection[str]) -> list[Case]:
        """Return the files that carry any of *tokens*, in one query along the index."""
        query = {"state.find.blind": {"$in": list(tokens)}}
        rows = await self.collection.find(query, {"state": 1}).limit(MOST_WITH_TOKENS).to_list(None)
        return [case_from_document(row["state"]) for row in rows]

    async def open_like(self, tokens: Sequence[str], either: Sequence[str], *, but: str) -> list[Case]:
        """Return open files other than *but* that carry all *tokens* and one of *either*."""
        if not tokens or not either:
            return []
        blind = "state.find.blind"
        query = {
            "_id": {"$ne": but},
            "state.find.is_open": True,
            "$and": [{blind: {"$all": list(tokens)}}, {blind: {"$in": list(either)}}],
        }
        rows = await self.collection.find(query, {"state": 1}).limit(5).to_list(None)
        return [case_from_document(row["state"]) for row in rows]

    async def open_with(self, names: Collection[str], either: Collection[str]) -> list[Lookalike]:
        """Return what open files that carry one of *names* and one of *either* are found by."""
        both = [{"state.find.blind": {"$in": sorted(tokens)}} for tokens in (names, either)]
        query = {"state.find.is_open": True, "$and": both}
        shown = {"state.find.blind": 1, "state.find.starts_on": 1, "state.find.ends_on": 1}
        rows = await self.collection.find(query, shown).to_list(None)
        return [_lookalike(row["_id"], row["state"]["find"]) for row in rows]


def _lookalike(person_id: str, find: dict[str, Any]) -> Lookalike:
    starts_on, ends_on = (date.fromisoformat(find[name]) for name in ("starts_on", "ends_on"))
    return Lookalike(person_id, frozenset(find["blind"]), starts_on, ends_on)


def _midnight(instant: datetime) -> datetime:
    return datetime.combine(local_day(instant), time(), VIETNAM).astimezone(UTC)


def passed(fired: TimerFired, times: Sequence[datetime]) -> DeadlinePassed:
    """Return *fired* with those of *times* that lie on the local day it judges."""
    first, last = _midnight(fired.due_at), _midnight(fired.due_at) + timedelta(days=1)
    of_the_day = tuple(sorted(at for at in times if first <= at < last))
    return DeadlinePassed(fired.aggregate_id, fired.name, fired.due_at, of_the_day)


def _open_stay(row: dict[str, Any]) -> OpenStay:
    state = row["state"]
    area = AREA.validate_python(state["person"]["area"])
    return OpenStay(row["_id"], area, STAY.validate_python(state["stay"]))
