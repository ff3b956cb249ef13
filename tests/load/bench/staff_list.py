"""
An employer's list of 10,000 against one POST per row: rows per second, and whether others are answered meanwhile.

`python -m tests.load.bench.staff_list [rows]`. The plain side is the same service: the same people, each sent
as one application over one connection, as a script of a firm would. Bar: 10,000 rows with their errors
reported in less than 60 s on two cores.
"""

import asyncio
import io
import sys
import time
import uuid
from datetime import timedelta
from typing import Any

import httpx
import openpyxl

from common.clocks import SystemClock
from common.kernel.clock import local_day
from common.sheets.places import Gazetteer
from common.sheets.reading import read_sheet
from deploy.local.stack import Stack
from permit.views.workbook.columns import LAYOUT
from permit.views.workbook.rows import Clerk
from permit.views.workbook.writing import TYPE
from services.permit.tests.conftest import FIRM
from services.permit.tests.sheets import CATEGORIES, UNITS, answers_in, filled, worker
from tests.load.bench.running import servers, stack

ROWS, WRONG_EVERY, SINGLE_ROWS, PRINTED = 10_000, 50, 400, 400
PAUSE_SECONDS, BAR_SECONDS = 0.05, 60


def people(count: int, first: int) -> bytes:
    """A list in which every fiftieth row is wrong."""
    today = local_day(SystemClock().now())
    days = {"from": f"{today:%d/%m/%Y}", "until": f"{today + timedelta(days=2):%d/%m/%Y}"}
    rows = [worker(first + n, **days) for n in range(count)]
    for row in rows[WRONG_EVERY - 1 :: WRONG_EVERY]:
        row["paper"] = "12345"
    return filled(rows)


async def main(count: int) -> None:
    """Measure and print."""
    with servers() as running, stack(running, "permit") as made:
        base = made.address("permit")
        async with httpx.AsyncClient(base_url=base, timeout=120) as client:
            await _prepare(client, made)
            single = await _one_by_one(client, made)
            whole = await _as_a_list(client, made, count)
            print(f"ratio {whole / single:.1f}x rows per second against one POST per row")


def _headers(made: Stack, role: str = "employer") -> dict[str, str]:
    return {"Authorization": f"Bearer {made.token(role, areas=('19',))}"}


async def _prepare(client: httpx.AsyncClient, made: Stack) -> None:
    firm = (await client.put("/v1/my/firm", json=FIRM, headers=_headers(made))).json()
    officer = _headers(made, "permit_officer")
    path = f"/v1/firms/{firm['firm_id']}/confirmation"
    (await client.post(path, json={"outcome": "confirmed"}, headers=officer)).raise_for_status()


async def _one_by_one(client: httpx.AsyncClient, made: Stack) -> float:
    sheet = read_sheet(people(SINGLE_ROWS, 900_000), LAYOUT)
    clerk = Clerk(sheet, Gazetteer(UNITS), CATEGORIES, FIRM["name"], local_day(SystemClock().now()))
    bodies = [body for number, cells in sheet.rows if (body := clerk.row(number, cells, {}).body)]
    headers, begun = _headers(made), time.perf_counter()
    for body in bodies:
        key = {"Idempotency-Key": str(uuid.uuid4())}
        (await client.post("/v1/permits", json=body, headers=headers | key)).raise_for_status()
    per_second = len(bodies) / (time.perf_counter() - begun)
    print(f"one POST per row, {len(bodies)} rows: {per_second:.0f} rows/s")
    return per_second


async def _as_a_list(client: httpx.AsyncClient, made: Stack, count: int) -> float:
    content, headers = people(count, 0), _headers(made)
    begun, watch = time.perf_counter(), asyncio.create_task(_watch(client))
    reply = await client.post("/v1/staff-lists", content=content, headers=headers | {"Content-Type": TYPE})
    reply.raise_for_status()
    list_id, read = reply.json()["list_id"], time.perf_counter() - begun
    view = await _until_done(client, headers, list_id)
    decided = time.perf_counter() - begun
    answered = await client.get(f"/v1/staff-lists/{list_id}/answers.xlsx", headers=headers)
    reported = time.perf_counter() - begun
    watch.cancel()
    _check(view, answered.content, count)
    print(
        f"{count} rows, {len(content) / 1e6:.1f} MB: checked {read:.1f} s, decided {decided:.1f} s, answered sheet"
    )
    print(f"  {reported:.1f} s (bar {BAR_SECONDS} s): {view['counts']}; others meanwhile: {_told(watch)}")
    await _printed(client, headers, list_id)
    return count / reported


async def _until_done(client: httpx.AsyncClient, headers: dict[str, str], list_id: str) -> Any:
    while True:
        view = (await client.get(f"/v1/staff-lists/{list_id}", headers=headers)).json()
        if view["status"] == "done":
            return view
        await asyncio.sleep(0.3)


def _check(view: Any, content: bytes, count: int) -> None:
    wrong = count // WRONG_EVERY
    assert openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets
    told = answers_in(content)
    counted = (
        view["counts"]["issued"],
        view["counts"]["wrong"],
        sum(t[0] == "CẦN SỬA" for t in told.values()),
    )
    if counted != (count - wrong, wrong, wrong) or len(told) != count:
        raise SystemExit(f"not every row has its answer: {counted}, {len(told)}")


async def _printed(client: httpx.AsyncClient, headers: dict[str, str], list_id: str) -> None:
    for kind in ("permits", "cards"):
        begun, watch = time.perf_counter(), asyncio.create_task(_watch(client))
        reply = await client.get(f"/v1/staff-lists/{list_id}/{kind}.pdf", headers=headers)
        reply.raise_for_status()
        watch.cancel()
        took = time.perf_counter() - begun
        print(
            f"{PRINTED} {kind} as PDF: {took:.1f} s, {len(reply.content) / 1e6:.1f} MB; others: {_told(watch)}"
        )


_SEEN: dict[asyncio.Task[None], list[float]] = {}


async def _watch(client: httpx.AsyncClient) -> None:
    """Ask for something small all the time: how long others wait."""
    seen = _SEEN.setdefault(asyncio.current_task(), [])  # type: ignore[arg-type]
    while True:
        begun = time.perf_counter()
        await client.get("/healthz")
        seen.append(time.perf_counter() - begun)
        await asyncio.sleep(PAUSE_SECONDS)


def _told(watch: asyncio.Task[None]) -> str:
    ordered = sorted(_SEEN[watch])
    return f"p50 {ordered[len(ordered) // 2] * 1000:.0f} ms, p99 {ordered[int(len(ordered) * 0.99)] * 1000:.0f} ms"


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
