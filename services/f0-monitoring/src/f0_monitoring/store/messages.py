"""Text messages: found by when they are due and by the consultation that they are about."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.mongo.aggregates import MongoAggregates
from f0_monitoring.domain.messages import Message

MESSAGE = TypeAdapter(Message)
FIELDS = frozenset(Message.__dataclass_fields__)


def message_to_document(message: Message) -> dict[str, Any]:
    """Return a message as BSON values; `due` is there while it waits."""
    state: dict[str, Any] = MESSAGE.dump_python(message, mode="json", exclude_defaults=True)
    return state | ({"due": message.try_at} if message.try_at else {})


def message_from_document(document: dict[str, Any]) -> Message:
    """Return the message that was kept."""
    return MESSAGE.validate_python({key: value for key, value in document.items() if key in FIELDS})


class MongoMessages(MongoAggregates[Message]):
    """Messages by their id."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        super().__init__(database["messages"], message_to_document, message_from_document)

    async def ensure_indexes(self) -> None:
        """Create the indexes by which the courier and the lists find them."""
        await super().ensure_indexes()
        await self.collection.create_index([("state.due", 1)], name="due", sparse=True)
        await self.collection.create_index([("state.consultation_id", 1)], name="consultation")

    async def to_send(self, now: datetime, *, limit: int) -> list[Message]:
        """Return messages that somebody may claim now, the longest waiting first."""
        cursor = self.collection.find({"state.due": {"$lte": now}}, {"state": 1})
        rows = await cursor.sort("state.due", 1).limit(limit).to_list(None)
        return [message_from_document(row["state"]) for row in rows]

    async def of_consultations(self, consultation_ids: Collection[str]) -> dict[str, Message]:
        """Return the latest message about each of these consultations."""
        query = {"state.consultation_id": {"$in": list(consultation_ids)}}
        rows = await self.collection.find(query, {"state": 1}).to_list(None)
        found = sorted((message_from_document(row["state"]) for row in rows), key=lambda one: one.starts_at)
        return {one.consultation_id: one for one in found}
