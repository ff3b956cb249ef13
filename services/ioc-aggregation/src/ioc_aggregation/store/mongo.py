"""
Facts and totals in MongoDB.

`facts`: one row per fact, `_id` = event id, inserted unordered, second copies ignored; 5-7 times
faster than any update. `totals`: counters per partition and day, changed by compare-and-add on
`upto`. `alerts`, `directives`: the latest state of each.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo.errors import AutoReconnect, BulkWriteError
from pymongo.read_concern import ReadConcern

from common.mongo.bulk import duplicates, keep_newest
from ioc_aggregation.domain.fold import AlertNote, DirectiveNote
from ioc_aggregation.domain.known import Later
from ioc_aggregation.domain.province import Document
from ioc_aggregation.domain.totals import Addition, DocumentId, Place, Placed
from ioc_aggregation.ports import AlertRow, News
from ioc_aggregation.store import later, rows

OVERLAP = timedelta(seconds=3)
"""Rows of one moment may become visible in any order: each look begins a little before the last one."""
ALERTS_SHOWN = 500
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
COLLECTIONS = ("facts", "totals", "alerts", "directives")


def named(collection: str, generation: int) -> str:
    """Return the name of a collection in a generation of the figures; the first one has plain names."""
    return f"{collection}.g{generation}" if generation else collection


class MongoTotals:
    """The one store of this service; the database belongs to it."""

    def __init__(
        self,
        database: AsyncIOMotorDatabase,  # type: ignore[type-arg]
        *,
        flows_since: date | None = None,
        generation: int = 0,
    ) -> None:
        self.generation = generation
        self._client = database.client
        self._facts, self._totals, self._alerts, self._directives = (
            database[named(name, generation)] for name in COLLECTIONS
        )
        self._facts_of_majority = self._facts.with_options(read_concern=ReadConcern("majority"))
        self._flows_since = flows_since
        self._seen_at = LONG_AGO

    async def ensure_indexes(self) -> None:
        """Create what the polls and the traces need."""
        for collection in (self._totals, self._alerts, self._directives):
            await collection.create_index([("changed_at", 1)], name="changed")
        await self._totals.create_index([("day", 1)], name="day")
        await self._facts.create_index(later.INDEX, name="recorded")
        # Rows of one day come together, so this one grows at its end.
        await self._facts.create_index([("d", 1), ("c", 1)], name="trace")

    async def claim(self, placed: list[Placed]) -> Mapping[str, Place]:
        """Keep the facts that are new; return which record owns each fact."""
        owners: dict[str, Place] = {}
        fresh = {}
        for each in placed:
            if owners.setdefault(each.tally.fact_id, each.place) == each.place:
                fresh[each.tally.fact_id] = rows.fact_row(each)
        known = await self._insert(list(fresh.values()))
        if known:
            cursor = self._facts_of_majority.find({"_id": {"$in": known}}, {"p": 1, "o": 1})
            stored = {row["_id"]: Place(row["p"], row["o"]) for row in await cursor.to_list(None)}
            if len(stored) < len(known):
                raise AutoReconnect("facts of another reader are not yet held by a majority")
            owners |= stored
        return owners

    async def _insert(self, documents: list[dict[str, Any]]) -> list[str]:
        """Insert what is new; return the ids that were there already."""
        if not documents:
            return []
        try:
            await self._facts.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            return [documents[place]["_id"] for place in duplicates(error)]
        return []

    async def upto(self, documents: Iterable[DocumentId]) -> Mapping[DocumentId, int]:
        """Return how far each document has read, without those that do not exist."""
        ids = {document.text(): document for document in documents}
        cursor = self._totals.find({"_id": {"$in": list(ids)}}, {"upto": 1})
        return {ids[row["_id"]]: row["upto"] for row in await cursor.to_list(None)}

    async def add(self, additions: list[Addition]) -> set[DocumentId]:
        """Apply each addition whose document still stands where it stood; return the others' ids."""
        updates = [rows.compare_and_add(addition) for addition in additions]
        try:
            await self._totals.bulk_write(updates, ordered=False)
        except BulkWriteError as error:
            return {additions[place].document for place in duplicates(error)}
        return set()

    async def note(self, notes: list[AlertNote | DirectiveNote]) -> None:
        """Keep of each alert the note with the highest sequence, and every note about directives."""
        alerts = [update for n in notes if isinstance(n, AlertNote) for update in rows.alert_updates(n)]
        directives = [rows.directive_update(n) for n in notes if isinstance(n, DirectiveNote)]
        await keep_newest(self._alerts, alerts)
        await keep_newest(self._directives, directives)

    async def news(self) -> News:
        """Return what changed since the last call; on the first, all that is shown."""
        since, changed = self._seen_at - OVERLAP, {"changed_at": {"$gte": self._seen_at - OVERLAP}}
        shown = {"state": {"$ne": "resolved"}} if since < LONG_AGO else {}
        totals = await self._totals.find({**changed, **self._days()}).to_list(None)
        alerts = await self._alerts.find({**changed, **shown}).to_list(None)
        if since < LONG_AGO:
            newest = self._alerts.find({"state": "resolved"}).sort("changed_at", -1).limit(ALERTS_SHOWN)
            alerts += await newest.to_list(None)
        directives = await self._directives.find(changed).to_list(None)
        times = [row["changed_at"] for row in (*totals, *alerts, *directives)]
        self._seen_at = max([self._seen_at, *times])
        return News(
            [rows.document(row) for row in totals],
            [rows.alert_row(row) for row in alerts],
            {row["_id"]: rows.directive_notes(row) for row in directives},
        )

    async def all_documents(self, since: date | None = None) -> list[Document]:
        """Return all totals documents, flows only from *since* on, as they stood at one moment."""
        query = {"$or": [{"day": None}, {"day": {"$gte": since.isoformat()}}]} if since else {}
        async with await self._client.start_session(snapshot=True) as session:
            found = await self._totals.find(query, session=session).to_list(None)
        return [rows.document(row) for row in found]

    async def later(self, at: datetime, communes: Collection[str], upto: Mapping[DocumentId, int]) -> Later:
        """Return what was recorded after *at*; *upto* is how far the reader's documents have read."""
        return await later.read_later(self._facts, at, communes, upto)

    def _days(self) -> dict[str, Any]:
        if self._flows_since is None:
            return {}
        return {"$or": [{"day": None}, {"day": {"$gte": self._flows_since.isoformat()}}]}


__all__ = ["AlertRow", "MongoTotals"]
