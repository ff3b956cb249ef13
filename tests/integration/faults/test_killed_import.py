"""An employer's list of 400, killed with -9 in the middle, mended and uploaded again: 400 permits, none doubled."""

import asyncio
import io
from datetime import timedelta
from typing import Any

import httpx
import openpyxl

from common.contracts import permit as contract
from permit.views.workbook.writing import TYPE
from services.permit.tests.conftest import FIRM
from services.permit.tests.sheets import answers_in, filled, worker
from tests.integration.arena import Arena
from tests.integration.drivers import today
from tests.integration.facts import FactLog
from tests.integration.services import Services, eventually

STAFF, FIRST, WRONG = 400, 700_000, 12
WHO = {"role": "employer", "area": "172"}
LISTS = "/v1/staff-lists"


def people(*, mended: bool) -> bytes:
    """The list; twelve rows are wrong until they are mended."""
    days = {"from": f"{today():%d/%m/%Y}", "until": f"{today() + timedelta(days=2):%d/%m/%Y}"}
    rows = [worker(FIRST + n, **days) for n in range(STAFF)]
    for n in range(0, STAFF, STAFF // WRONG)[:WRONG] if not mended else ():
        rows[n] |= {"paper": "12345"}
    return filled(rows)


async def upload(services: Services, content: bytes) -> Any:
    token = services.token(WHO["role"], WHO["area"])
    answer = await services.raw().post(
        f"{services.stack.address('permit')}{LISTS}?file_name=danh-sach.xlsx",
        content=content,
        headers={"Authorization": f"Bearer {token}", "Content-Type": TYPE},
        timeout=60,
    )
    assert answer.status_code == 202, answer.text
    return answer.json()


async def progress(services: Services, list_id: str) -> Any:
    try:
        return await services.get("permit", f"{LISTS}/{list_id}", **WHO)
    except httpx.TransportError:
        return {"status": "away", "done": 0}


async def answers(services: Services, list_id: str) -> bytes:
    answer = await services.ask("GET", "permit", f"{LISTS}/{list_id}/answers.xlsx", **WHO)
    return bytes(answer.content)


async def permits(services: Services) -> list[dict[str, Any]]:
    """Every permit of the employer, over all pages."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = await services.get("permit", f"/v1/permits?limit=200{cursor}", **WHO)
        found += page["items"]
        if not page["next"]:
            return found
        cursor = f"&cursor={page['next']}"


async def test_a_list_killed_in_the_middle_and_mended_is_400_permits(
    arena: Arena, services: Services, log: FactLog
) -> None:
    firm = await services.put("permit", "/v1/my/firm", FIRM, **WHO)
    body = {"outcome": "confirmed"}
    confirm = f"/v1/firms/{firm['firm_id']}/confirmation"
    await services.post("permit", confirm, body, role="permit_officer", area="164")

    list_id = (await upload(services, people(mended=False)))["list_id"]
    await eventually(lambda: progress(services, list_id), lambda one: one["done"] > WRONG)
    killed = asyncio.create_task(
        arena.kill_and_restart("permit")
    )  # the first page is noted, the second is not
    first = await eventually(
        lambda: progress(services, list_id), lambda one: one["status"] == "done", seconds=90
    )
    await killed
    assert (first["counts"]["issued"], first["counts"]["wrong"]) == (STAFF - WRONG, WRONG)

    sheet = openpyxl.load_workbook(io.BytesIO(await answers(services, list_id))).worksheets[0]
    told = answers_in(await answers(services, list_id))
    assert sum(word == "CẦN SỬA" for word, _, _ in told.values()) == WRONG
    assert sheet["C5"].value == "12345"

    second_id = (await upload(services, people(mended=True)))["list_id"]
    second = await eventually(
        lambda: progress(services, second_id), lambda one: one["status"] == "done", seconds=90
    )
    assert (second["counts"]["issued"], second["counts"]["repeated"]) == (WRONG, STAFF - WRONG)

    mine = await permits(services)
    assert (
        len(mine)
        == len({one["permit_id"] for one in mine})
        == len({one["person_id"] for one in mine})
        == STAFF
    )
    assert {one["status"] for one in mine} == {"issued"}
    numbers = {one["permit_id"] for one in mine}

    async def issued() -> set[tuple[str, str]]:
        """What was told, each fact once: a killed relay may send the same one again under the same id."""
        facts = [fact for fact in await log.of(contract.PermitIssued) if fact.subject in numbers]
        return {(fact.subject, fact.id) for fact in facts}

    told_of = await eventually(issued, lambda found: len(found) >= STAFF, seconds=60)
    assert len(told_of) == len({subject for subject, _ in told_of}) == STAFF
