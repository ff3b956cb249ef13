"""Look-ups of files by tests owed, cases at home, handovers and beds; and the facilities."""

from collections.abc import Collection
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.mongo.aggregates import MongoAggregates
from quarantine.domain.facility import Facility
from quarantine.domain.home_members import proposed_on
from quarantine.domain.model import Case, Place
from quarantine.domain.schedule import last_taken, next_owed
from quarantine.domain.standing import is_open
from quarantine.ports import HandoverSide, TestCounts, TestList, TestSearch

Database = AsyncIOMotorDatabase[dict[str, Any]]
Document = dict[str, Any]
CASE, FACILITY = TypeAdapter(Case), TypeAdapter(Facility)
BY_TEST = [("state.find.test_on", 1), ("_id", 1)]
RARE_IN_STAY = ("results", "before_home", "is_home_order", "handover", "bed")


def slim(stay: Document) -> Document:
    """Leave out what most stays do not have: a stay is read and written as a whole, many times a day."""
    return {name: value for name, value in stay.items() if value or name not in RARE_IN_STAY}


def found_by(case: Case) -> Document:
    """Return what a file is found by besides the worklists of the day; only what there is."""
    stay, is_now_open = case.stay, is_open(case)
    fields: Document = {"home_on": _text(proposed_on(case))}
    if stay is None or not is_now_open:
        return {name: value for name, value in fields.items() if value}
    fields |= {"test_on": _text(next_owed(stay)), "tested_on": _text(last_taken(stay))}
    if stay.place is Place.FACILITY:
        fields["waits_for_bed"] = stay.bed is None
        fields["facility"] = stay.bed.facility_id if stay.bed else ""
    if asked := stay.handover:
        fields["handover"] = {
            "state": asked.state.value,
            "in": sorted(asked.taker.codes()),
            "out": sorted(asked.giver.codes()),
        }
    return {name: value for name, value in fields.items() if value}


def _text(day: Any) -> str:
    return day.isoformat() if day else ""


def _case(row: Document) -> Case:
    return CASE.validate_python({name: value for name, value in row["state"].items() if name != "find"})


def _of_list(status: TestList, today: str) -> Document:
    if status is TestList.DONE:
        return {"state.find.tested_on": today}
    is_due = {"$eq": today} if status is TestList.DUE else {"$gt": "", "$lt": today}
    return {"state.find.test_on": is_due}


class MongoMoves:
    """The same collection of files, asked other questions. Indexes follow each question."""

    def __init__(self, database: Database) -> None:
        self.collection = database["cases"]

    async def ensure_indexes(self) -> None:
        """Create the indexes of the look-ups below; few files have the fields of the last three."""
        codes, is_now_open = ("state.find.codes", 1), ("state.find.is_open", 1)
        await self.collection.create_index([codes, is_now_open, *BY_TEST], name="tests")
        for name in ("home_on", "waits_for_bed"):
            partial = {f"state.find.{name}": {"$exists": True}}
            await self.collection.create_index([codes], name=name, partialFilterExpression=partial)
        for side in HandoverSide:
            partial = {"state.find.handover": {"$exists": True}}
            keys = [(f"state.find.handover.{side}", 1)]
            await self.collection.create_index(keys, name=f"handover_{side}", partialFilterExpression=partial)

    async def tests(
        self, search: TestSearch, *, limit: int, after: tuple[str, str] | None = None
    ) -> list[Case]:
        """Return files of a list of tests, the longest owed first, beginning after (day, id)."""
        parts = [self._within(search), _of_list(search.status, search.today.isoformat())]
        if after is not None:
            later = {"state.find.test_on": {"$gt": after[0]}}
            parts.append({"$or": [later, {"state.find.test_on": after[0], "_id": {"$gt": after[1]}}]})
        cursor = self.collection.find({"$and": parts}, {"state": 1}).sort(BY_TEST).limit(limit)
        return [_case(row) for row in await cursor.to_list(None)]

    async def test_counts(self, search: TestSearch) -> dict[str, TestCounts]:
        """Return how many tests are due, overdue and done today in each commune."""
        today = search.today.isoformat()
        owed = {"$ifNull": ["$state.find.test_on", ""]}
        is_overdue = {"$and": [{"$gt": [owed, ""]}, {"$lt": [owed, today]}]}
        sums = {
            "due": {"$sum": {"$cond": [{"$eq": [owed, today]}, 1, 0]}},
            "overdue": {"$sum": {"$cond": [is_overdue, 1, 0]}},
            "done": {"$sum": {"$cond": [{"$eq": ["$state.find.tested_on", today]}, 1, 0]}},
        }
        pipeline = [{"$match": self._within(search)}, {"$group": {"_id": "$state.find.commune", **sums}}]
        rows = await self.collection.aggregate(pipeline).to_list(None)
        return {row["_id"]: TestCounts(row["due"], row["overdue"], row["done"]) for row in rows}

    @staticmethod
    def _within(search: TestSearch) -> Document:
        query: Document = {
            "state.find.codes": {"$in": sorted(search.area_codes)},
            "state.find.is_open": True,
        }
        return query | ({"state.find.commune": search.commune_code} if search.commune_code else {})

    async def proposals(self, area_codes: Collection[str], *, limit: int) -> list[Case]:
        """Return files of people who live with an F0 and nobody decided about, the latest first."""
        query = {"state.find.codes": {"$in": sorted(area_codes)}, "state.find.home_on": {"$exists": True}}
        cursor = self.collection.find(query, {"state": 1}).sort([("state.find.home_on", -1), ("_id", 1)])
        return [_case(row) for row in await cursor.limit(limit).to_list(None)]

    async def handovers(
        self, area_codes: Collection[str], side: HandoverSide, states: Collection[str], *, limit: int
    ) -> list[Case]:
        """Return files that are offered to (in) or by (out) these areas."""
        query = {
            f"state.find.handover.{side}": {"$in": sorted(area_codes)},
            "state.find.handover.state": {"$in": sorted(states)},
        }
        cursor = self.collection.find(query, {"state": 1}).sort([("state.stay.handover.asked_at", -1)])
        return [_case(row) for row in await cursor.limit(limit).to_list(None)]

    async def waiting_for_bed(self, area_codes: Collection[str], *, limit: int) -> list[Case]:
        """Return files of people who are to stay in a facility and have no bed."""
        query = {
            "state.find.codes": {"$in": sorted(area_codes)},
            "state.find.waits_for_bed": {"$exists": True},
        }
        rows = await self.collection.find(query, {"state": 1}).sort("_id", 1).limit(limit).to_list(None)
        return [_case(row) for row in rows]

    async def households(self, household_ids: Collection[str]) -> list[tuple[Case, int]]:
        """Return the files of everybody in these households, with their versions."""
        query = {"state.find.household": {"$in": sorted(household_ids)}}
        rows = await self.collection.find(query, {"state": 1, "version": 1}).to_list(None)
        return [(_case(row), int(row["version"])) for row in rows]


class MongoFacilities(MongoAggregates[Facility]):
    """Facilities with their rooms and who sleeps there."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["facilities"], _facility_document, _facility)

    async def ensure_indexes(self) -> None:
        """Create the index by which facilities of an area are found; a province has some dozens."""
        await super().ensure_indexes()
        await self.collection.create_index([("state.find", 1)], name="find")

    async def of_areas(self, within: Collection[str], served: Collection[str]) -> list[Facility]:
        """Return the facilities that stand *within* these areas or serve one of *served*, by name."""
        either = [{"state.find": {"$in": sorted(within)}}, {"state.serves": {"$in": sorted(served)}}]
        rows = await self.collection.find({"$or": either}, {"state": 1}).to_list(None)
        return sorted((_facility(row["state"]) for row in rows), key=lambda one: (one.name, one.facility_id))


def _facility_document(facility: Facility) -> Document:
    return {**FACILITY.dump_python(facility, mode="json"), "find": sorted(facility.area.codes())}


def _facility(document: Document) -> Facility:
    return FACILITY.validate_python({name: value for name, value in document.items() if name != "find"})
