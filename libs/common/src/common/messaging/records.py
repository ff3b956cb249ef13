"""The shapes that cross the edge to Kafka."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from common.contracts.records import Headers, RawRecord


class ConsumedRecord(RawRecord, Protocol):
    """A record as read: `aiokafka.ConsumerRecord`, or one of the in-memory bus."""

    @property
    def partition(self) -> int:
        """Partition of the topic."""

    @property
    def offset(self) -> int:
        """Place in the partition."""

    @property
    def key(self) -> bytes | None:
        """Raw key."""


class Outgoing(NamedTuple):
    """A record to be written."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers


class Publisher(Protocol):
    """Whoever writes records at least once."""

    async def publish(self, records: Sequence[Outgoing]) -> None:
        """Write all of *records* in order and return when every one is acknowledged."""
