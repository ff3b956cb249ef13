"""A real Kafka behind the interface of the suite in `common.testing.bus_contract`."""

import uuid
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from common.clocks import SystemClock
from common.messaging.batch_consumer import BatchConsumer
from common.messaging.broker import make_broker
from common.messaging.groups import dead_letters_of, retries_of
from common.messaging.publisher import KafkaPublisher
from common.messaging.records import ConsumedRecord, Outgoing
from common.messaging.retry import Backoff
from common.messaging.subscription import Subscription


class KafkaConsumers:
    """Some subscriptions on a broker of their own, as one process has them."""

    def __init__(
        self, bootstrap: str, subscriptions: Sequence[Subscription], backoff: Backoff | None
    ) -> None:
        self._bootstrap = bootstrap
        self._groups = [subscription.group for subscription in subscriptions]
        name = f"suite-{uuid.uuid4().hex[:8]}"
        self._publisher = KafkaPublisher(bootstrap, client_id=f"{name}-set-aside")
        self._broker = make_broker(bootstrap, client_id=name)
        self.members = [
            BatchConsumer(self._broker, each, self._publisher, SystemClock(), backoff)
            for each in subscriptions
        ]

    async def start(self) -> None:
        """Create the groups' own topics and begin to consume."""
        names = [name for group in self._groups for name in (dead_letters_of(group), retries_of(group))]
        await create_topics(self._bootstrap, names)
        await self._publisher.start()
        await self._broker.start()

    async def stop(self) -> None:
        """Finish the batches in hand and leave the groups."""
        for member in self.members:
            member.stop()
        await self._broker.stop()
        await self._publisher.stop()


class KafkaBus:
    """Publishes, consumes and looks on."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self._publisher = KafkaPublisher(bootstrap, client_id="suite")

    async def start(self) -> None:
        """Connect the publisher."""
        await self._publisher.start()

    async def stop(self) -> None:
        """Disconnect."""
        await self._publisher.stop()

    async def publish(self, records: Sequence[Outgoing]) -> None:
        """Write records."""
        await self._publisher.publish(records)

    def consumers(
        self, subscriptions: Sequence[Subscription], *, backoff: Backoff | None = None
    ) -> KafkaConsumers:
        """Return consumers of *subscriptions*."""
        return KafkaConsumers(self.bootstrap, subscriptions, backoff)

    async def read(self, topic: str) -> list[ConsumedRecord]:
        """Return every committed record of *topic*, partition by partition."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, isolation_level="read_committed")
        await consumer.start()
        try:
            cluster = await consumer._client.fetch_all_metadata()
            numbers = sorted(cluster.partitions_for_topic(topic) or ())
            found: list[ConsumedRecord] = []
            for tp in (TopicPartition(topic, number) for number in numbers):
                found += await _whole(consumer, tp)
            return found
        finally:
            await consumer.stop()

    async def committed(self, group: str) -> dict[tuple[str, int], int]:
        """Return the committed offsets of *group*."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            offsets = await admin.list_consumer_group_offsets(group)
            return {(tp.topic, tp.partition): known.offset for tp, known in offsets.items()}
        finally:
            await admin.close()


async def create_topics(bootstrap: str, names: Sequence[str], partitions: int = 1) -> None:
    """Create the topics of *names* that do not exist."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        present = set(await admin.list_topics())
        missing = [NewTopic(name, partitions, 1) for name in names if name not in present]
        if missing:
            await admin.create_topics(missing, timeout_ms=30_000)
    finally:
        await admin.close()


async def _whole(consumer: AIOKafkaConsumer, tp: TopicPartition) -> list[ConsumedRecord]:
    consumer.assign([tp])
    start = (await consumer.beginning_offsets([tp]))[tp]
    end = (await consumer.end_offsets([tp]))[tp]
    consumer.seek(tp, start)
    found: list[ConsumedRecord] = []
    while await consumer.position(tp) < end:
        found += (await consumer.getmany(tp, timeout_ms=500)).get(tp, [])
    return found
