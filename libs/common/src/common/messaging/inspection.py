"""How far every group has got, seen from outside: for the wall and for operators."""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from common.messaging.access import client_options
from common.messaging.catalogue import Catalogue
from common.messaging.groups import dead_letters_of, retries_of


@dataclass(frozen=True, slots=True)
class Standing:
    """One consumer group: records it has still to read, and dead letters that wait for a decision."""

    group: str
    lag_records: int
    dead_letters_waiting: int


class Inspector:
    """Asks the broker: `async with Inspector(bootstrap, catalogue) as inspector`."""

    def __init__(self, bootstrap: str, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, **client_options())
        self._consumer: Any = AIOKafkaConsumer(bootstrap_servers=bootstrap, **client_options())

    async def __aenter__(self) -> Self:
        """Connect; raises `aiokafka.errors.KafkaConnectionError`."""
        await self._admin.start()
        await self._consumer.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnect."""
        await self._consumer.stop()
        await self._admin.close()

    async def standings(self) -> list[Standing]:
        """Return the standing of every group of the catalogue; a missing topic counts as empty."""
        ends, starts = await self._bounds()
        found = []
        for group in self._catalogue.groups:
            topics = (*self._catalogue.read_by(group), retries_of(group))
            lag = await self._behind(group, topics, starts, ends)
            letters = dead_letters_of(group)
            found.append(Standing(group, lag, await self._behind(letters, (letters,), starts, ends)))
        return found

    async def _bounds(self) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
        cluster = await self._consumer._client.fetch_all_metadata()
        names = [topic.name for topic in self._catalogue.topics]
        names += [queue.name for queue in self._catalogue.queues]
        every = [TopicPartition(name, n) for name in names for n in cluster.partitions_for_topic(name) or ()]
        ends = await self._consumer.end_offsets(every)
        return ends, await self._consumer.beginning_offsets(every)

    async def _behind(
        self,
        group: str,
        topics: tuple[str, ...],
        starts: dict[TopicPartition, int],
        ends: dict[TopicPartition, int],
    ) -> int:
        committed = await self._admin.list_consumer_group_offsets(group)
        return sum(
            self._left(tp, end, committed[tp].offset if tp in committed else starts[tp])
            for tp, end in ends.items()
            if tp.topic in topics
        )

    def _left(self, tp: TopicPartition, end: int, position: int) -> int:
        # The last entry of a topic of facts is the marker of a transaction, which nobody consumes.
        marker = 1 if any(topic.name == tp.topic for topic in self._catalogue.topics) else 0
        return max(0, end - position - marker)
