"""
How long others wait while a change of directive goes through the permits of a province.

    python -m tests.load.bench.rollout [--files 20000]

One worker on a real mongod: the rollout and the lists for scanners run as in the service, and beside them a task
that only wants to be woken every five milliseconds. Prints its longest waits (bar 100 ms) and who made them wait.
"""

import argparse
import asyncio
import gc
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from common.clocks import FrozenClock
from common.credential import serial
from common.kernel.areas import Area
from common.kernel.decision import TimerFired
from common.mongo.changes import ChangedIds
from common.service import Runtime
from common.testing.sign_in import sample_jwks, sample_settings
from common.work.model import Cause
from deploy.local.checkout import free_ports
from deploy.local.mongod import Mongod
from permit import store
from permit.domain.model import Holder, Outcome, Permit, Ruling, Terms, Window
from permit.domain.rollouts import PlanRollout
from permit.settings import PermitSettings
from permit.store import MongoHolders
from permit.store.files import holder_to_document
from permit.store.lists import MongoJournal, MongoStandings
from permit.store.watch import MongoFlags
from permit.views.list_builder import ListBuilder
from tests.load.bench.revocation_list import Desk

NOW = datetime(2022, 1, 15, 3, 0, tzinfo=UTC)
BAR_SECONDS = 0.1
EVERY_SECONDS = 0.005
INSERTED = 2_000


class Watchdog:
    """Measures how late the loop wakes a task, and looks from another thread at what keeps it."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.busy: list[float] = []
        """What the loop itself worked meanwhile: the wait that is left on a machine with nothing beside it."""
        self.guilty: Counter[str] = Counter()
        self._woken = time.perf_counter()
        self._main = threading.get_ident()
        self._is_over = False
        self.sweeps: list[float] = []
        gc.callbacks.append(self._swept)

    def _swept(self, phase: str, about: dict[str, int]) -> None:
        """Note how long the collector stops everything."""
        if about["generation"] == 2:
            self.sweeps.append(
                time.thread_time() if phase == "start" else time.thread_time() - self.sweeps.pop()
            )

    async def watch(self) -> None:
        """Be woken again and again."""
        threading.Thread(target=self._look, daemon=True).start()
        while True:
            self._woken, began = time.perf_counter(), time.thread_time()
            await asyncio.sleep(EVERY_SECONDS)
            self.waits.append(time.perf_counter() - self._woken - EVERY_SECONDS)
            self.busy.append(time.thread_time() - began)

    def _look(self) -> None:
        while not self._is_over:
            time.sleep(0.01)
            if time.perf_counter() - self._woken > BAR_SECONDS / 2:
                frame = sys._current_frames().get(self._main)
                stack = traceback.extract_stack(frame)
                lines = [line for line in stack if "/src/" in line.filename] or stack
                self.guilty[" < ".join(f"{line.name}:{line.lineno}" for line in lines[-4:][::-1])] += 1

    def told(self) -> str:
        """Return both in words."""
        self._is_over = True
        return f"{_in_words(self.waits)}\n  of it the loop's own work: {_in_words(self.busy)}"


def _in_words(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    longest = ", ".join(f"{wait * 1000:.0f}" for wait in ordered[-5:][::-1])
    late = sum(wait > BAR_SECONDS for wait in ordered)
    return (
        f"p50 {ordered[len(ordered) // 2] * 1000:.1f} ms, p99 {ordered[int(len(ordered) * 0.99)] * 1000:.0f} ms, "
        f"longest {longest} ms; {late} of {len(ordered)} above {BAR_SECONDS * 1000:.0f} ms"
    )


async def fill(collection: Any, files: int) -> None:
    """Insert files of people with one permit each, of several categories; every tenth has a long history."""
    batch: list[dict[str, Any]] = []
    for number in range(files):
        permits = tuple(_permit(number, k) for k in range(5 if number % 10 == 0 else 1))
        state = holder_to_document(Holder(f"p{number:07d}", "sealed", ("t",), permits=permits))
        row = {"_id": f"p{number:07d}", "version": 1, "state": state, "marks": [], "results": []}
        batch.append(row | {"recent": b"", "timers": [], "seqs": {}, "shard": number % 16})
        if len(batch) == INSERTED or number == files - 1:
            await collection.insert_many(batch, ordered=False)
            batch = []


def _permit(number: int, at: int) -> Permit:
    category = ("personal", "worker", "delivery", "essential-goods")[(number + at) % 4]
    window = Window(127, 4 * 60, 22 * 60)
    terms = Terms(
        category, ("164", "165"), (window,), "20C12345", NOW - timedelta(hours=1), NOW + timedelta(days=20)
    )
    ruling = Ruling(Outcome.APPROVED, "permit-19.2021-08", f"category:{category}")
    permit_id = serial.serial_of((number * 8 + at).to_bytes(10))
    return Permit(permit_id, Area("05434", "164"), terms, ruling, NOW, "can-bo", "sealed", is_issued=True)


async def measure(uri: str, files: int, remembered: int) -> int:
    """Print the figures; 1 if somebody waited longer than the bar."""
    from permit.parts import parts_of
    from permit.stores import in_mongo

    settings = sample_settings(PermitSettings).model_copy(update={"mongo_uri": SecretStr(uri)})
    clock = FrozenClock(NOW)
    runtime = Runtime(settings, clock=clock, jwks=sample_jwks())
    if remembered:
        store.REMEMBERED = remembered  # type: ignore[misc]
    stores = in_mongo(runtime)
    parts = parts_of(runtime, stores, settings)
    await MongoHolders(runtime.database).ensure_indexes()
    await fill(runtime.database["holders"], files)
    await order(parts, clock)
    desk, database = Desk(), runtime.database
    builder = ListBuilder(
        MongoStandings(database, clock),
        ChangedIds(database, "holders"),
        MongoFlags(database, "permit_flags"),
        MongoJournal(database),
        desk,  # type: ignore[arg-type]
        clock,
    )
    await builder.round()
    gc.freeze()  # as common.service does
    gc.set_threshold(50_000, 20, 20)
    watchdog = Watchdog()
    watching = asyncio.create_task(watchdog.watch())
    await builder.start()
    started = time.perf_counter()
    while await parts["rollout"].step():
        await asyncio.sleep(0)
    took = time.perf_counter() - started
    await asyncio.sleep(3)
    watching.cancel()
    await builder.stop()
    [done] = await stores.rollouts.latest(1)
    print(f"{done.seen:,} files in {took:.1f} s: {done.stops:,} stop, {done.narrows:,} are narrowed")
    print(f"others: {watchdog.told()}")
    gc.collect()
    print(
        f"  full sweeps of the collector, one more at the end: {[f'{each * 1000:.0f} ms' for each in watchdog.sweeps]}"
    )
    for who, times in watchdog.guilty.most_common(12):
        print(f"  {times * 10:5d} ms in {who}")
    return 0 if max(watchdog.busy) <= BAR_SECONDS else 1


async def order(parts: dict[str, Any], clock: FrozenClock) -> None:
    """Order a directive for the province and begin its rollout."""
    from common.kernel.areas import Actor
    from permit.domain.directives import OrderDirective
    from permit.domain.rules import Directive

    by = Actor("lanh-dao", frozenset({"leader"}), frozenset({"19"}))
    ordered = OrderDirective("19", frozenset({"19"}), Directive.DIRECTIVE_16, clock.now(), "Công văn mẫu", by)
    await parts["directives"].run(ordered, Cause("order"))
    plan = PlanRollout("19", clock.now(), "Công văn mẫu")
    await parts["rollouts"].run(plan, Cause("plan"))
    await parts["rollouts"].run(TimerFired(plan.aggregate_id, "start", clock.now()), Cause("minute"))


def main() -> int:
    """Start a mongod and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip())
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--remembered", type=int, default=0, help="files that a worker keeps in mind")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Mongod(Path(folder), free_ports().mongo, cache_gigabytes=0.5)
        server.start_and_wait()
        try:
            return asyncio.run(measure(server.uri, given.files, given.remembered))
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
