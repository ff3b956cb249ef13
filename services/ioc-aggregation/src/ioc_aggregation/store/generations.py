"""
Generations of the figures: one holds, another may be built beside it, an old one is removed later.

One document says which. Who adds facts looks at it before every batch, who reads looks at it at every look;
so both follow a switch within a second and nobody need be stopped. ADR 0028 says why nothing is lost.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo.errors import DuplicateKeyError

from ioc_aggregation.domain.fold import AlertNote, DirectiveNote
from ioc_aggregation.domain.known import Later
from ioc_aggregation.domain.province import Document
from ioc_aggregation.domain.totals import Addition, DocumentId, Place, Placed
from ioc_aggregation.ports import Generations, Held, News, Position, Standing, Totals
from ioc_aggregation.store.mongo import COLLECTIONS, named

HOLD_SECONDS: Final = 60
MARGIN_SECONDS: Final = 15
"""A switch is made well before the hold ends, so that whoever sees the end of a hold sees the switch, too."""
_ID: Final = "figures"
_HELD: Final = {"$gt": [{"$ifNull": ["$held_until", None]}, "$$NOW"]}
_STILL_HELD: Final = {"$gt": ["$held_until", {"$add": ["$$NOW", 1000 * MARGIN_SECONDS]}]}


class MongoGenerations:
    """The document in MongoDB; time is the server's."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        self._database = database
        self._documents = database["generations"]

    async def ensure(self) -> None:
        """Make the document if there is none."""
        first: dict[str, Any] = {"current": 0, "last": 0, "building": None, "positions": [], "retired": []}
        try:
            await self._documents.update_one({"_id": _ID}, {"$setOnInsert": first}, upsert=True)
        except DuplicateKeyError:
            return  # another process made it at the same moment

    async def standing(self) -> Standing:
        """Return which generation holds; a store of before generations is the first one."""
        row = await self._documents.find_one({"_id": _ID})
        return _standing(row) if row else Standing()

    async def for_writing(self) -> int:
        """Return which generation facts are to be added to; raises `Held`."""
        row = await self._documents.find_one({"_id": _ID}, {"current": 1, "is_held": _HELD})
        if row and row["is_held"]:
            raise Held("facts wait while another generation takes over")
        return int(row["current"]) if row else 0

    async def begin(self) -> Standing:
        """Return the generation being built: the one left by a crash, or a new one."""
        await self.ensure()
        new = {"$add": ["$last", 1]}
        fresh = [
            {"$set": {"building": new, "last": new, "positions": []}},
        ]
        await self._documents.update_one({"_id": _ID, "building": None}, fresh)
        return await self.standing()

    async def note(self, number: int, positions: Sequence[Position]) -> None:
        """Keep how far the generation being built has read."""
        told = {"$set": {"positions": [list(position) for position in positions]}}
        await self._documents.update_one({"_id": _ID, "building": number}, told)

    async def hold(self, number: int) -> None:
        """Let nobody add facts for a minute."""
        until = {"$add": ["$$NOW", 1000 * HOLD_SECONDS]}
        await self._documents.update_one({"_id": _ID, "building": number}, [{"$set": {"held_until": until}}])

    async def switch(self, number: int) -> bool:
        """Make *number* the one that holds, in one write."""
        retired = {"number": "$current", "at": "$$NOW"}
        made: dict[str, Any] = {
            "current": number,
            "building": None,
            "positions": [],
            "held_until": None,
            "retired": {"$concatArrays": ["$retired", [retired]]},
        }
        asked = {"_id": _ID, "building": number, "$expr": _STILL_HELD}
        answer = await self._documents.update_one(asked, [{"$set": made}])
        return answer.modified_count == 1

    async def release(self, number: int) -> None:
        """Let facts be added again."""
        await self._documents.update_one({"_id": _ID, "building": number}, {"$set": {"held_until": None}})

    async def abandon(self, number: int) -> None:
        """Give up the generation being built."""
        over: dict[str, Any] = {"building": None, "positions": [], "held_until": None}
        await self._documents.update_one({"_id": _ID, "building": number}, {"$set": over})

    async def drop_old(self, before: datetime) -> list[int]:
        """Remove generations that ceased to hold before *before*, or were never finished; return them."""
        row = await self._documents.find_one({"_id": _ID})
        if row is None:
            return []
        fresh = {each["number"] for each in row["retired"] if each["at"] >= before}
        kept = {row["current"], row["building"], *fresh}
        gone = [number for number in range(row["last"] + 1) if number not in kept]
        present = set(await self._database.list_collection_names())
        dropped = []
        for number in gone:
            names = [named(name, number) for name in COLLECTIONS if named(name, number) in present]
            for name in names:
                await self._database.drop_collection(name)
            dropped += [number] if names else []
        return dropped


def _standing(row: Mapping[str, Any]) -> Standing:
    positions = [(topic, partition, offset) for topic, partition, offset in row["positions"]]
    return Standing(row["current"], row["building"], positions)


class FollowingTotals:
    """
    The totals of whichever generation holds.

    Facts of one batch go to one generation: the one that held when the batch was begun (`claim`). A reader
    is told everything anew when another generation holds.
    """

    def __init__(self, generations: Generations, open_: Callable[[int], Totals]) -> None:
        self._generations = generations
        self._open = open_
        self._writer = (0, open_(0))
        self._reader = self._writer
        self._has_read = False

    @property
    def generation(self) -> int:
        """The generation that the last batch went to."""
        return self._writer[0]

    async def ensure_indexes(self) -> None:
        """Create what reading needs, in the generation that holds."""
        await self._generations.ensure()
        standing = await self._generations.standing()
        await self._open(standing.current).ensure_indexes()

    async def claim(self, placed: list[Placed]) -> Mapping[str, Place]:
        """Keep the facts that are new, in the generation that holds; raises `Held` during a switch."""
        number = await self._generations.for_writing()
        if number != self._writer[0]:
            self._writer = (number, self._open(number))
        return await self._writer[1].claim(placed)

    async def upto(self, documents: Iterable[DocumentId]) -> Mapping[DocumentId, int]:
        """Return how far each document has read."""
        return await self._writer[1].upto(documents)

    async def add(self, additions: list[Addition]) -> set[DocumentId]:
        """Apply each addition whose document still stands where it stood."""
        return await self._writer[1].add(additions)

    async def note(self, notes: list[AlertNote | DirectiveNote]) -> None:
        """Keep the latest note of each alert and directive."""
        await self._writer[1].note(notes)

    async def news(self) -> News:
        """Return what changed since the last call; everything when another generation holds."""
        number = (await self._generations.standing()).current
        is_anew = self._has_read and number != self._reader[0]
        reader = self._reader if number == self._reader[0] else (number, self._open(number))
        told = await reader[1].news()
        self._reader, self._has_read = reader, True
        return News(told.documents, told.alerts, told.directives, is_anew) if is_anew else told

    async def all_documents(self, since: date | None = None) -> list[Document]:
        """Return all totals documents of the generation that holds."""
        number = (await self._generations.standing()).current
        return await self._open(number).all_documents(since)

    async def later(self, at: datetime, communes: Collection[str], upto: Mapping[DocumentId, int]) -> Later:
        """Return what was recorded after *at*, of the generation that was read last."""
        return await self._reader[1].later(at, communes, upto)
