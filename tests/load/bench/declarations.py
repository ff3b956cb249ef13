"""
HTTP declarations accepted durably, against one transaction per request.

`python -m tests.load.bench.declarations`. Both sides check a token, validate the same body, look the patient
up, store the declaration with its fact for the relay, and answer a receipt. The plain side is one FastAPI
route that does it in one MongoDB transaction per request. Bars: 5 times as many; p99 below 250 ms at 500/s.
"""

import asyncio
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx

from deploy.local.checkout import ROOT, free_ports, is_open
from deploy.local.stack import Stack
from tests.load.bench import running
from tests.load.bench.people import declare_patients
from tests.load.bench.wire import Load, crowd, paced, request

CONNECTIONS = 64
OURS, PLAIN, PACED = 8_000, 1_500, 5_000
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


def main() -> None:
    """Measure both sides on the same servers, one after the other, twice."""
    with running.servers() as servers, running.stack(servers, "f0_monitoring", mode="api") as stack:
        people = asyncio.run(declare_patients(stack, 400))
        port = free_ports().start
        with PlainSide(stack, port):
            asyncio.run(_measure(stack, people, port))


async def _measure(stack: Stack, people: list[str], plain_port: int) -> None:
    ours_port = stack.place.ports.f0_monitoring
    token = stack.token("health_officer")
    await crowd(ours_port, _requests(people, token, 500), connections=CONNECTIONS)
    for _ in range(2):
        plain = await crowd(plain_port, _requests(people, token, PLAIN), connections=CONNECTIONS)
        ours = await crowd(ours_port, _requests(people, token, OURS), connections=CONNECTIONS)
        _say("transaction per request", plain)
        _say("unit of work", ours)
        print(f"ratio {ours.per_second / plain.per_second:.1f}x (bar 5x)")
    steady = await paced(ours_port, _requests(people, token, PACED), per_second=500, connections=CONNECTIONS)
    _say("unit of work at 500/s (bar p99 < 250 ms)", steady)


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
