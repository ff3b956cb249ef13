"""
What facts were recorded after an instant, read from their rows in MongoDB.

Rows are kept for ever: they are the memory against duplicates. One index by commune and time of recording
serves it. All reads see one moment of the database (a snapshot session).
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorClientSession, AsyncIOMotorCollection

from ioc_aggregation.domain.known import Later, LaterFact, LaterSum
from ioc_aggregation.domain.totals import NOTHING_YET, DocumentId, Place

INDEX: Final = [("c", 1), ("r", 1)]
_RECORDED_ON: Final = {"$dateToString": {"date": "$r", "format": "%Y-%m-%d", "timezone": "Asia/Ho_Chi_Minh"}}
_IS_LATE: Final = {"$cond": [{"$lt": ["$d", _RECORDED_ON]}, 1, 0]}
_EDGE_FIELDS: Final = {"p": 1, "o": 1, "c": 1, "d": 1, "x": 1, "late": _IS_LATE}
Rows = AsyncIOMotorCollection[dict[str, Any]]
Upto = Mapping[DocumentId, int]


async def read_later(facts: Rows, at: datetime, communes: Collection[str], upto: Upto) -> Later:
    """Return what was recorded after *at* about *communes*; *upto* is how far each document has read."""
    after = {"c": {"$in": sorted(communes)}, "r": {"$gt": at}}
    async with await facts.database.client.start_session(snapshot=True) as session:
        sums = await _sums(facts, after, session)
        edge = await _edge(facts, after, upto, session)
    told, heard = await asyncio.gather(
        _last(facts, at, communes, {}), _last(facts, at, communes, {"h": True})
    )
    return Later(sums, edge, told, heard)


async def _sums(facts: Rows, after: dict[str, Any], session: AsyncIOMotorClientSession) -> list[LaterSum]:
    pipeline: list[dict[str, Any]] = [
        {"$match": after},
        {"$project": {"c": 1, "d": 1, "late": _IS_LATE, "x": {"$objectToArray": "$x"}}},
        {"$unwind": "$x"},
        {
            "$group": {
                "_id": {"c": "$c", "d": "$d", "m": "$x.k"},
                "n": {"$sum": "$x.v"},
                "late": {"$sum": "$late"},
            }
        },
    ]
    rows = await facts.aggregate(pipeline, session=session).to_list(None)
    return [
        LaterSum(row["_id"]["c"], date.fromisoformat(row["_id"]["d"]), row["_id"]["m"], row["n"], row["late"])
        for row in rows
    ]


async def _edge(
    facts: Rows, after: dict[str, Any], upto: Upto, session: AsyncIOMotorClientSession
) -> list[LaterFact]:
    """Return the facts that a document may not hold yet: their batch is being added at this moment."""
    newest = [{"$match": after}, {"$group": {"_id": {"p": "$p", "d": "$d"}, "o": {"$max": "$o"}}}]
    ahead = []
    for row in await facts.aggregate(newest, session=session).to_list(None):
        partition, day = row["_id"]["p"], row["_id"]["d"]
        read = min(upto.get(document, NOTHING_YET) for document in _documents(partition, day))
        if row["o"] > read:
            ahead.append({"p": partition, "d": day, "o": {"$gt": read}})
    if not ahead:
        return []
    rows = await facts.find({**after, "$or": ahead}, _EDGE_FIELDS, session=session).to_list(None)
    return [_fact(row) for row in rows]


def _documents(partition: str, day: str) -> Sequence[DocumentId]:
    return DocumentId(partition, date.fromisoformat(day)), DocumentId(partition, None)


def _fact(row: dict[str, Any]) -> LaterFact:
    place = Place(row["p"], row["o"])
    return LaterFact(place, row["c"], date.fromisoformat(row["d"]), row["x"], bool(row["late"]))


async def _last(
    facts: Rows, at: datetime, communes: Collection[str], more: dict[str, Any]
) -> dict[str, datetime]:
    """Return when the last fact about each commune up to *at* was recorded: two steps in the index each."""
    asked = [
        facts.find_one({"c": code, "r": {"$lte": at}, **more}, {"r": 1}, sort=[("r", -1)])
        for code in communes
    ]
    found = zip(communes, await asyncio.gather(*asked), strict=True)
    return {code: row["r"] for code, row in found if row}
