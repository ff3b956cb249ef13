"""
HTTP declarations accepted durably, against one transaction per request.

`python -m tests.load.bench.declarations`. Both sides check a token, validate the same body, look the patient
up, store the declaration with its fact for the relay, and answer a receipt. The plain side is one FastAPI
route that does it in one MongoDB transaction per request. Bars: 5 times as many; p99 below 250 ms at 500/s.

The sides take turns in short slices, so that what else the machine does meets both; the median of the slices
counts. How many ask at once matters, because what waits together is written together, and transactions stand
in each other's way: each crowd has its own ratio, and at last stands each side with the crowd that suits it
best. Beside the requests per second stands what one request costs in CPU time of the server process, of
mongod and of this generator: that is steadier where the machine is shared.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import uvloop

from deploy.local.checkout import ROOT, free_ports, is_open
from deploy.local.stack import Servers, Stack
from tests.load.bench import running
from tests.load.bench.people import declare_patients
from tests.load.bench.wire import Load, crowd, paced, request

CROWDS = (64, 256)
"""Phones that ask at once, each for the next answer when it has the last."""
SLICES = 5
WARM_UP, OURS, PLAIN, PACED = 500, 5_000, 1_000, 5_000
BODY: dict[str, Any] = {
    "declared_by": "officer",
    "spo2_percent": 98,
    "temperature_celsius": 36.8,
    "pulse_per_minute": 82,
    "breaths_per_minute": 17,
    "on_oxygen": False,
    "consciousness": "alert",
    "symptoms": [],
}


@dataclass(frozen=True, slots=True)
class Side:
    """One server to be measured; the processes are those whose CPU time is looked at."""

    name: str
    port: int
    server: int | None
    mongod: int | None

    async def answer(self, requests: list[bytes], callers: int) -> "Slice":
        """Have *requests* of so many callers answered as fast as they can be."""
        pids = self.server, self.mongod, os.getpid()
        before = [running.cpu_seconds(pid) for pid in pids]
        load = await crowd(self.port, requests, connections=callers)
        used = [running.cpu_seconds(pid) - at for pid, at in zip(pids, before, strict=True)]
        return Slice(load, *(seconds / len(requests) * 1e6 for seconds in used))


@dataclass(frozen=True, slots=True)
class Slice:
    """What one turn measured: microseconds of CPU time per request."""

    load: Load
    server: float
    mongod: float
    generator: float


def main() -> None:
    """Measure both sides on the same servers, taking turns."""
    with running.servers() as servers, running.stack(servers, "f0_monitoring", mode="api") as stack:
        people = asyncio.run(declare_patients(stack, 400))
        plain = PlainSide(stack, free_ports().start)
        with plain:
            uvloop.run(_measure(stack, people, *_sides(servers, stack, plain)))


def _sides(servers: Servers, stack: Stack, plain: "PlainSide") -> tuple[Side, Side]:
    mongod = servers.mongod.pid  # type: ignore[attr-defined]
    service = stack.children["f0-monitoring-api"].pid
    return (
        Side("transaction per request", plain.port, plain.process.pid, mongod),
        Side("unit of work", stack.place.ports.f0_monitoring, service, mongod),
    )


async def _measure(stack: Stack, people: list[str], plain: Side, ours: Side) -> None:
    token = stack.token("health_officer")
    for side in (plain, ours):
        await side.answer(_requests(people, token, WARM_UP), CROWDS[0])
    rates = [await _compare(people, token, plain, ours, callers) for callers in CROWDS]
    best_plain, best_ours = (max(column) for column in zip(*rates, strict=True))
    print(f"each with the crowd that suits it best: {best_ours / best_plain:.1f}x (bar 5x)")
    steady = await paced(ours.port, _requests(people, token, PACED), per_second=500, connections=CROWDS[0])
    _say("unit of work at 500/s (bar p99 < 250 ms)", steady)
    print(f"load average {os.getloadavg()[0]:.1f}")


async def _compare(
    people: list[str], token: str, plain: Side, ours: Side, callers: int
) -> tuple[float, float]:
    """Print the ratios of one crowd; return the requests per second of both sides."""
    rounds, rates = [], []
    for _ in range(SLICES):
        a = await plain.answer(_requests(people, token, PLAIN), callers)
        b = await ours.answer(_requests(people, token, OURS), callers)
        for side, turn in ((plain, a), (ours, b)):
            _say(side.name, turn.load)
            print(
                f"    CPU us: server {turn.server:.0f}, mongod {turn.mongod:.0f}, generator {turn.generator:.0f}"
            )
        rates.append((a.load.per_second, b.load.per_second))
        rounds.append(
            (
                b.load.per_second / a.load.per_second,
                a.server / b.server,
                (a.server + a.mongod) / (b.server + b.mongod),
            )
        )
    speed, server, both = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(
        f"{callers} callers at once: ratio {speed:.1f}x; "
        f"CPU {server:.1f}x less in the server, {both:.1f}x with mongod"
    )
    slow, fast = (statistics.median(column) for column in zip(*rates, strict=True))
    return slow, fast


def _requests(people: list[str], token: str, count: int) -> list[bytes]:
    body = {**BODY, "reported_at": datetime.now(UTC).isoformat()}
    return [
        request("POST", f"/v1/patients/{people[n % len(people)]}/reports", body, token, str(uuid.uuid4()))
        for n in range(count)
    ]


def _say(name: str, load: Load) -> None:
    latency = f"p50 {load.percentile(0.5):.0f} ms, p99 {load.percentile(0.99):.0f} ms"
    print(f"{name:44} {load.per_second:7.0f}/s  {latency}  {load.statuses}")
    if set(load.statuses) != {201}:
        raise SystemExit("not every declaration was accepted: nothing to compare")


class PlainSide:
    """The plain side as a process."""

    def __init__(self, stack: Stack, port: int, module: str = "tests.load.bench.plain_http") -> None:
        command = (
            sys.executable,
            "-m",
            module,
            stack.place.mongo_uri,
            stack.place.issuer,
            str(port),
        )
        self.port = port
        self.process = subprocess.Popen(command, cwd=ROOT)

    def __enter__(self) -> None:
        for _ in range(600):
            if is_open(self.port):
                return
            time.sleep(0.1)
        raise httpx.ConnectError("the plain side did not start")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)


if __name__ == "__main__":
    main()
