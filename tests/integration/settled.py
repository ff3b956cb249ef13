"""When everybody has heard everything: consumer groups that have read to the end of the log."""

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from common.messaging.catalogue import load
from tests.integration.facts import FactLog
from tests.integration.raw_documents import connected, unsent
from tests.integration.services import eventually

CATALOGUE = load()


async def behind(log: FactLog, *groups: str) -> dict[str, int]:
    """Return on how many partitions each group (all, by default) is behind."""
    ends: dict[TopicPartition, int] = {}
    for record in await log.read():
        tp = TopicPartition(record.topic, record.partition)
        ends[tp] = max(ends.get(tp, 0), record.offset + 1)
    admin = AIOKafkaAdminClient(bootstrap_servers=log.bootstrap)
    await admin.start()
    try:
        left = {}
        for group in groups or CATALOGUE.groups:
            committed = await admin.list_consumer_group_offsets(group)
            reads = {*CATALOGUE.read_by(group), f"{group}.retry"}
            done = {tp: known.offset for tp, known in committed.items()}
            left[group] = sum(end > done.get(tp, 0) for tp, end in ends.items() if tp.topic in reads)
        return left
    finally:
        await admin.close()


async def settled(log: FactLog, *groups: str, seconds: float = 60) -> None:
    """Wait until the groups have applied and committed every fact that is on the log, and nothing follows."""
    quiet = 0
    while quiet < 2:
        count = await _facts(log)
        await eventually(lambda: behind(log, *groups), lambda left: not any(left.values()), seconds=seconds)
        quiet = quiet + 1 if await _facts(log) == count else 0


async def all_quiet(mongo_uri: str, log: FactLog, *, seconds: float = 60) -> None:
    """Wait until nothing is on its way any more: not in an outbox, not on the log."""
    async with connected(mongo_uri) as client:
        while True:
            await eventually(lambda: unsent(client), lambda waiting: waiting == 0, seconds=seconds)
            await settled(log, seconds=seconds)
            if await unsent(client) == 0:
                return


async def _facts(log: FactLog) -> int:
    """Count what people caused; summaries for partners go on by themselves for a while."""
    return sum(not record.topic.startswith("ioc.") for record in await log.read())
