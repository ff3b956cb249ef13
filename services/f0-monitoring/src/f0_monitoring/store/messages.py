"""Text messages: found by when they are due and by the consultation that they are about."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from common.kernel.messages import Message
from common.mongo import messages as kept
from f0_monitoring.domain.messages import starts_at, useful_until


def message_to_document(message: Message) -> dict[str, Any]:
    """Return a message with the consultation and its hour by their names, as they always were kept."""
    state = kept.message_to_document(message)
    del state["useful_until"]
    return {**state, "consultation_id": state.pop("about_id"), "starts_at": starts_at(message).isoformat()}


def message_from_document(document: dict[str, Any]) -> Message:
    """Return the message that was kept."""
    until = useful_until(datetime.fromisoformat(document["starts_at"]))
    return kept.message_from_document(
        {**document, "about_id": document["consultation_id"], "useful_until": until}
    )


class MongoMessages(kept.MongoMessages):
    """Messages by their id."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        super().__init__(database, message_to_document, message_from_document)

    async def ensure_indexes(self) -> None:
        """Create the indexes by which the courier and the lists find them."""
        await super().ensure_indexes()
        await self.collection.create_index([("state.consultation_id", 1)], name="consultation")

    async def of_consultations(self, consultation_ids: Collection[str]) -> dict[str, Message]:
        """Return the latest message about each of these consultations."""
        query = {"state.consultation_id": {"$in": list(consultation_ids)}}
        rows = await self.collection.find(query, {"state": 1}).to_list(None)
        found = sorted((message_from_document(row["state"]) for row in rows), key=starts_at)
        return {one.about_id: one for one in found}
