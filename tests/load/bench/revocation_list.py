"""
What the lists for scanners cost: 1 000 000 permits on file, 2 % of them suspended or revoked.

    python -m tests.load.bench.revocation_list [--permits 1000000]

Beside it, in the same run, a plain build: read every file, decide for each permit, hash, sort, sign the whole list.
A real mongod on a free port; the files hold no more than what both builds read.
"""

import argparse
import asyncio
import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from common.clocks import FrozenClock
from common.credential import serial
from common.credential.keys import LocalSigner, VerificationKey
from common.mongo import client as mongo
from common.mongo.changes import ChangedIds
from deploy.local.checkout import free_ports
from deploy.local.mongod import Mongod
from permit.store import MongoHolders
from permit.store.lists import MongoJournal, MongoStandings
from permit.store.watch import MongoFlags
from permit.views.list_builder import ListBuilder

NOW = datetime(2022, 1, 15, 3, 0, tzinfo=UTC)
SHARE = 0.02
BATCH = 5_000
SOME = 200
"""Permits that change before a delta: what a province sees in a day."""


class Desk:
    """Signs with a key of this run."""

    def __init__(self) -> None:
        self.signer = LocalSigner.generate()

    async def root_key(self) -> VerificationKey:
        return VerificationKey(self.signer.spki, NOW, NOW, NOW)

    async def root_signer(self) -> LocalSigner:
        return self.signer


def files(permits: int, seed: int = 20220115) -> Iterator[dict[str, Any]]:
    """One person per permit, as the holders' store keeps them, without what neither build reads."""
    chance = random.Random(seed)
    for number in range(permits):
        permit = serial.serial_of(chance.randbytes(10))
        until = NOW + timedelta(hours=chance.randint(1, 30 * 24))
        status = "issued"
        if chance.random() < SHARE:
            status = chance.choice(("suspended", "revoked"))
        find: dict[str, Any] = {"permits": [permit], "statuses": [status], "until": until}
        if status != "issued":
            find["barred"] = [{"p": permit, "u": until, "s": status}]
        yield {"_id": f"p{number}", "version": 1, "state": {"person_id": f"p{number}", "find": find}}


async def fill(collection: Any, permits: int) -> None:
    """Insert the files."""
    batch: list[dict[str, Any]] = []
    for document in files(permits):
        batch.append(document)
        if len(batch) == BATCH:
            await collection.insert_many(batch, ordered=False)
            batch = []
    if batch:
        await collection.insert_many(batch, ordered=False)


async def plain(collection: Any, signer: LocalSigner) -> tuple[float, int]:
    """Build the whole list from every file; return the seconds and the bytes."""
    started = time.perf_counter()
    rows = []
    async for row in collection.find({}, {"state.find": 1}):
        find = row["state"]["find"]
        for permit, status in zip(find["permits"], find["statuses"], strict=True):
            if status in ("suspended", "revoked") and find["until"] > NOW:
                digest = hashlib.sha256(b"rev" + serial.cti_of(permit)).digest()[:8]
                rows.append(digest + bytes((1 if status == "suspended" else 2,)))
    body = b"".join(sorted(rows))
    signature = signer.sign(hashlib.sha256(body).digest())
    return time.perf_counter() - started, len(body) + len(signature)


async def measure(uri: str, permits: int) -> int:
    """Print the figures; 1 if the delta is dearer than it may be."""
    client = mongo.open_client(uri, app_name="bench")
    database = mongo.open_database(client, "bench_lists")
    holders, desk = database["holders"], Desk()
    await MongoHolders(database).ensure_indexes()
    await fill(holders, permits)
    clock, journal = FrozenClock(NOW), MongoJournal(database)
    standings, changes = MongoStandings(database, clock), ChangedIds(database, "holders")
    flags = MongoFlags(database, "permit_flags")
    builder = ListBuilder(standings, changes, flags, journal, desk, clock)  # type: ignore[arg-type]
    started = time.perf_counter()
    await builder.round()
    full = time.perf_counter() - started
    base = await journal.base()
    if base is None:
        raise LookupError("no full list was built")
    whole, size = await plain(holders, desk.signer)
    await bar_some(holders)
    started = time.perf_counter()
    await builder.round()
    delta = time.perf_counter() - started
    [entry] = await journal.after(base.sequence)
    started = time.perf_counter()
    await builder.round()
    idle = time.perf_counter() - started
    print(f"{permits:,} permits, {len(base.packed) // 9:,} rows")
    print(f"plain build            {whole * 1000:9.0f} ms   {size:9,} bytes, all of it at each change")
    print(
        f"full build             {full * 1000:9.0f} ms   {len(base.packed):9,} bytes   {whole / full:.1f} x faster"
    )
    print(
        f"change of {SOME} permits  {delta * 1000:9.1f} ms   {len(entry.signed):9,} bytes   {whole / delta:.0f} x faster"
    )
    print(f"round without news     {idle * 1000:9.1f} ms")
    client.close()
    return 0 if whole / delta > 10 else 1


async def bar_some(holders: Any) -> None:
    """Suspend some permits, as the unit of work would write it."""
    rows = await holders.find({"state.find.barred": {"$exists": False}}).limit(SOME).to_list(None)
    for row in rows:
        find = row["state"]["find"]
        barred = [{"p": find["permits"][0], "u": find["until"], "s": "suspended"}]
        await holders.update_one({"_id": row["_id"]}, {"$set": {"state.find.barred": barred}})


def main() -> int:
    """Start a mongod and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip())
    parser.add_argument("--permits", type=int, default=1_000_000)
    permits = parser.parse_args().permits
    with tempfile.TemporaryDirectory() as folder:
        server = Mongod(Path(folder), free_ports().mongo, cache_gigabytes=0.5)
        server.start_and_wait()
        try:
            return asyncio.run(measure(server.uri, permits))
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
