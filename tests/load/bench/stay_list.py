"""
A commune's list of 10,000 people in quarantine against one POST per row: seconds, CPU per row, ratio.

`python -m tests.load.bench.stay_list [rows]`. The plain side is the same service: the same kind of people, each
sent as one form over one connection. Bar: 10,000 rows with their errors reported in less than 60 s on two cores.
"""

import asyncio
import sys
import time
import uuid
from typing import Any

import httpx
import psutil

from common.clocks import SystemClock
from common.kernel.clock import local_day
from common.sheets.writing import TYPE
from deploy.local.stack import Stack
from services.quarantine.tests.stay_sheets import answers_in, contact, filled
from tests.load.bench.running import cpu_seconds, servers, stack

ROWS, WRONG_EVERY, SINGLE_ROWS, BAR_SECONDS = 10_000, 50, 300, 60
LISTS = "/v1/stay-lists"


def people(count: int, first: int) -> bytes:
    """A list in which every fiftieth row is wrong."""
    today = local_day(SystemClock().now()).strftime("%d/%m/%Y")
    rows = [contact(first + n, exposure=today, household=f"Hộ {n // 4}") for n in range(count)]
    for row in rows[WRONG_EVERY - 1 :: WRONG_EVERY]:
        row["paper"] = "12345"
    return filled(rows)


async def main(count: int) -> None:
    """Measure and print."""
    with servers() as running, stack(running, "quarantine") as made:
        async with httpx.AsyncClient(base_url=made.address("quarantine"), timeout=120) as client:
            before = _cpu(made)
            single = await _one_by_one(client, made)
            between = _cpu(made)
            whole = await _as_a_list(client, made, count)
            after = _cpu(made)
    each, row = (between - before) / SINGLE_ROWS, (after - between) / count
    print(f"CPU of the service: {1000 * each:.2f} ms per POST, {1000 * row:.2f} ms per row of a list")
    print(f"ratio {whole / single:.1f}x rows per second, {each / row:.1f}x CPU, against one POST per row")


def _cpu(made: Stack) -> float:
    """The service with the processes in which it reads and writes sheets."""
    pid = made.children["quarantine"].pid
    return cpu_seconds(pid, *(child.pid for child in psutil.Process(pid).children(recursive=True)))


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
                "phone": f"0987{number:06d}",
                "birth_year": 1984,
                "sex": "male",
            },
            "commune_code": "05434",
            "address": "Tổ 1",
            "category": "f1",
            "last_exposure_on": today.isoformat(),
            "vaccination_doses": 2,
            "confirm": True,
        }
        key = {"Idempotency-Key": str(uuid.uuid4())}
        (await client.post("/v1/cases", json=body, headers=headers | key)).raise_for_status()
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
    wrong = count // WRONG_EVERY
    counted = view["counts"]["declared"], view["counts"]["wrong"], len(answers_in(answered.content))
    if counted != (count - wrong, wrong, count):
        raise SystemExit(f"not every row has its answer: {counted} {view['counts']}")
    print(f"{count} rows, {len(content) / 1e6:.1f} MB: checked {read:.1f} s, ordered {decided:.1f} s,")
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
