"""Reading the whole log once, from the beginning to where it ends now, without joining a group."""

from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from common.messaging.access import client_options
from common.messaging.batch import Reader
from common.messaging.subscription import Subscription

IDLE_MAX = 5
"""Empty answers in a row after which what is missing does not exist (markers at the very end)."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many records were read, and how many of them could not be applied."""

    records: int
    refused: int


async def replay(bootstrap: str, subscription: Subscription) -> Replayed:
    """
    Hand every record of the subscription's topics to its work, in the order of each partition.

    Nothing is committed and nothing is set aside: unreadable records are counted only. Raises whatever
    the work or the broker raises.
    """
    consumer: Any = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        **client_options(),
    )
    await consumer.start()
    try:
        ends = await _ends(consumer, subscription.topics)
        consumer.assign(list(ends))
        await consumer.seek_to_beginning(*ends)
        return await _read(consumer, subscription, ends)
    finally:
        await consumer.stop()


async def _ends(consumer: Any, topics: tuple[str, ...]) -> dict[TopicPartition, int]:
    cluster = await consumer._client.fetch_all_metadata()
    every = [TopicPartition(topic, n) for topic in topics for n in cluster.partitions_for_topic(topic) or ()]
    ends: dict[TopicPartition, int] = await consumer.end_offsets(every)
    return {tp: end for tp, end in ends.items() if end > 0}


async def _read(consumer: Any, subscription: Subscription, ends: dict[TopicPartition, int]) -> Replayed:
    reader, records, refused, idle = Reader(subscription), 0, 0, 0
    reached = dict.fromkeys(ends, 0)
    while idle < IDLE_MAX and any(reached[tp] < end for tp, end in ends.items()):
        answer = await consumer.getmany(timeout_ms=1000, max_records=subscription.batch_max)
        got = [record for part in answer.values() for record in part]
        batch = reader.read(got)
        results = await subscription.work.run_batch(batch.errands) if batch.errands else []
        records += len(got)
        refused += len(batch.refusals(results))
        idle = 0 if got else idle + 1
        for tp in ends:
            reached[tp] = await consumer.position(tp)
    return Replayed(records, refused)
