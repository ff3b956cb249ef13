"""Text messages by their id, found by when they are due."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.kernel.messages import Message
from common.mongo.aggregates import MongoAggregates

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
    """Messages of one service. A service that keeps them otherwise hands in how it writes and reads them."""

    def __init__(
        self,
        database: AsyncIOMotorDatabase[dict[str, Any]],
        to_document: Callable[[Message], dict[str, Any]] = message_to_document,
        from_document: Callable[[dict[str, Any]], Message] = message_from_document,
    ) -> None:
        super().__init__(database["messages"], to_document, from_document)
        self._read = from_document

    async def ensure_indexes(self) -> None:
        """Create the index by which the courier finds them."""
        await super().ensure_indexes()
        await self.collection.create_index([("state.due", 1)], name="due", sparse=True)

    async def to_send(self, now: datetime, *, limit: int) -> list[Message]:
        """Return messages that somebody may claim now, the longest waiting first."""
        cursor = self.collection.find({"state.due": {"$lte": now}}, {"state": 1})
        rows = await cursor.sort("state.due", 1).limit(limit).to_list(None)
        return [self._read(row["state"]) for row in rows]
