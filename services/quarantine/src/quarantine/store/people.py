"""Looking into the files by pieces of a name, and by household. Nothing is written here."""

from collections.abc import Collection, Sequence
from typing import Any

from quarantine.domain.model import Case
from quarantine.ports import Search, Worklist
from quarantine.ports.files import Household
from quarantine.store import Database, case_from_document
from quarantine.store.queries import _belongs, _query


class MongoPeople:
    """Questions to the files that the worklists do not ask."""

    def __init__(self, database: Database) -> None:
        self.collection = database["cases"]

    async def ensure_indexes(self) -> None:
        """Create the index of pieces; those of areas and households are there."""
        await self.collection.create_index([("state.person.grams", 1)], name="grams")

    async def like(
        self,
        area_codes: Collection[str],
        words: Sequence[Collection[int]],
        tokens: Sequence[str],
        *,
        limit: int,
    ) -> list[Case]:
        """Return files that carry a piece of each of *words*, or all whole-word *tokens*; open ones first."""
        either: list[dict[str, Any]] = []
        if words:
            either.append({"$and": [{"state.person.grams": {"$in": sorted(word)}} for word in words]})
        if tokens:
            either.append({"state.find.blind": {"$all": list(tokens)}})
        if not either:
            return []
        query: dict[str, Any] = {"state.find.codes": {"$in": sorted(area_codes)}, "$or": either}
        cursor = self.collection.find(query, {"state": 1}).sort([("state.find.is_open", -1), ("_id", 1)])
        return [case_from_document(row["state"]) for row in await cursor.limit(limit).to_list(None)]

    async def households(self, search: Search, *, limit: int) -> list[Household]:
        """Return the households of *search* with open stays, those that owe most first."""
        today = search.today.isoformat()
        owed = {"$or": [_belongs(Worklist.DUE, today), _belongs(Worklist.OVERDUE, today)]}
        group: dict[str, Any] = {
            "_id": "$state.find.household",
            "people": {"$push": "$_id"},
            "owed": {"$sum": {"$cond": [owed, 1, 0]}},
            "abnormal": {"$sum": {"$cond": [_belongs(Worklist.ABNORMAL, today), 1, 0]}},
            "ends_on": {"$max": "$state.find.ends_on"},
        }
        query = _query(search)
        query["$and"].append({"state.find.is_open": True})
        pipeline: list[dict[str, Any]] = [
            {"$match": query},
            {"$sort": {"_id": 1}},
            {"$group": group},
            {"$sort": {"abnormal": -1, "owed": -1, "_id": 1}},
            {"$limit": limit},
        ]
        rows = await self.collection.aggregate(pipeline).to_list(None)
        return [
            Household(row["_id"], tuple(row["people"]), row["owed"], row["abnormal"], row["ends_on"])
            for row in rows
        ]
