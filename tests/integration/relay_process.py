"""
A process that only relays: `python -m tests.integration.relay_process <mongo> <database> <kafka> <name>`.

Stories pause it, wake it and kill it.
"""

import asyncio
import sys

from motor.motor_asyncio import AsyncIOMotorClient

from common.clocks import SystemClock
from common.mongo.aggregates import MongoAggregates
from common.mongo.leases import MongoLease
from common.testing.store_contract import count_from_document, count_to_document
from common.work.relay import Bell, Relay


async def main(mongo: str, database: str, kafka: str, name: str) -> None:
    """Relay until the process is killed; every batch is told on stdout."""
    client: AsyncIOMotorClient = AsyncIOMotorClient(mongo, tz_aware=True)  # type: ignore[type-arg]
    store = MongoAggregates(client[database]["counts"], count_to_document, count_from_document)
    relay = Relay(
        [store],
        MongoLease(client[database], "relay", name),
        Bell(),
        SystemClock(),
        bootstrap=kafka,
        transactional_id=f"{database}-relay",
        on_sent=lambda facts, _: print(f"sent {facts}", flush=True),
    )
    await relay.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
