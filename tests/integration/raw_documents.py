"""What MongoDB really holds, read past the services."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from bson import json_util
from motor.motor_asyncio import AsyncIOMotorClient

DATABASES = ("quarantine", "f0_monitoring", "permit", "alerting", "ioc_aggregation")
DECIDING = DATABASES[:4]
"""Databases of the services that decide; the figures of the fifth follow by themselves."""
ALIVE = frozenset({"leases", "workers", "access_log"})
"""Collections that change by themselves, or by looking."""
BY_CLOCK = frozenset({"messages"})
"""Collections that grow by day without anybody asking: whoever did not look at a check-in gets a text message."""


@asynccontextmanager
async def connected(uri: str) -> AsyncIterator[Any]:
    """Return a client for as long as the block lasts."""
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(uri, tz_aware=True)
    try:
        yield client
    finally:
        client.close()


async def documents(
    client: Any, databases: Iterable[str] = DATABASES, *, but: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """Return every document as (place, JSON text)."""
    found: list[tuple[str, str]] = []
    for name in databases:
        for collection in sorted(set(await client[name].list_collection_names()) - set(but)):
            rows = await client[name][collection].find().sort("_id", 1).to_list(None)
            found += [(f"{name}.{collection}", json_util.dumps(row, ensure_ascii=False)) for row in rows]
    return found


async def documents_about(client: Any, subjects: Iterable[str]) -> list[tuple[str, str]]:
    """Return the documents of the deciding services in which one of *subjects* is named."""
    wanted = list(subjects)
    every = await documents(client, DECIDING, but=ALIVE)
    return [(place, text) for place, text in every if any(subject in text for subject in wanted)]


async def sizes(client: Any) -> dict[str, int]:
    """Return how many documents each collection of the deciding services holds that people alone fill."""
    found: dict[str, int] = {}
    for name in DECIDING:
        for collection in sorted(set(await client[name].list_collection_names()) - ALIVE - BY_CLOCK):
            found[f"{name}.{collection}"] = await client[name][collection].count_documents({})
    return found


async def unsent(client: Any) -> int:
    """Return how many documents still carry facts that no relay has published."""
    waiting = 0
    for name in DECIDING:
        for collection in await client[name].list_collection_names():
            waiting += await client[name][collection].count_documents({"unsent": {"$exists": True}})
    return waiting
