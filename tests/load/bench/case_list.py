"""
A commune's list of 10,000 F0 against one POST per row: rows per second, checked, declared and answered.

`python -m tests.load.bench.case_list [rows]`. The plain side is the same service: the same kind of people, each
sent as one form over one connection. Bar: 10,000 rows with their errors reported in less than 60 s on two cores.
"""

import asyncio
import sys
import time
import uuid
from importlib import import_module
from typing import Any

import httpx

from common.clocks import SystemClock
from common.kernel.clock import local_day
from common.sheets.writing import TYPE
from deploy.local.stack import Stack
from tests.load.bench.running import cpu_seconds, servers, stack

sheets = import_module("services.f0-monitoring.tests.sheets")
ROWS, WRONG_EVERY, SINGLE_ROWS, BAR_SECONDS = 10_000, 50, 300, 60
LISTS = "/v1/case-lists"


def people(count: int, first: int) -> bytes:
    """A list in which every fiftieth row is wrong."""
    today = local_day(SystemClock().now()).strftime("%d/%m/%Y")
    rows = [sheets.ill(first + n, tested=today) for n in range(count)]
    for row in rows[WRONG_EVERY - 1 :: WRONG_EVERY]:
        row["paper"] = "12345"
    return bytes(sheets.filled(rows))


async def main(count: int) -> None:
    """Measure and print."""
    with servers() as running, stack(running, "f0_monitoring") as made:
        async with httpx.AsyncClient(base_url=made.address("f0_monitoring"), timeout=120) as client:
            single = await _one_by_one(client, made)
            service = made.children["f0-monitoring"].pid
            mongod = running.mongod.pid  # type: ignore[attr-defined]
            before = [cpu_seconds(service), cpu_seconds(mongod)]
            whole = await _as_a_list(client, made, count)
            used = [cpu_seconds(service) - before[0], cpu_seconds(mongod) - before[1]]
            milliseconds = [1000 * seconds / count for seconds in used]
            print(f"CPU per row: service {milliseconds[0]:.2f} ms, mongod {milliseconds[1]:.2f} ms")
            print(f"ratio {whole / single:.1f}x rows per second against one POST per row")


def _headers(made: Stack) -> dict[str, str]:
    return {"Authorization": f"Bearer {made.token('health_officer', areas=('19',))}"}


async def _one_by_one(client: httpx.AsyncClient, made: Stack) -> float:
    today = local_day(SystemClock().now())
    headers, begun = _headers(made), time.perf_counter()
    for number in range(SINGLE_ROWS):
        body = {
            "person": {
                "full_name": "Nguyễn Văn Mẫu",
                "cccd": f"019084{900_000 + number}",
                "birth_year": 1984,
                "sex": "male",
            },
            "commune_code": "05434",
            "address": "Tổ 1",
            "tested_on": today.isoformat(),
            "vaccination_doses": 2,
        }
        key = {"Idempotency-Key": str(uuid.uuid4())}
        (await client.post("/v1/patients", json=body, headers=headers | key)).raise_for_status()
    per_second = SINGLE_ROWS / (time.perf_counter() - begun)
    print(f"one POST per row, {SINGLE_ROWS} rows: {per_second:.0f} rows/s")
    return per_second


async def _as_a_list(client: httpx.AsyncClient, made: Stack, count: int) -> float:
    content, headers = people(count, 0), _headers(made)
    begun = time.perf_counter()
    reply = await client.post(LISTS, content=content, headers=headers | {"Content-Type": TYPE})
    reply.raise_for_status()
    list_id, read = reply.json()["list_id"], time.perf_counter() - begun
    view = await _until_done(client, headers, list_id)
    decided = time.perf_counter() - begun
    answered = await client.get(f"{LISTS}/{list_id}/answers.xlsx", headers=headers)
    reported = time.perf_counter() - begun
    told = sheets.answers_in(answered.content)
    wrong = count // WRONG_EVERY
    counted = view["counts"]["declared"], view["counts"]["wrong"], len(told)
    if counted != (count - wrong, wrong, count):
        raise SystemExit(f"not every row has its answer: {counted}")
    print(f"{count} rows, {len(content) / 1e6:.1f} MB: checked {read:.1f} s, declared {decided:.1f} s,")
    print(f"  answered sheet {reported:.1f} s (bar {BAR_SECONDS} s): {view['counts']}")
    return count / reported


async def _until_done(client: httpx.AsyncClient, headers: dict[str, str], list_id: str) -> Any:
    while True:
        view = (await client.get(f"{LISTS}/{list_id}", headers=headers)).json()
        if view["status"] == "done":
            return view
        await asyncio.sleep(0.3)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
