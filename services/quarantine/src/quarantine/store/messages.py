"""Reminders by text message; they are forgotten a week after they were settled."""

from datetime import timedelta
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from common.kernel.messages import Message
from common.mongo import messages as kept

KEPT = timedelta(days=7)
"""Long enough to look into a complaint; a fact that is read again later finds its time over."""


def message_to_document(message: Message) -> dict[str, Any]:
    """Return a message as BSON values; when it was settled is kept as a date, to be forgotten by."""
    state = kept.message_to_document(message)
    return state | ({"gone": message.settled_at} if message.settled_at else {})


class MongoMessages(kept.MongoMessages):
    """Messages by their id."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        super().__init__(database, message_to_document)

    async def ensure_indexes(self) -> None:
        """Create the indexes by which the courier finds them and by which they are forgotten."""
        await super().ensure_indexes()
        seconds = int(KEPT.total_seconds())
        await self.collection.create_index("state.gone", name="forgotten", expireAfterSeconds=seconds)
