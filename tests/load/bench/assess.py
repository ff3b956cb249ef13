"""
Risk assessment from topic to store and outbox, against the plain one-message handler.

`python -m tests.load.bench.assess`. The same declarations of the same patients are judged by the same pure
function and end in the same document (state, outbox, causes). The plain side is a FastStream handler of one
message: read, decide, update, acknowledge. Ours is the f0-monitoring worker as it is deployed, its relay
included. Bar: 15 times the events per second and a fifteenth of the CPU (worker and mongod); goal 25.

The sides take turns; the medians of the rounds count. Every worker begins with an empty memory, so the first
event of each patient costs it a read. A worker that catches up reads a partition a thousand facts at a time;
with these patients some of them are of the same one, and are decided one after another in one write.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from motor.motor_asyncio import AsyncIOMotorClient

from common.clocks import SystemClock
from common.contracts.codec import to_record
from common.contracts.f0_monitoring import REPORTS
from common.geo import Units, data_folder
from common.kernel.areas import Actor
from common.work.batch import to_outbox
from common.work.engine import Work
from common.work.model import Cause, Errand, Heart
from deploy.local import services
from deploy.local.checkout import ROOT
from deploy.local.stack import Servers
from f0_monitoring.domain.commands import Candidate, DeclarePatient
from f0_monitoring.domain.decide import decide
from f0_monitoring.domain.facts import HealthReported
from f0_monitoring.domain.model import DeclaredBy, Origin, Profile, Report, Vitals
from f0_monitoring.rulebook import load_risk_rules
from f0_monitoring.store.mongo import MongoPatients, MongoReports
from f0_monitoring.translate import to_event
from tests.load.bench.running import cpu_seconds, servers

LOW = 0.04
PATIENTS, EVENTS, PLAIN_EVENTS, ROUNDS = 2_000, 80_000, 1_000, 4
OURS, PLAIN = "f0-monitoring.assess", "bench.plain"


@dataclass(frozen=True, slots=True)
class Measured:
    """Events per second, and CPU seconds per thousand events of the worker and of mongod."""

    per_second: float
    worker: float
    mongod: float

    @property
    def cpu(self) -> float:
        """Both together."""
        return self.worker + self.mongod


def main() -> None:
    """Measure both sides, interleaved, and print the ratios."""
    with servers() as running:
        asyncio.run(_patients(running, "f0_monitoring"))
        asyncio.run(_patients(running, "bench_plain"))
        asyncio.run(_declarations(running))
        rounds = []
        for number in range(ROUNDS):
            group = f"{PLAIN}.{number}"
            plain = _measure(running, group, _plain(running, group), PLAIN_EVENTS)
            ours = _measure(running, OURS, _ours(running), EVENTS // ROUNDS)
            for name, side in (("plain handler", plain), ("unit of work", ours)):
                print(
                    f"{name:14} {side.per_second:8.0f} events/s, CPU s/1k: "
                    f"worker {side.worker:.3f} + mongod {side.mongod:.3f} = {side.cpu:.3f}"
                )
            rounds.append((ours.per_second / plain.per_second, plain.cpu / ours.cpu))
            print("ratio {:.1f}x events/s, {:.1f}x less CPU".format(*rounds[-1]))
        speed, thrift = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"median {speed:.1f}x events/s, {thrift:.1f}x less CPU (bar 15x)")


async def _patients(running: Servers, database: str) -> None:
    client: AsyncIOMotorClient[dict[str, object]] = AsyncIOMotorClient(running.mongod.uri, tz_aware=True)
    reports = MongoReports(client[database])
    store = MongoPatients(client[database], reports)
    await store.ensure_indexes()
    rules = load_risk_rules(data_folder() / "rules")
    work = Work(Heart("patient", decide, to_event, lambda: rules), store, SystemClock())
    results = await work.run_batch([Errand(_declare(n), Cause(f"declare-{n}")) for n in range(PATIENTS)])
    faults = [r.error for r in results if r.error]
    if faults:
        raise faults[0]
    await store.clear(await store.unsent(PATIENTS))
    client.close()


def _declare(n: int) -> DeclarePatient:
    commune = UNITS[n % len(UNITS)]
    doctor = Candidate(f"doctor-{commune.district_code}", (), (commune.district_code,), 100, 0)
    today = datetime.now(UTC).date()
    return DeclarePatient(
        f"person-{n}", commune, _profile(n), Origin.OFFICER, today, None, OFFICER, (doctor,), sealed="x" * 300
    )


OFFICER = Actor("bench", frozenset(("health_officer",)), frozenset(("19",)))
UNITS = [Units.load().area_of(unit.code) for unit in Units.load().communes()]


def _profile(n: int) -> Profile:
    return Profile(age_months=(20 + n % 40) * 12, sex="female" if n % 2 else "male", vaccination_doses=2)


async def _declarations(running: Servers) -> None:
    """Publish what the ledger would have: four declarations in a hundred change the risk."""
    rng = np.random.default_rng(1)
    producer = AIOKafkaProducer(bootstrap_servers=running.kafka.bootstrap, linger_ms=20)
    await producer.start()
    heart: Heart[Any, None] = Heart("report", decide, to_event, lambda: None)
    begin = datetime.now(UTC) - timedelta(hours=10)
    for n in range(EVENTS):
        low = rng.random() < LOW
        fact = _reported(n, begin + timedelta(seconds=n), 90 if low else 98)
        [entry] = to_outbox(heart, (fact,), Cause(f"report-{n}"), None, begin)
        topic, key, value, headers = to_record(entry)
        await producer.send(topic, value, key=key, headers=headers)
    await producer.stop()


def _reported(n: int, at: datetime, spo2: int) -> HealthReported:
    vitals = Vitals(
        spo2_percent=spo2,
        spo2_repeat_percent=spo2,
        temperature_celsius=36.9,
        pulse_per_minute=80,
        breaths_per_minute=16,
    )
    person = f"person-{n % PATIENTS}"
    report = Report(
        report_id=f"report-{n}",
        person_id=person,
        area=UNITS[(n % PATIENTS) % len(UNITS)],
        reported_at=at,
        received_at=at,
        declared_by=DeclaredBy.SELF,
        is_late=False,
        by="",
        vitals=vitals,
    )
    return HealthReported(person, report.area, report)


def _ours(running: Servers) -> Callable[[], subprocess.Popen[bytes]]:
    program = services.service(running.place({"LACHAN_LOG_LEVEL": "WARNING"}), "f0_monitoring", "worker")
    environment = {**os.environ, **program.environment}
    return lambda: subprocess.Popen(program.command, env=environment, cwd=ROOT)


def _plain(running: Servers, group: str) -> Callable[[], subprocess.Popen[bytes]]:
    arguments = (running.mongod.uri, running.kafka.bootstrap, group)
    command = (sys.executable, "-m", "tests.load.bench.plain_assess", *arguments)
    return lambda: subprocess.Popen(command, cwd=ROOT)


def _measure(
    running: Servers, group: str, start: Callable[[], subprocess.Popen[bytes]], events: int
) -> Measured:
    """Start a consumer, and measure from its first progress until it has done *events* more."""
    return asyncio.run(_watch(running, group, start(), events))


async def _watch(running: Servers, group: str, process: subprocess.Popen[bytes], events: int) -> Measured:
    admin = AIOKafkaAdminClient(bootstrap_servers=running.kafka.bootstrap)
    await admin.start()
    mongod = running.mongod.pid  # type: ignore[attr-defined]
    try:
        before = await _done(admin, group)
        while (first := await _done(admin, group)) == before:
            await asyncio.sleep(0.05)
        begun, worker, server = time.perf_counter(), cpu_seconds(process.pid), cpu_seconds(mongod)
        while (last := await _done(admin, group)) < min(before + events, EVENTS):
            await asyncio.sleep(0.05)
        count, seconds = last - first, time.perf_counter() - begun
        thousand = 1000 / count
        used = cpu_seconds(process.pid) - worker, cpu_seconds(mongod) - server
        return Measured(count / seconds, used[0] * thousand, used[1] * thousand)
    finally:
        process.terminate()
        process.wait(20)
        await admin.close()


async def _done(admin: AIOKafkaAdminClient, group: str) -> int:
    try:
        offsets = await admin.list_consumer_group_offsets(group)
    except KafkaError:  # the group or its coordinator is only being made
        return 0
    return sum(max(0, at.offset) for tp, at in offsets.items() if tp.topic == REPORTS)


if __name__ == "__main__":
    main()
