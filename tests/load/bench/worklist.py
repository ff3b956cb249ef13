"""
The doctor's worklist with 10,000 open patients: the query against a plain find and sort, and what the API costs.

`python -m tests.load.bench.worklist`. The same records of the same mongod, the same scope (the whole province), the
same 60 rows in the same order. The plain side is one `find` with one `sort` on the indexes that the records
have. The API answers the first page with the counts of all tabs, names opened and the reading noted, as the page
asks for it, without a network. Bar: a page in less than 300 ms.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from common.geo import Units
from common.service import Mode, Runtime
from common.testing.sign_in import bearer, client_of, sample_jwks, sample_settings
from common.work.model import Change, Stored
from deploy.local.checkout import free_ports
from deploy.local.mongod import Mongod, uri
from f0_monitoring.app import compose, in_mongo
from f0_monitoring.domain.model import CareState, Level, Origin, Patient, Profile, Reason, Risk
from f0_monitoring.domain.roster import Doctor
from f0_monitoring.ports import Search
from f0_monitoring.settings import F0MonitoringSettings
from f0_monitoring.store.documents import patient_from_document
from f0_monitoring.store.filters import filters_of
from f0_monitoring.store.mongo import ORDER, MongoDoctors, MongoPatients

PATIENTS, CLOSED, DOCTORS, PAGE, ROUNDS = 10_000, 20_000, 40, 60, 40
BAR_SECONDS, BUSY_SECONDS = 0.3, 3
SHARES = {Level.LOW: 0.62, Level.MEDIUM: 0.25, Level.HIGH: 0.1, Level.VERY_HIGH: 0.03}
"""How ill a province is at the peak, roughly; the order of magnitude is what counts."""
COMMUNES = [unit.code for unit in Units.load().communes()]


def main() -> None:
    """Fill a store of its own, measure both sides interleaved, print times and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        mongod = Mongod(Path(folder), free_ports().mongo)
        mongod.start_and_wait()
        try:
            asyncio.run(_measure(uri(mongod.port)))
        finally:
            mongod.stop()


async def _measure(address: str) -> None:
    settings = sample_settings(F0MonitoringSettings, mongo_uri=address)
    runtime = Runtime(settings, jwks=sample_jwks())
    stores = in_mongo(runtime)
    service = compose(runtime, stores, settings)
    async with client_of(service.app(Mode.API)) as client:
        await _fill(runtime, stores.patients, stores.doctors)
        await _queries(stores.patients)
        await _pages(client)


async def _fill(runtime: Runtime, patients: MongoPatients, doctors: MongoDoctors) -> None:
    rng, now = np.random.default_rng(1), datetime.now(UTC)
    levels = rng.choice(len(SHARES), PATIENTS + CLOSED, p=list(SHARES.values()))
    made = [_patient(runtime, n, list(SHARES)[levels[n]], now) for n in range(PATIENTS + CLOSED)]
    for begin in range(0, len(made), 500):
        changes = [Change(p.person_id, Stored(p, 1), 0) for p in made[begin : begin + 500]]
        await patients.save(changes)
    fields = {"name": "BS. Mẫu", "phone": "0912000200"}
    ids = [f"d-{n}" for n in range(DOCTORS)]
    seals = {d: runtime.vault.seal(fields, data_class="staff", person_id=d) for d in ids}
    roster = [Doctor(d, district_codes=("164",), capacity=300, sealed=seals[d]) for d in ids]
    await doctors.save([Change(d.doctor_id, Stored(d, 1), 0) for d in roster])
    print(f"{PATIENTS} open and {CLOSED} closed records, {DOCTORS} doctors")


def _patient(runtime: Runtime, number: int, level: Level, now: datetime) -> Patient:
    is_open = number < PATIENTS
    person_id = f"person-{number:06}"
    who = {"full_name": f"Nguyễn Mẫu {number}", "sex": "female", "phone": "0912000200", "address": "Tổ 1"}
    reason = Reason("spo2-under-94", 92, "< 94", "3646/QĐ-BYT", level, True, now)
    return Patient(
        person_id=person_id,
        area=runtime.units.area_of(COMMUNES[number % len(COMMUNES)]),
        profile=Profile(age_months=(20 + number % 60) * 12),
        origin=Origin.OFFICER,
        declared_at=now - timedelta(days=2),
        tested_on=now.date(),
        care=CareState.AT_HOME if is_open else CareState.RECOVERED,
        risk=Risk(level, now, "bench", level, reasons=(reason,) if level.rank > 1 else ()),
        carer_id=f"d-{number % DOCTORS}",
        lead_id=f"d-{number % DOCTORS}",
        last_report_at=now - timedelta(seconds=(number * 7919) % 86_400),
        missed_in_a_row=int(number % 9 == 0),
        sealed=runtime.vault.seal(who, person_id=person_id),
        blind=("t1", f"t-{number}"),
    )


async def _queries(patients: MongoPatients) -> None:
    search = Search(area_codes={"19"}, now=datetime.now(UTC), tab="all")

    async def plain() -> list[Patient]:
        query = {"$and": filters_of(search)}
        rows = await patients.collection.find(query, {"state": 1}).sort(ORDER).limit(PAGE).to_list(None)
        return [patient_from_document(row["state"]) for row in rows]

    async def ours() -> list[Patient]:
        return await patients.rows(search, limit=PAGE)

    if [p.person_id for p in await plain()] != [p.person_id for p in await ours()]:
        raise AssertionError("the two sides do not find the same rows")
    times = await _interleaved({"plain find and sort": plain, "level by level": ours})
    fast, slow = times["level by level"], times["plain find and sort"]
    print(f"ratio {statistics.median(slow) / statistics.median(fast):.1f}x faster than the plain query")


async def _pages(client: httpx.AsyncClient) -> None:
    province = bearer("administrator", ("19",))
    doctor = bearer("doctor", ("164",), sub="d-1")

    def asking(path: str, headers: dict[str, str]) -> Callable[[], Awaitable[Any]]:
        async def ask() -> None:
            reply = await client.get(path, headers=headers)
            reply.raise_for_status()
            if len(reply.json()["items"]) != PAGE:
                raise AssertionError(reply.text[:200])

        return ask

    sides = {
        "API, province, to call": asking(f"/v1/worklist?tab=act&limit={PAGE}", province),
        "API, province, all": asking(f"/v1/worklist?tab=all&limit={PAGE}", province),
        "API, province, silent": asking(f"/v1/worklist?tab=quiet&limit={PAGE}", province),
        "API, one doctor": asking(f"/v1/worklist?tab=all&limit={PAGE}", doctor),
        "API, whole records": asking(f"/v1/patients?limit={PAGE}", province),
    }
    times = await _interleaved(sides)
    worst = max(np.percentile(seconds, 99) for name, seconds in times.items() if "whole" not in name)
    print(f"slowest worklist page at p99: {worst * 1000:.0f} ms (bar {BAR_SECONDS * 1000:.0f} ms)")
    async with _busy(sides["API, province, to call"]) as done:
        begun = time.process_time()
        await asyncio.sleep(BUSY_SECONDS)
    used, pages = time.process_time() - begun, done()
    print(
        f"4 readers without a pause: {pages / BUSY_SECONDS:.0f} pages/s, {used / pages * 1000:.1f} ms CPU a page"
    )


@asynccontextmanager
async def _busy(ask: Callable[[], Awaitable[Any]]) -> Any:
    """Ask again and again with four readers; yields what tells how many answers there were."""
    answers = 0

    async def reader() -> None:
        nonlocal answers
        while True:
            await ask()
            answers += 1

    tasks = [asyncio.create_task(reader()) for _ in range(4)]
    yield lambda: answers
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _interleaved(sides: dict[str, Callable[[], Awaitable[Any]]]) -> dict[str, list[float]]:
    """Run each side in turn, so that the load of the machine is the same for all; print p50 and p99."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    for side in sides.values():
        await side()
    for _ in range(ROUNDS):
        for name, side in sides.items():
            begun = time.perf_counter()
            await side()
            times[name].append(time.perf_counter() - begun)
    for name, seconds in times.items():
        p50, p99 = np.percentile(seconds, (50, 99)) * 1000
        print(f"{name:26} p50 {p50:6.1f} ms  p99 {p99:6.1f} ms")
    return times


if __name__ == "__main__":
    main()
