"""The worklist in Mongo: risk, then silence, without an index that every declaration would have to move."""

from asyncio import gather
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

    async def ensure_worklist_indexes(self) -> None:
        """Create what the short tabs are counted by: few patients are silent, put aside or waited for."""
        for field in ("quiet", "knocks"):
            await self.collection.create_index([(f"state.{field}", 1)], name=field, sparse=True)
        await self.collection.create_index(
            [("state.open", 1), ("state.missed", 1)],
            name="missed",
            partialFilterExpression={"state.missed": {"$gt": 0}},
        )

    async def counts(self, search: Search) -> Counts:
        """
        Return how many are behind each tab of *search*.

        The two long tabs are counted in the index of the worklist without opening a record; who is put aside
        is taken off afterwards, because they are few.
        """
        scopes = _apart(search)
        urgent = {"state.rank": {"$gte": CALLED_FROM}}
        aside, silent = {"state.quiet": {"$gt": search.now}}, {"state.missed": {"$gt": 0}}
        wanted: dict[str, dict[str, Any]] = {
            "all": {},
            "urgent": urgent,
            "aside": aside,
            "urgent_aside": {**urgent, **aside},
            "silent": silent,
            "silent_aside": {**silent, **aside},
            "knock": {"state.knocks": {"$exists": True}},
        }
        found = dict(
            zip(wanted, await gather(*(self._count(scopes, more) for more in wanted.values())), strict=True)
        )
        return Counts(
            act=found["urgent"] - found["urgent_aside"],
            quiet=found["silent"] - found["silent_aside"],
            aside=found["aside"],
            knock=found["knock"],
            all=found["all"],
            mine=await self._count([{"state.carer": search.carer_id or "-", "state.open": True}], {}),
        )

    async def _count(self, scopes: list[dict[str, Any]], more: dict[str, Any]) -> int:
        return sum([await self.collection.count_documents({**scope, **more}) for scope in scopes])


def _apart(search: Search) -> list[dict[str, Any]]:
    """
    Return the scope of *search* as filters that share no record.

    An `$or` over area and doctor would have Mongo open every record to see that it is open; each part alone
    is counted in its index.
    """
    codes = sorted(search.area_codes)
    rest = {"$and": filters_of(search)}
    of_area = {"state.area": {"$in": codes} if len(codes) != 1 else codes[0], "state.open": search.is_open}
    whose = {"$in": [search.carer_id] if search.carer_id else []}
    own = {"$or": [{"state.carer": whose}, {"state.staff": whose}], "state.open": search.is_open}
    if search.is_own_only:
        return [{**own, **rest}]
    is_plain = not (search.commune_code or search.level or search.care or search.tokens)
    return [of_area if is_plain else {**of_area, **rest}, {**own, "state.area": {"$nin": codes}, **rest}]


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


def _beyond(after: After) -> dict[str, Any]:
    _, last_at, person_id = after
    return {"$or": [{"state.heard": {"$gt": last_at}}, {"state.heard": last_at, "_id": {"$gt": person_id}}]}
