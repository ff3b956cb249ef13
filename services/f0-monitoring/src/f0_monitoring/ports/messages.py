"""What is looked up about text messages."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from common.kernel.messages import Message


class Messages(Protocol):
    """Messages, found by when they are due and by what they are about."""

    async def to_send(self, now: datetime, *, limit: int) -> list[Message]:
        """Return messages that somebody may claim now, the longest waiting first."""

    async def of_consultations(self, consultation_ids: Collection[str]) -> dict[str, Message]:
        """Return the latest message about each of these consultations."""
