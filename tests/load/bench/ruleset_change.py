"""
A dry run of other risk rules over 10,000 open patients: seconds, memory, and how long others wait meanwhile.

`python -m tests.load.bench.ruleset_change [patients]`. The plain side asks for each patient's declarations one
by one, all five days of them, and judges them by the same functions. Bar: 30 s on two busy cores, memory
that does not grow with the province.
"""

import asyncio
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from motor.motor_asyncio import AsyncIOMotorClient

from common.clocks import FrozenClock
from common.geo import data_folder
from common.kernel.areas import Actor, Area
from common.kernel.clock import VIETNAM
from common.service import Runtime
from common.testing.sign_in import sample_jwks, sample_settings
from deploy.local.checkout import free_ports
from deploy.local.mongod import Mongod
from f0_monitoring.domain.foresight import OneRuleSet, foresee
from f0_monitoring.domain.model import CareState, DeclaredBy, Origin, Patient, Profile, Report, Vitals
from f0_monitoring.domain.risk import assess, first_risk
from f0_monitoring.rulebook import RiskRuleBooks, load_risk_rules
from f0_monitoring.settings import F0MonitoringSettings
from f0_monitoring.store.documents import patient_to_document
from f0_monitoring.store.mongo import MongoPatients, MongoReports, report_to_document
from f0_monitoring.views.changes import ChangeBody
from f0_monitoring.views.foresight import Foresight

NOW = datetime(2022, 2, 10, 21, 30, tzinfo=VIETNAM).astimezone(UTC)
DAYS, REMEMBERED, PLAIN, BAR_SECONDS = 5, 6, 300, 30
OFFICER = Actor("ioc-1", frozenset({"ioc_operator"}), frozenset({"19"}))
TODAY, THEN = date(2022, 2, 10), date(2022, 4, 1)


def lives(count: int, books: RiskRuleBooks) -> "list[tuple[Patient, list[Report]]]":
    """Make patients with five days of declarations, one in ten of them with low saturation."""
    rng, made = np.random.default_rng(1), []
    rules = OneRuleSet(books.on(TODAY))
    for number in range(count):
        person_id, area = f"p-{number:06}", Area("05431", "164")
        profile = Profile(age_months=int(rng.integers(12, 960)), vaccination_doses=int(rng.integers(0, 3)))
        start = NOW - timedelta(days=DAYS)
        patient = Patient(
            person_id, area, profile, Origin.OFFICER, start, start.date(), CareState.AT_HOME,
            first_risk(profile, rules.ruleset, start), sealed="x" * 300,
        )  # fmt: skip
        reports, low = [], rng.random() < 0.1
        for slot in range(DAYS * 2):
            at = start + timedelta(hours=12 * slot + float(rng.uniform(1, 4)))
            spo2 = int(rng.integers(91, 97) if low else rng.integers(95, 100))
            vitals = Vitals(spo2, None, 36.8, int(rng.integers(60, 110)), int(rng.integers(14, 22)), 120, 76)
            report = Report(
                f"r-{number:06}-{slot:02}", person_id, area, at, at, False, DeclaredBy.SELF, "p", vitals
            )
            if slot >= DAYS * 2 - REMEMBERED:
                patient = assess(patient, report, rules, at)
            reports.append(report)
        made.append((patient, reports))
    return made


async def fill(database: Any, people: "list[tuple[Patient, list[Report]]]") -> None:
    """Write them as the service keeps them."""
    rows = [{"_id": p.person_id, "version": 1, "state": patient_to_document(p)} for p, _ in people]
    await database["patients"].insert_many(rows, ordered=False)
    for begin in range(0, len(people), 500):
        reports = [r for _, kept in people[begin : begin + 500] for r in kept]
        documents = [{"_id": r.report_id, **report_to_document(r)} for r in reports]
        await database["reports"].insert_many(documents, ordered=False)


async def plain(patients: MongoPatients, reports: MongoReports, books: RiskRuleBooks) -> float:
    """Return patients per second of a simple loop: one query for each patient's whole ledger."""
    found = await patients.open_after({"19"}, limit=PLAIN)
    began = time.perf_counter()
    for patient in found:
        kept = await reports.latest_of(patient.person_id, limit=100)
        foresee(patient, kept, books.on(TODAY), books.on(THEN), NOW)
    return len(found) / (time.perf_counter() - began)


async def waiting(longest: list[float]) -> None:
    """Note how long somebody else has to wait for a turn."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.01)
        longest[0] = max(longest[0], time.perf_counter() - began - 0.01)


async def main(count: int) -> int:
    """Measure and print."""
    books = load_risk_rules(data_folder() / "rules")
    with tempfile.TemporaryDirectory() as folder:
        server = Mongod(Path(folder), free_ports().mongo, cache_gigabytes=0.25)
        server.start_and_wait()
        client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(server.uri, tz_aware=True)
        try:
            return await _measure(client["bench"], books, count)
        finally:
            client.close()
            server.stop()


async def _measure(database: Any, books: RiskRuleBooks, count: int) -> int:
    reports = MongoReports(database)
    patients = MongoPatients(database, reports)
    await patients.ensure_indexes()
    await reports.ensure_indexes()
    await fill(database, lives(count, books))
    settings = sample_settings(F0MonitoringSettings, drain_seconds=0)
    runtime = Runtime(settings, clock=FrozenClock(NOW), jwks=sample_jwks(), in_memory=True)
    foresight, process, longest = Foresight(runtime, patients, reports, books), psutil.Process(), [0.0]
    simple = await plain(patients, reports, books)
    memory, cpu, other = (
        process.memory_info().rss,
        process.cpu_times().user,
        asyncio.create_task(waiting(longest)),
    )
    began = time.perf_counter()
    seen = await foresight.count(foresight.question(ChangeBody(version="604-2022"), OFFICER))
    seconds, used = time.perf_counter() - began, process.cpu_times().user - cpu
    other.cancel()
    grown = (process.memory_info().rss - memory) / 1e6
    print(
        f"{seen.records:,} records in {seconds:.1f} s ({used:.1f} s CPU): {seen.rises} rise, {seen.falls} fall"
    )
    print(f"memory grew by {grown:.0f} MB; others waited at most {longest[0] * 1000:.0f} ms")
    print(f"ratio {seen.records / seconds / simple:.1f}x patients per second against one query per patient")
    return 0 if seconds <= BAR_SECONDS else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)))
