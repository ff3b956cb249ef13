"""The log of facts as another system sees it: reads what is committed, writes whatever it likes."""

import asyncio
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition

from common.contracts.base import Payload
from common.contracts.codec import Undecodable, decode, to_record
from common.contracts.event import Event
from common.messaging.catalogue import load
from common.messaging.publisher import KafkaPublisher
from common.messaging.records import ConsumedRecord, Outgoing
from common.work.model import OutboxEntry

P = TypeVar("P", bound=Payload)
TOPICS = tuple(topic.name for topic in load().topics)
QUEUES = tuple(queue.name for queue in load().queues)
IDLE_MAX = 3


class FactLog:
    """
    What is written from now on, or since the beginning: `async with FactLog(bootstrap) as log`.

    A story needs only what happens in it; reading all that came before would take ever longer.
    """

    def __init__(
        self,
        bootstrap: str,
        topics: Sequence[str] = (*TOPICS, *QUEUES),
        *,
        since_the_beginning: bool = False,
    ) -> None:
        self.bootstrap, self.topics = bootstrap, topics
        self._since_the_beginning = since_the_beginning
        self.records: list[ConsumedRecord] = []
        self._publisher = KafkaPublisher(bootstrap, client_id="story")
        self._consumer: Any = None

    async def __aenter__(self) -> Self:
        """Connect."""
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap, isolation_level="read_committed", enable_auto_commit=False
        )
        await self._consumer.start()
        await self._publisher.start()
        parts = await self._partitions()
        self._consumer.assign(parts)
        if self._since_the_beginning:
            await self._consumer.seek_to_beginning(*parts)
        else:
            await self._consumer.seek_to_end(*parts)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnect."""
        await self._publisher.stop()
        await self._consumer.stop()

    async def _partitions(self) -> list[TopicPartition]:
        """Return the partitions of all topics; the broker may have made one only just now."""
        while True:
            metadata = await self._consumer._client.fetch_all_metadata()
            found = {topic: metadata.partitions_for_topic(topic) for topic in self.topics}
            if all(found.values()):
                return [TopicPartition(topic, n) for topic, numbers in found.items() for n in numbers]
            await asyncio.sleep(0.1)

    async def read(self) -> list[ConsumedRecord]:
        """Return everything that is committed by now."""
        parts = list(self._consumer.assignment())
        ends = await self._consumer.end_offsets(parts)
        idle = 0
        while idle < IDLE_MAX:
            if all([await self._consumer.position(tp) >= ends[tp] for tp in parts]):
                break
            got = await self._consumer.getmany(timeout_ms=200)
            self.records += [record for part in got.values() for record in part]
            idle = 0 if got else idle + 1
        return self.records

    async def of(self, kind: type[P], *, about: str = "") -> list[Event[P]]:
        """Return the facts of one kind, about one subject or person if asked, in the order of the log."""
        events = []
        for record in await self.read():
            if record.topic == kind.topic and dict(record.headers).get("ce_type") == kind.type.encode():
                events.append(decode(record))
        return [
            event for event in events if about in ("", event.subject, getattr(event.data, "person_id", ""))
        ]

    async def records_about(self, subject: str, topics: Iterable[str] = TOPICS) -> list[ConsumedRecord]:
        """Return the raw records of one subject on *topics*."""
        wanted = set(topics)
        return [r for r in await self.read() if r.key == subject.encode() and r.topic in wanted]

    async def count(self) -> dict[str, int]:
        """Return how many records each topic of facts holds."""
        await self.read()
        return {topic: sum(record.topic == topic for record in self.records) for topic in TOPICS}

    async def append(self, *records: Outgoing) -> None:
        """Write records, whatever they are."""
        await self._publisher.publish(records)

    async def append_again(self, records: Iterable[ConsumedRecord]) -> None:
        """Write the very same records once more: same key, same id, same everything."""
        again = [Outgoing(r.topic, r.key, r.value, list(r.headers)) for r in records]
        await self._publisher.publish(again)

    async def forge(self, entry: OutboxEntry) -> None:
        """Write a fact as its owner's relay would."""
        await self._publisher.publish([Outgoing(*to_record(entry))])


def readable(record: ConsumedRecord) -> Event[Payload] | None:
    """Decode a record; None for what nobody can read."""
    try:
        return decode(record)
    except Undecodable:
        return None
