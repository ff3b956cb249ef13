"""
Update in place or insert a journal? The experiment behind docs/decisions/0006.

`python -m tests.load.bench.journal` starts its own mongod and writes the same 20,000 assessments (4 % with a
fact, 1.2 KB state, 5,000 patients) five ways, two rounds interleaved, medians:

- plain: find_one + update_one + insert_one per event, what a simple handler does
- update: the unit of work as it is (one find, one update command per batch)
- journal cached: one insert per event, `_id` = aggregate:version, states cached in the worker
- journal cold: the same, but the newest version of each aggregate is read for each batch
- journal and head: as cached, plus an update of a small queryable head (worklists, timers) per event
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from motor.motor_asyncio import AsyncIOMotorClient

from common.mongo.aggregates import DURABLE
from deploy.local.checkout import free_ports
from deploy.local.mongod import Mongod

EVENTS, PATIENTS, BATCH = 20_000, 5_000, 500
PLAIN_EVENTS = 1_500
PADDING = "x" * 700
Write = Callable[[Any, list[int]], Awaitable[None]]


def state(n: int) -> dict[str, Any]:
    """Return a state of about the size of a patient's."""
    readings = [{"at": n, "spo2": 97, "temp": 36.8, "pulse": 80} for _ in range(4)]
    return {"area": "05431", "risk": "low", "last": n, "readings": readings, "sealed": PADDING}


def facts(n: int) -> list[dict[str, Any]]:
    """Return one fact for one event in twenty-five."""
    return [{"i": f"f{n}", "d": "y" * 300}] if n % 25 == 0 else []


async def plain(db: Any, events: list[int]) -> None:
    """Do what a handler of one message does."""
    for n in events:
        key = str(n % PATIENTS)
        await db.plain.find_one({"_id": key})
        change = {"$set": {"state": state(n), "due_at": due(n)}, "$push": {"outbox": {"$each": facts(n)}}}
        await db.plain.update_one({"_id": key}, change, upsert=True)
        await db.plain_inbox.insert_one({"_id": n})


async def update(db: Any, events: list[int]) -> None:
    """Do what the unit of work does."""
    keys = [str(n % PATIENTS) for n in events]
    found = {d["_id"]: d["version"] async for d in db.aggs.find({"_id": {"$in": keys}}, {"outbox": 0})}
    updates = []
    for n, key in zip(events, keys, strict=True):
        version = found.get(key, 0)
        change: dict[str, Any] = {
            "$set": {"version": version + 1, "state": state(n), "due_at": due(n), "marks": [n]}
        }
        if new := facts(n):
            change["$push"] = {"outbox": {"$each": new}}
        updates.append({"q": {"_id": key, "version": version}, "u": change, "upsert": True})
    await db.command({"update": "aggs", "updates": updates, "ordered": False, "writeConcern": DURABLE})


def journal_cached(cache: dict[str, int]) -> Write:
    """Insert one row per event; versions are known to the worker."""

    async def write(db: Any, events: list[int]) -> None:
        rows = []
        for n in events:
            key = str(n % PATIENTS)
            cache[key] = cache.get(key, 0) + 1
            rows.append(
                {
                    "_id": f"{key}:{cache[key]}",
                    "a": key,
                    "v": cache[key],
                    "c": n,
                    "f": facts(n),
                    "s": state(n),
                }
            )
        await db.journal.insert_many(rows, ordered=False)

    return write


async def journal_cold(db: Any, events: list[int]) -> None:
    """Read the newest version of each aggregate first."""
    keys = [str(n % PATIENTS) for n in events]
    newest = [
        {"$match": {"a": {"$in": keys}}},
        {"$sort": {"a": 1, "v": -1}},
        {"$group": {"_id": "$a", "v": {"$first": "$v"}, "s": {"$first": "$s"}}},
    ]
    found = {d["_id"]: d["v"] async for d in db.cold.aggregate(newest)}
    rows = []
    for n, key in zip(events, keys, strict=True):
        version = found.get(key, 0) + 1
        rows.append({"_id": f"{key}:{version}", "a": key, "v": version, "c": n, "f": facts(n), "s": state(n)})
    await db.cold.insert_many(rows, ordered=False)


def journal_and_head() -> Write:
    """Insert the row, and keep what worklists and timers ask for in a small head."""
    insert = journal_cached({})

    async def write(db: Any, events: list[int]) -> None:
        await insert(_Renamed(db), events)
        heads = [
            {
                "q": {"_id": str(n % PATIENTS)},
                "u": {"$set": {"last": n, "risk": "low", "due_at": due(n)}},
                "upsert": True,
            }
            for n in events
        ]
        await db.command({"update": "heads", "updates": heads, "ordered": False, "writeConcern": DURABLE})

    return write


class _Renamed:
    def __init__(self, db: Any) -> None:
        self.journal = db.journal_with_head


def due(n: int) -> datetime:
    """Return a deadline that moves with every event."""
    return datetime(2022, 1, 1, tzinfo=UTC) + timedelta(seconds=n)


async def measure(
    db: Any, server: psutil.Process, write: Write, events: int, size: int
) -> tuple[float, float]:
    """Return events per second, and CPU seconds of worker and server per thousand events."""
    me = psutil.Process()
    cpu = _cpu(me) + _cpu(server)
    start = time.perf_counter()
    for first in range(0, events, size):
        await write(db, list(range(first, min(first + size, events))))
    seconds = time.perf_counter() - start
    return events / seconds, (_cpu(me) + _cpu(server) - cpu) / events * 1000


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def run(uri: str, server: psutil.Process) -> None:
    """Measure every way in two rounds and print medians."""
    client: Any = AsyncIOMotorClient(uri, tz_aware=True, w="majority", journal=True)
    results: dict[str, list[tuple[float, float]]] = {}
    for _ in range(2):
        await client.drop_database("journal")
        db = client["journal"]
        for name in ("aggs", "heads", "plain"):
            await db[name].create_index([("shard", 1), ("due_at", 1)])
        await db.cold.create_index([("a", 1), ("v", -1)])
        ways: list[tuple[str, Write, int, int]] = [
            ("plain", plain, PLAIN_EVENTS, 1),
            ("update", update, EVENTS, BATCH),
            ("journal cached", journal_cached({}), EVENTS, BATCH),
            ("journal cold", journal_cold, EVENTS, BATCH),
            ("journal and head", journal_and_head(), EVENTS, BATCH),
        ]
        for name, write, events, size in ways:
            results.setdefault(name, []).append(await measure(db, server, write, events, size))
    _print(results)


def _print(results: dict[str, list[tuple[float, float]]]) -> None:
    base = [statistics.median(column) for column in zip(*results["plain"], strict=True)]
    print(f"{'way':18} {'events/s':>10} {'x plain':>8} {'CPU s/1k':>9} {'x less':>7}")
    for name, rows in results.items():
        rate, cpu = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{name:18} {rate:10.0f} {rate / base[0]:8.1f} {cpu:9.3f} {base[1] / cpu:7.1f}")


def main() -> None:
    """Run the experiment on its own mongod."""
    with tempfile.TemporaryDirectory() as folder:
        mongod = Mongod(Path(folder), free_ports().mongo, cache_gigabytes=1)
        mongod.start_and_wait()
        try:
            asyncio.run(run(mongod.uri, psutil.Process(mongod.pid)))
        finally:
            mongod.stop()


if __name__ == "__main__":
    main()
