"""
Creating the topics of the catalogue.

    python -m common.messaging.topics --bootstrap 127.0.0.1:9092

Creates what is missing and leaves what exists as it is; it never deletes and never shrinks.
"""

import argparse
import asyncio

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import for_code

from common.messaging.access import client_options
from common.messaging.catalogue import Catalogue, Queue, Topic, load

_DAY_MS = 24 * 60 * 60 * 1000
_EXISTS = 36


def _new(topic: Topic | Queue, replication: int) -> NewTopic:
    settings = {
        "cleanup.policy": topic.cleanup,
        "min.insync.replicas": str(max(1, replication - 1)),
    }
    if topic.cleanup == "delete":
        settings["retention.ms"] = str(topic.retention_days * _DAY_MS)
    return NewTopic(topic.name, topic.partitions, replication, topic_configs=settings)


async def ensure_topics(
    bootstrap: str, catalogue: Catalogue | None = None, *, replication: int = 1
) -> list[str]:
    """
    Create the missing topics, dead letters and retries; return the names created.

    Raises the `aiokafka.errors.KafkaError` of the first topic that the broker refused.
    """
    wanted = catalogue or load()
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, **client_options())
    await admin.start()
    try:
        present = set(await admin.list_topics())
        every: tuple[Topic | Queue, ...] = (*wanted.topics, *wanted.queues)
        missing = [topic for topic in every if topic.name not in present]
        if missing:
            await _create(admin, [_new(topic, replication) for topic in missing])
        return [topic.name for topic in missing]
    finally:
        await admin.close()


async def _create(admin: AIOKafkaAdminClient, topics: list[NewTopic]) -> None:
    answer = await admin.create_topics(topics, timeout_ms=30_000)
    for name, code, *_ in answer.topic_errors:
        if code not in (0, _EXISTS):
            raise for_code(code)(f"topic {name} could not be created")


def main() -> None:
    """Create the topics from the command line."""
    parser = argparse.ArgumentParser(prog="python -m common.messaging.topics", description=__doc__)
    parser.add_argument("--bootstrap", required=True, help="host:port of a Kafka broker")
    parser.add_argument("--replication", type=int, default=1, help="copies of each partition")
    given = parser.parse_args()
    created = asyncio.run(ensure_topics(given.bootstrap, replication=given.replication))
    print(f"{len(created)} topics created" if created else "all topics exist")  # noqa: T201


if __name__ == "__main__":
    main()
