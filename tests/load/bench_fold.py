"""
IOC: how fast decoded facts become totals, against a plain handler that increments per event, in the
same run.

    python -m tests.load.bench_fold [--facts 200000]

Both count the same facts for the same communes. The plain handler does what a first draft would:
one `$inc` per event, and it counts duplicates twice. Ours keeps each fact (why-trace, duplicates),
adds per partition and day, and survives a crash between any two writes. The bar is 20,000 facts/s
per core of the folding process after decoding.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from common.contracts import f0_monitoring as f0
from common.contracts.event import Event
from common.kernel.clock import local_day
from common.mongo.client import Database, open_client, open_database
from common.work.model import Cause, Errand
from deploy.local.checkout import free_ports
from deploy.local.mongod import Mongod
from ioc_aggregation import translate
from ioc_aggregation.consumers import BATCH_MAX
from ioc_aggregation.domain.fold import Tally
from ioc_aggregation.domain.province import Province
from ioc_aggregation.store import Fold, MongoTotals

BAR_PER_CORE = 20_000
PLAIN_FACTS = 4_000
PARTITIONS = 6
COMMUNES = [f"{5431 + 3 * n:05d}" for n in range(178)]
NOW = datetime(2022, 1, 10, 7, tzinfo=UTC)


def facts(count: int) -> Iterator[tuple[Event[f0.HealthReported], str, int]]:
    """Make decoded declarations with the place of their record; two in a hundred are sent twice."""
    chance, offsets = random.Random(1), [0] * PARTITIONS
    last = None
    for number in range(count):
        if last is None or chance.random() > 0.02:
            last = _declaration(number, chance)
        partition = number % PARTITIONS
        yield last, f"f0.reports.v1:{partition}", offsets[partition]
        offsets[partition] += 1


def _declaration(number: int, chance: random.Random) -> Event[f0.HealthReported]:
    at = NOW + timedelta(milliseconds=number * 5)
    data = f0.HealthReported(
        person_id=f"p-{number}", commune_code=chance.choice(COMMUNES), district_code="164",
        report_id=f"r-{number}", reported_at=at - timedelta(days=chance.random() < 0.05), received_at=at,
        is_late=False, declared_by="self", on_oxygen=False, consciousness="alert",
        symptoms=("cough",) if number % 3 == 0 else (),
    )  # fmt: skip
    return Event(f"e-{number}", data.type, "/services/f0-monitoring", data.person_id, at, 1, data)


async def ours(database: Database, events: list[tuple[Event[f0.HealthReported], str, int]]) -> None:
    """Fold in the batches of the consumer."""
    store = MongoTotals(database)
    await store.ensure_indexes()
    fold = Fold(store)
    for start in range(0, len(events), BATCH_MAX):
        batch = events[start : start + BATCH_MAX]
        await fold.run_batch([_errand(*each) for each in batch])


def _errand(event: Event[f0.HealthReported], partition: str, offset: int) -> Errand:
    tally: Tally = translate.patient_reported(event)
    return Errand(tally, Cause(event.id, partition=partition, offset=offset))


async def plain(database: Database, events: list[tuple[Event[f0.HealthReported], str, int]]) -> None:
    """Increment the commune's document of the day for every event."""
    totals = database["plain"]
    for event, _, _ in events:
        increments = {"reports_f0": 1, "reports_symptomatic": int(bool(event.data.symptoms))}
        key = f"{event.data.commune_code} {local_day(event.data.reported_at)}"
        await totals.update_one({"_id": key}, {"$inc": increments}, upsert=True)


async def measure(name: str, work: "asyncio.Future[None]", count: int, mongod: psutil.Process) -> float:
    """Run *work* and print its speed; return facts per second of this process's CPU."""
    me = psutil.Process()
    before, theirs, started = sum(me.cpu_times()[:2]), sum(mongod.cpu_times()[:2]), time.perf_counter()
    await work
    seconds = time.perf_counter() - started
    mine, other = sum(me.cpu_times()[:2]) - before, sum(mongod.cpu_times()[:2]) - theirs
    print(
        f"{name:10} {count / seconds:10,.0f} facts/s   {count / mine:10,.0f} per CPU second of ours"
        f"   mongod {1000 * other / count:.3f} CPU s per 1k",
        flush=True,
    )
    return count / mine


async def run(count: int) -> int:
    """Measure both; return 1 if the bar is missed or the totals are wrong."""
    events = list(facts(count))
    with tempfile.TemporaryDirectory() as folder:
        server = Mongod(Path(folder), free_ports().mongo)
        server.start_and_wait()
        client = open_client(server.uri, app_name="bench-fold")
        try:
            database = open_database(client, "bench")
            process = next(
                p for p in psutil.process_iter(["cmdline"]) if folder in " ".join(p.info["cmdline"] or [])
            )
            few = events[:PLAIN_FACTS]
            slow = await measure("plain $inc", plain(database, few), len(few), process)
            fast = await measure("fold", ours(database, events), len(events), process)
            counted = Province(await MongoTotals(database).all_documents()).totals()
        finally:
            client.close()
            server.stop()
    return verdict(events, counted, slow, fast)


def verdict(
    events: list[tuple[Event[f0.HealthReported], str, int]],
    counted: dict[str, dict[str, int]],
    slow: float,
    fast: float,
) -> int:
    """Compare with the bar and with the truth."""
    truth = len({event.id for event, _, _ in events})
    total = sum(each.get("reports_f0", 0) for each in counted.values())
    print(f"{fast / slow:.1f} times the plain handler per CPU second; {total:,} counted, {truth:,} true")
    is_met = fast >= BAR_PER_CORE and total == truth
    print(f"bar {BAR_PER_CORE:,} facts/s per core: {'met' if is_met else 'MISSED'}")
    return 0 if is_met else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=200_000)
    raise SystemExit(asyncio.run(run(parser.parse_args().facts)))
