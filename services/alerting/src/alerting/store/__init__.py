"""Conditions in MongoDB: documents, indexes, and the queries of the inbox and the post."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter
from pymongo import ASCENDING, DESCENDING

from alerting.domain.channels import PEOPLE
from alerting.domain.handling import DOCTOR
from alerting.domain.model import Alert, Condition, DeliveryState, Kind, Resolution, Severity
from alerting.domain.sending import next_try
from alerting.domain.storms import Count
from alerting.ports import TARGET, ChannelHealth, Today
from alerting.store.counts import count_of, counting
from common.kernel.areas import Actor
from common.mongo.aggregates import MongoAggregates
from common.mongo.watching import watched

OVERDUE: Final = timedelta(minutes=2)
_CONDITION: Final = TypeAdapter(Condition)
_SHOWN: Final = {"state": 1}
_SAVED: Final = "updateDescription.updatedFields.state"
_WITH_ALERT: Final[list[dict[str, Any]]] = [
    {
        "$match": {
            "$or": [{"fullDocument.state.alert": {"$exists": True}}, {f"{_SAVED}.alert": {"$exists": True}}]
        }
    },
    {"$project": {"state": {"$ifNull": ["$fullDocument.state", f"${_SAVED}"]}}},
]


def to_document(condition: Condition) -> dict[str, Any]:
    """Return the state as stored, with the few fields that are searched for."""
    document: dict[str, Any] = _plain(_CONDITION.dump_python(condition, exclude_defaults=True))
    # Defaults are left out to keep quiet conditions small, but the area is searched for as a whole.
    document["area"] = asdict(condition.area)
    alert = condition.alert
    if condition.course:
        document["turned_at"] = condition.course[-1].last or condition.course[-1].at
    if alert is None:
        return document
    found = {
        "open": True if alert.is_open else None,
        "rank": -alert.severity.rank,
        "send_at": next_try(alert),
        "sent_at": _latest(alert, DeliveryState.SENT),
        "failed_at": _latest(alert, DeliveryState.FAILED),
    }
    return document | {name: value for name, value in found.items() if value is not None}


def from_document(document: dict[str, Any]) -> Condition:
    """Return the condition that a document holds."""
    return _CONDITION.validate_python(document)


class Conditions(MongoAggregates[Condition]):
    """The collection of conditions; `Inbox` and `Postbox` of the ports."""

    is_written_whole = True  # `changes` hands on the state that a change carries

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        super().__init__(database["conditions"], to_document, from_document)

    async def ensure_indexes(self) -> None:
        """Open alerts and waiting messages are few among many quiet conditions: sparse indexes."""
        await super().ensure_indexes()
        create = self.collection.create_index
        await create("state.alert.alert_id", name="alert", sparse=True)
        await create(
            [("state.rank", ASCENDING), ("state.alert.step_at", ASCENDING)],
            name="open",
            partialFilterExpression={"state.open": True},
        )
        await create([("state.alert.called_at", DESCENDING)], name="called", sparse=True)
        few = {"state.kind": Kind.SYSTEM_TROUBLE.value, "state.alert.called_at": {"$exists": True}}
        await create("state.kind", name="system", partialFilterExpression=few)
        for field in ("send_at", "sent_at", "failed_at", "turned_at"):
            await create(f"state.{field}", name=field, sparse=True)

    async def find(self, alert_id: str) -> Condition | None:
        """Return the condition whose present alert this is."""
        document = await self.collection.find_one({"state.alert.alert_id": alert_id}, _SHOWN)
        return from_document(document["state"]) if document else None

    async def find_many(self, alert_ids: list[str]) -> list[Condition]:
        """Return the conditions whose present alert is one of these."""
        cursor = self.collection.find({"state.alert.alert_id": {"$in": alert_ids}}, _SHOWN)
        return [from_document(doc["state"]) for doc in await cursor.to_list(None)]

    async def open_for(self, actor: Actor, limit: int) -> list[Condition]:
        """Return the open alerts in the sight of *actor*, worst and longest waiting first."""
        order = [("state.rank", ASCENDING), ("state.alert.step_at", ASCENDING)]
        cursor = self.collection.find({"state.open": True, **in_sight(actor)}, _SHOWN).sort(order)
        return [from_document(doc["state"]) for doc in await cursor.limit(limit).to_list(None)]

    async def count_open_for(self, actor: Actor) -> dict[Severity, int]:
        """Return how many alerts are open in the sight of *actor*, by severity."""
        match = {"$match": {"state.open": True, **in_sight(actor)}}
        group = {"$group": {"_id": "$state.alert.severity", "n": {"$sum": 1}}}
        rows = await self.collection.aggregate([match, group]).to_list(None)
        return {Severity(row["_id"]): row["n"] for row in rows}

    async def page_for(
        self, actor: Actor, *, is_open: bool, after: tuple[datetime, str] | None, limit: int
    ) -> list[Condition]:
        """Return alerts in the sight of *actor*, latest called first."""
        ended = {"state.open": True} if is_open else {"state.alert.ended": {"$exists": True}}
        rest = [ended, in_sight(actor), *([_after(*after)] if after else [])]
        order = [("state.alert.called_at", DESCENDING), ("state.alert.alert_id", DESCENDING)]
        cursor = self.collection.find({"$and": rest}, _SHOWN).sort(order).limit(limit)
        return [from_document(doc["state"]) for doc in await cursor.to_list(None)]

    async def today_for(self, actor: Actor, since: datetime) -> Today:
        """Return the day's sums; a condition that rang twice counts with its latest alert."""
        match = {"$match": {"state.alert.called_at": {"$gte": since}, **in_sight(actor)}}
        rows = await self.collection.aggregate([match, _SUMS]).to_list(None)
        return Today(**{name: n for name, n in rows[0].items() if name != "_id"}) if rows else Today()

    async def waiting(self, now: datetime, limit: int) -> list[Condition]:
        """Return conditions with a message to be tried by *now*."""
        cursor = self.collection.find({"state.send_at": {"$lte": now}}, _SHOWN).sort("state.send_at", 1)
        return [from_document(doc["state"]) for doc in await cursor.limit(limit).to_list(None)]

    async def health(self, channel: str, now: datetime) -> ChannelHealth:
        """Return how the channel does; there is one so far, so its messages need no telling apart."""
        late = {"state.send_at": {"$lte": now - OVERDUE}}
        dead = {"state.failed_at": {"$gte": now - timedelta(hours=1)}}
        newest = self.collection.find({"state.sent_at": {"$exists": True}}, {"state.sent_at": 1})
        rows = await newest.sort("state.sent_at", DESCENDING).limit(1).to_list(None)
        return ChannelHealth(
            channel=channel,
            overdue=await self.collection.count_documents(late),
            failed_last_hour=await self.collection.count_documents(dead),
            last_sent_at=rows[0]["state"]["sent_at"] if rows else None,
        )

    async def counts_for(self, actor: Actor, width: timedelta, now: datetime) -> list[Count]:
        """Return how many alerts are open for *actor*, by kind, commune and time of call."""
        pipeline = counting({"state.open": True, **in_sight(actor)}, width, now)
        return [count_of(row) async for row in self.collection.aggregate(pipeline)]

    async def of_kind(self, kind: Kind) -> list[Condition]:
        """Return every condition of *kind* with an alert; they are told apart by their kind alone."""
        found = {"state.kind": kind.value, "state.alert.called_at": {"$exists": True}}
        cursor = self.collection.find(found, _SHOWN).hint("system")
        return [from_document(doc["state"]) for doc in await cursor.to_list(None)]

    async def gone_through(self, area_codes: frozenset[str], since: datetime, limit: int) -> list[Condition]:
        """Return conditions in these areas that changed at or after *since*, the latest change first."""
        match = {"state.turned_at": {"$gte": since}, "$or": _places(area_codes)}
        cursor = self.collection.find(match, _SHOWN).sort("state.turned_at", DESCENDING).limit(limit)
        return [from_document(doc["state"]) for doc in await cursor.to_list(None)]

    async def changes(self) -> AsyncIterator[Condition | None]:
        """
        Yield each condition with an alert as soon as any process has saved it.

        None says that listening begins (again): whoever keeps a picture must read it anew. A change carries
        the state as a whole (`is_written_whole`): nothing is looked up.
        """
        async for change in watched(self.collection, _WITH_ALERT):
            yield from_document(change["state"]) if change else None


def in_sight(actor: Actor) -> dict[str, Any]:
    """Return the filter of what *actor* may see: the same rule as `handling.may_handle`."""
    places = _places(actor.area_codes)
    if DOCTOR in actor.roles:
        places.append({"state.carer_id": actor.subject, "state.alert.audience": DOCTOR})
    return {"state.alert.audience": {"$in": sorted(actor.roles)}, "$or": places}


def _places(area_codes: frozenset[str]) -> list[dict[str, Any]]:
    codes = sorted(area_codes)
    return [{f"state.area.{level}_code": {"$in": codes}} for level in ("commune", "district", "province")]


def _latest(alert: Alert, state: DeliveryState) -> datetime | None:
    """Return when a letter last came to *state*; calls of people say nothing about letters."""
    letters = (d for d in alert.deliveries if d.channel != PEOPLE and d.state is state)
    return max((d.settled_at for d in letters if d.settled_at), default=None)


def _after(called_at: datetime, alert_id: str) -> dict[str, Any]:
    same = {"state.alert.called_at": called_at, "state.alert.alert_id": {"$lt": alert_id}}
    return {"$or": [{"state.alert.called_at": {"$lt": called_at}}, same]}


def _sum_if(condition: dict[str, Any]) -> dict[str, Any]:
    return {"$sum": {"$cond": [condition, 1, 0]}}


_IS_TAKEN: Final = {"$gt": ["$state.alert.taken.at", None]}
_ASKED_AT: Final = {"$ifNull": ["$state.alert.rung_at", "$state.alert.called_at"]}
_TAKEN_AFTER: Final = {"$subtract": ["$state.alert.taken.at", _ASKED_AT]}
_IN_TARGET: Final = {"$lte": [_TAKEN_AFTER, int(TARGET.total_seconds() * 1000)]}
_SUMS: Final = {
    "$group": {
        "_id": None,
        "raised": {"$sum": 1},
        "taken": _sum_if(_IS_TAKEN),
        "taken_in_target": _sum_if({"$and": [_IS_TAKEN, _IN_TARGET]}),
        "climbed": _sum_if({"$gt": ["$state.alert.step", 0]}),
        "false_alarms": _sum_if({"$eq": ["$state.alert.ended.resolution", Resolution.FALSE_ALARM.value]}),
    }
}


def _plain(value: Any) -> Any:
    """Return *value* as the driver writes it: words instead of enumerations, lists instead of tuples."""
    match value:
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case Enum():
            return value.value
    return value
