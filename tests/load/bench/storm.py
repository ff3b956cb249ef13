"""
A storm of 10,000 facts: how long until all of them ring, and how long the inbox then takes to open.

`python -m tests.load.bench.storm`. Ten thousand contacts of all communes fall silent; their facts go through the
unit of work of a real mongod in batches, as the consumer hands them over. Then two ways of seeing what is open are
measured over HTTP without a network: the groups of the inbox (counts, storms, causes), and the plain way, the
whole list page by page. Bars: all raised within a minute; groups, sums and the live snapshot each in less than a
second.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from alerting.app import compose
from alerting.domain.commands import NoteSilence
from alerting.domain.model import Kind
from alerting.parts import calling, overview
from alerting.parts import stations as numbering
from alerting.settings import AlertingSettings
from alerting.store import Conditions
from common.kernel.areas import Actor
from common.service import Mode, Runtime
from common.testing.sign_in import bearer, client_of, sample_jwks, sample_settings
from common.work.model import Cause, Errand
from deploy.local.checkout import free_ports
from deploy.local.mongod import Mongod, uri

FACTS, BATCH, ROUNDS, PAGE = 10_000, 500, 7, 200
BAR_SECONDS, STORM_SECONDS = 1.0, 60.0
OPERATOR = Actor("ioc-1", frozenset({"health_officer"}), frozenset({"19"}))
HEADERS = bearer("health_officer", ["19"], subject="ioc-1")


def main() -> None:
    """Let the storm pass over a store of its own, measure, print times and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        mongod = Mongod(Path(folder), free_ports().mongo)
        mongod.start_and_wait()
        try:
            asyncio.run(_measure(uri(mongod.port)))
        finally:
            mongod.stop()


async def _measure(address: str) -> None:
    settings = sample_settings(AlertingSettings, mongo_uri=address)
    runtime = Runtime(settings, jwks=sample_jwks())
    called, answers, numbers = (part.in_mongo(runtime) for part in (calling, overview, numbering))
    service = compose(settings, runtime, Conditions(runtime.database), called, answers, numbers)
    async with client_of(service.app(Mode.API)) as client:
        seconds = await _storm(runtime)
        print(
            f"{FACTS} facts raised in {seconds:.1f} s, {FACTS / seconds:,.0f} a second (bar {STORM_SECONDS:.0f} s)"
        )
        grouped = await _timed(lambda: _get(client, "/v1/alert-groups"))
        summed = await _timed(lambda: _get(client, "/v1/summary"))
        stations = await _timed(lambda: _get(client, "/v1/stations"))
        snapshot = service.app(Mode.API).state.parts["desk"].feed.snapshot_for(OPERATOR)
        live = await _timed(snapshot)
        plain = await _timed(lambda: _whole_list(client), rounds=2)
    for name, took in (("groups", grouped), ("summary", summed), ("stations", stations), ("snapshot", live)):
        print(f"{name:9} {took * 1000:7.0f} ms (bar {BAR_SECONDS * 1000:.0f} ms)")
    print(f"plain     {plain * 1000:7.0f} ms for the whole list: {plain / grouped:.0f} times the groups")


async def _storm(runtime: Runtime) -> float:
    now, work = datetime.now(UTC), runtime.works[0]
    communes = [runtime.units.area_of(unit.code) for unit in runtime.units.communes()]
    errands = [
        Errand(
            NoteSilence(Kind.CONTACT_SILENT, who, communes[number % len(communes)], now, 1, who, 3),
            Cause(f"fact-{number}"),
        )
        for number in range(FACTS)
        for who in [f"person-{number:06}"]
    ]
    begun = time.perf_counter()
    for start in range(0, FACTS, BATCH):
        await work.run_batch(errands[start : start + BATCH])
    return time.perf_counter() - begun


async def _get(client: httpx.AsyncClient, path: str) -> Any:
    reply = await client.get(path, headers=HEADERS)
    return reply.raise_for_status().json()


async def _whole_list(client: httpx.AsyncClient) -> int:
    seen, cursor = 0, ""
    while True:
        page = await _get(client, f"/v1/alerts?limit={PAGE}{cursor}")
        seen += len(page["items"])
        if not page["next"]:
            return seen
        cursor = f"&cursor={page['next']}"


async def _timed(act: Callable[[], Awaitable[Any]], *, rounds: int = ROUNDS) -> float:
    """Return the median seconds of *act*."""
    await act()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        await act()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


if __name__ == "__main__":
    main()
