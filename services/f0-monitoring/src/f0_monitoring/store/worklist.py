"""The worklist in Mongo: risk, then silence, without an index that every declaration would have to move."""

from datetime import datetime
from typing import Any

from f0_monitoring.domain.model import Level, Patient
from f0_monitoring.ports import After, Counts, Search
from f0_monitoring.store.documents import patient_from_document
from f0_monitoring.store.filters import filters_of

RANKS = sorted((level.rank for level in Level), reverse=True)
CALLED_FROM = Level.HIGH.rank


class WorklistQueries:
    """
    Finds pages of the worklist; a part of `MongoPatients`.

    The index ends with the risk. So it is asked level by level, the worst first, until the page is full: only
    the rows of the last level looked at are sorted by silence, instead of all of them.
    """

    collection: Any

    async def rows(self, search: Search, *, limit: int, after: After | None = None) -> list[Patient]:
        """Return records by risk (worst first), then silence (longest first), then id."""
        found: list[Patient] = []
        filters = [*filters_of(search), *_behind(search)]
        for rank in RANKS:
            if (after and rank > after[0]) or len(found) >= limit or rank < _lowest(search):
                continue
            of_rank = [{"state.rank": rank}, *([_beyond(after)] if after and rank == after[0] else [])]
            cursor = self.collection.find({"$and": [*filters, *of_rank]}, {"state": 1})
            rows = await cursor.sort([("state.heard", 1), ("_id", 1)]).limit(limit - len(found)).to_list(None)
            found += [patient_from_document(row["state"]) for row in rows]
        return found

    async def counts(self, search: Search) -> Counts:
        """Return how many are behind each tab of *search*."""
        now = search.now
        awake = _awake("$state.quiet", now)
        sums = {
            "act": {"$and": [{"$gte": ["$state.rank", CALLED_FROM]}, awake]},
            "quiet": {"$and": [{"$gt": ["$state.missed", 0]}, awake]},
            "aside": {"$not": [awake]},
            "knock": {"$gt": ["$state.knocks", None]},
            "all": True,
        }
        group = {name: {"$sum": {"$cond": [test, 1, 0]}} for name, test in sums.items()}
        match = {"$and": filters_of(search)}
        pipeline = [{"$match": match}, {"$group": {"_id": None, **group}}]
        rows = await self.collection.aggregate(pipeline).to_list(None)
        return Counts(**{name: rows[0][name] for name in sums}) if rows else Counts()


def _lowest(search: Search) -> int:
    return CALLED_FROM if search.tab == "act" else 0


def _behind(search: Search) -> list[dict[str, Any]]:
    """Return the filter of the tab."""
    awake = {"$or": [{"state.quiet": {"$exists": False}}, {"state.quiet": {"$lte": search.now}}]}
    match search.tab:
        case "act":
            return [awake]
        case "quiet":
            return [{"state.missed": {"$gt": 0}}, awake]
        case "aside":
            return [{"state.quiet": {"$gt": search.now}}]
        case "knock":
            return [{"state.knocks": {"$exists": True}}]
    return []


def _awake(path: str, now: datetime | None) -> dict[str, Any]:
    """Tell, in an aggregation, whether nobody put the patient aside: no instant sorts before any."""
    return {"$lte": [{"$ifNull": [path, None]}, now]}


def _beyond(after: After) -> dict[str, Any]:
    _, last_at, person_id = after
    return {"$or": [{"state.heard": {"$gt": last_at}}, {"state.heard": last_at, "_id": {"$gt": person_id}}]}
