"""
The deadline wave: every open case owes its declaration by the same minute and nobody declares.

`python -m tests.load.bench.absence [cases]`. How long until the DeclarationMissed of all of them stands in the outbox
of its file, with the timer loop and the store of the service on a real mongod, alone in one process. The plain
side does what a scheduled job would: one find of the declarations and one update per case; it is measured on a part
of the cases and in the same run. Bar: 60 s for 100,000.
"""

import asyncio
import gc
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from common.clocks import FrozenClock
from common.geo import Units
from common.kernel.areas import Actor
from common.kernel.decision import Timer
from common.service import Runtime
from common.testing.sign_in import sample_jwks, sample_settings
from common.work.model import Change, Stored
from common.work.timers import TimerLoop
from deploy.local.checkout import free_ports
from deploy.local.mongod import Mongod, uri
from quarantine.app import compose, in_mongo
from quarantine.domain.commands import OrderQuarantine
from quarantine.domain.decide import decide
from quarantine.domain.duties import timers
from quarantine.domain.model import Case, Category, Person, Place
from quarantine.domain.rules import QuarantineRules
from quarantine.rulebook import read_rules
from quarantine.settings import QuarantineSettings
from quarantine.store import MongoCases
from tests.load.bench.running import cpu_seconds

CASES, PLAIN, BAR_SECONDS, BATCH = 100_000, 1_000, 60.0, 1_000
MORNING = datetime(2021, 8, 2, 1, tzinfo=UTC)
OFFICER = Actor("bench", frozenset({"health_officer"}), frozenset({"19"}))


def main() -> None:
    """Fill a store of its own, let the deadline pass, print times and the ratio."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    with tempfile.TemporaryDirectory() as folder:
        mongod = Mongod(Path(folder), free_ports().mongo)
        mongod.start_and_wait()
        try:
            asyncio.run(_measure(uri(mongod.port), mongod.pid, cases))
        finally:
            mongod.stop()


async def _measure(address: str, server: int | None, cases: int) -> None:
    settings = sample_settings(QuarantineSettings, mongo_uri=address)
    clock = FrozenClock(MORNING)
    runtime = Runtime(settings, clock=clock, jwks=sample_jwks())
    stores = in_mongo(runtime)
    service = compose(runtime, stores, settings)
    for store in service.runtime.stores:
        if hasattr(store, "ensure_indexes"):
            await store.ensure_indexes()
    rules = read_rules(runtime.folder / "rules" / "quarantine")
    await _fill(stores.cases, rules, cases)
    gc.freeze()  # as common.service does
    gc.set_threshold(50_000, 20, 20)
    clock.set(datetime(2021, 8, 2, 10, 0, 20, tzinfo=UTC))
    work = next(work for work in runtime.works if work.store is stores.cases)
    before = cpu_seconds(server)
    seconds, cpu, slowest = await _wave(TimerLoop(work, stores.cases, clock))
    stored = cpu_seconds(server) - before
    told = await runtime.database["cases"].count_documents({"outbox.0": {"$exists": True}})
    if told != cases:
        raise AssertionError(f"{told} of {cases} were told")
    plain = await _plain(stores.cases, min(PLAIN, cases))
    rate, plain_rate = cases / seconds, min(PLAIN, cases) / plain
    print(
        f"{cases} told in {seconds:.1f} s: {rate:.0f}/s, CPU each {cpu / cases * 1e6:.0f} us of the process and"
        f" {stored / cases * 1e6:.0f} us of mongod; batch p99 {slowest:.2f} s"
    )
    print(f"100,000 at this pace: {CASES / rate:.0f} s (bar {BAR_SECONDS:.0f} s)")
    print(f"plain find and update per case: {plain_rate:.0f}/s; ratio {rate / plain_rate:.1f}x")


async def _fill(store: MongoCases, rules: QuarantineRules, cases: int) -> None:
    areas = [Units.load().area_of(unit.code) for unit in Units.load().communes()]
    made = _case(areas[0], rules)
    pending: tuple[Timer, ...] = timers(made, rules)
    for begin in range(0, cases, BATCH):
        batch = []
        for number in range(begin, min(cases, begin + BATCH)):
            person = replace(made.person, area=areas[number % len(areas)]) if made.person else None
            case = replace(made, person_id=f"p{number:025}", person=person)
            batch.append(Change(case.person_id, Stored(case, 1, timers=pending), 0))
        await store.save(batch)
    store.recall([])


def _case(area, rules: QuarantineRules) -> Case:  # type: ignore[no-untyped-def]
    person = Person(area, "s1.k.person." + "x" * 300, tuple(f"{n:016x}" for n in range(8)), "h-1")
    command = OrderQuarantine("p0", OFFICER, person, Category.F1, Place.HOME, date(2021, 8, 1))
    case = decide(None, command, rules, MORNING).state
    if case is None:
        raise AssertionError("no case")
    return case


async def _wave(loop: TimerLoop) -> tuple[float, float, float]:
    """Fire until nothing is due, as the loop of the service does without a pause between full batches."""
    times, begun, cpu = [], time.perf_counter(), time.process_time()
    while True:
        at = time.perf_counter()
        if not await loop.fire_due():
            break
        times.append(time.perf_counter() - at)
    slowest = statistics.quantiles(times, n=100)[-1] if len(times) > 1 else times[0]
    return time.perf_counter() - begun, time.process_time() - cpu, slowest


async def _plain(store: MongoCases, cases: int) -> float:
    """One query and one durable update per case, one after the other."""
    reports = store.collection.database["reports"]
    begun = time.perf_counter()
    day = {"$gte": MORNING, "$lt": MORNING + timedelta(days=1)}
    for number in range(cases):
        person_id = f"p{number:025}"
        await store.collection.find_one({"_id": person_id})
        if await reports.find_one({"person_id": person_id, "reported_at": day}) is None:
            fact = {"type": "missed", "person_id": person_id}
            await store.collection.update_one(
                {"_id": person_id}, {"$set": {"plain": 1}, "$push": {"plain_outbox": fact}}
            )
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
