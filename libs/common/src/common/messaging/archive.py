"""
The topics as a file: saved for the day on which the brokers are gone, loaded into empty ones.

What was written after the moment of the backup is left out: databases restored from it will number their
next facts anew, and a listener that had seen the lost ones under these numbers would take the new for the
old. Offsets begin anew, too; who remembers old ones is told where each record went (`Loaded.moved`).
"""

import asyncio
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from common.messaging.access import client_options
from common.messaging.archive_file import NotUsable, Writer, rows, verify
from common.messaging.catalogue import load as load_catalogue
from common.messaging.groups import retries_of

IDLE_MAX: Final = 5
"""Empty answers in a row after which what is missing does not exist (markers at the very end)."""
AT_ONCE: Final = 500
FROM_THE_START: Final = ("ioc-aggregation.fold",)
"""Groups that remember how far they have read by offset: their figures are made anew from the whole log."""


@dataclass(slots=True)
class Loaded:
    """What was loaded: records by topic, and the old offsets of each partition in their new order."""

    records: Counter[str] = field(default_factory=Counter)
    old_offsets: dict[str, "array[int]"] = field(default_factory=dict)

    def note(self, topic: str, partition: int, old_offset: int) -> None:
        """Take the next record of a partition."""
        self.records[topic] += 1
        self.old_offsets.setdefault(f"{topic}-{partition}", array("q")).append(old_offset)

    def moved(self, partition: str, old_offset: int) -> int:
        """Return the new offset of the last record not beyond *old_offset*; -1 if there is none."""
        return bisect_right(self.old_offsets.get(partition, array("q")), old_offset) - 1


async def save(bootstrap: str, file: Path) -> Counter[str]:
    """Write every committed record of the catalogue's topics to *file*; return how many of each topic."""
    counts: Counter[str] = Counter()
    with Writer(file) as writer:
        async for record in _records(bootstrap):
            writer.add(record)
            counts[record.topic] += 1
    return counts


async def load(bootstrap: str, file: Path, *, until: datetime) -> Loaded:
    """
    Write the records of *file* that are not younger than *until* into empty topics, each to its partition.

    Raises `NotUsable` before anything is written.
    """
    verify(file)
    await _refuse_full_topics(bootstrap)
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, **client_options()
    )
    loaded, pending = Loaded(), list[Any]()
    await producer.start()
    try:
        for row in rows(file):
            if row["ts"] > until.timestamp() * 1000:
                continue
            pending.append(await producer.send(**row["record"], timestamp_ms=row["ts"]))
            loaded.note(row["record"]["topic"], row["record"]["partition"], row["o"])
            if len(pending) >= AT_ONCE:
                await asyncio.gather(*pending)
                pending.clear()
        await asyncio.gather(*pending)
    finally:
        await producer.stop()
    return loaded


async def rewind(bootstrap: str, to: datetime) -> dict[str, int]:
    """
    Set every group back to the first record that is not older than *to*; return how much each has to read.

    The workers must be stopped. Groups that count by offset begin at the beginning.
    """
    catalogue = load_catalogue()
    found = {}
    for group in catalogue.groups:
        topics = (*catalogue.read_by(group), retries_of(group))
        found[group] = await _rewind(bootstrap, group, topics, to)
    return found


async def _rewind(bootstrap: str, group: str, topics: tuple[str, ...], to: datetime) -> int:
    consumer: Any = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False, **client_options()
    )
    await consumer.start()
    try:
        parts = await _parts(consumer, topics)
        consumer.assign(parts)
        ends = await consumer.end_offsets(parts)
        begins = await consumer.beginning_offsets(parts)
        times = await consumer.offsets_for_times(dict.fromkeys(parts, int(to.timestamp() * 1000)))
        places = {tp: times[tp].offset if times.get(tp) else ends[tp] for tp in parts}
        if group in FROM_THE_START:
            places = begins
        await consumer.commit(places)
        return sum(ends[tp] - place for tp, place in places.items())
    finally:
        await consumer.stop()


async def _records(bootstrap: str) -> AsyncIterator[Any]:
    consumer: Any = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        isolation_level="read_committed",
        enable_auto_commit=False,
        **client_options(),
    )
    await consumer.start()
    try:
        parts = await _parts(consumer, _names())
        ends = {tp: end for tp, end in (await consumer.end_offsets(parts)).items() if end > 0}
        consumer.assign(list(ends))
        await consumer.seek_to_beginning(*ends)
        idle = 0
        while idle < IDLE_MAX and any([await consumer.position(tp) < end for tp, end in ends.items()]):
            answer = await consumer.getmany(timeout_ms=1000, max_records=AT_ONCE)
            idle = 0 if answer else idle + 1
            for tp, records in answer.items():
                for record in records:
                    if record.offset < ends[tp]:
                        yield record
    finally:
        await consumer.stop()


async def _parts(consumer: Any, topics: tuple[str, ...]) -> list[TopicPartition]:
    cluster = await consumer._client.fetch_all_metadata()
    return [TopicPartition(topic, n) for topic in topics for n in cluster.partitions_for_topic(topic) or ()]


def _names() -> tuple[str, ...]:
    found = load_catalogue()
    return (*(topic.name for topic in found.topics), *(queue.name for queue in found.queues))


async def _refuse_full_topics(bootstrap: str) -> None:
    consumer: Any = AIOKafkaConsumer(bootstrap_servers=bootstrap, **client_options())
    await consumer.start()
    try:
        wanted = _names()
        parts = await _parts(consumer, wanted)
        missing = set(wanted) - {tp.topic for tp in parts}
        full = sorted({tp.topic for tp, end in (await consumer.end_offsets(parts)).items() if end > 0})
    finally:
        await consumer.stop()
    if missing:
        raise NotUsable(f"topics are missing, create them first: {', '.join(sorted(missing)[:5])}")
    if full:
        raise NotUsable(f"topics are not empty, nothing was loaded: {', '.join(full[:5])}")
