"""A list of 400 people for quarantine, killed with -9 in the middle and mended: 400 orders, none doubled or lost."""

import asyncio
from typing import Any

import httpx

from common.contracts import quarantine as contract
from common.sheets.writing import TYPE
from services.quarantine.tests.stay_sheets import contact, filled
from tests.integration.arena import Arena
from tests.integration.drivers import today
from tests.integration.facts import FactLog
from tests.integration.people import OF_LISTS
from tests.integration.services import Services, eventually

KEPT, FIRST, WRONG = 400, 400_000, 8
WHO = {"role": "health_officer", "area": "164"}
LISTS = "/v1/stay-lists"


def people(*, mended: bool) -> bytes:
    """The list; eight rows are wrong until they are mended."""
    rows = [contact(FIRST + n, exposure=today().strftime("%d/%m/%Y"), confirm="x") for n in range(KEPT)]
    for n in range(0, KEPT, KEPT // WRONG)[:WRONG] if not mended else ():
        rows[n] |= {"paper": "12345"}
    return filled(rows)


async def upload(services: Services, content: bytes) -> Any:
    answer = await services.raw().post(
        f"{services.stack.address('quarantine')}{LISTS}?file_name=so.xlsx",
        content=content,
        headers={"Authorization": f"Bearer {services.token(**WHO)}", "Content-Type": TYPE},
        timeout=60,
    )
    assert answer.status_code == 202, answer.text
    return answer.json()


async def progress(services: Services, list_id: str) -> Any:
    try:
        return await services.get("quarantine", f"{LISTS}/{list_id}", **WHO)
    except httpx.TransportError:
        return {"status": "away", "done": 0, "counts": {"declared": 0}}


async def finished(services: Services, list_id: str) -> Any:
    return await eventually(
        lambda: progress(services, list_id), lambda one: one["status"] == "done", seconds=120
    )


async def test_a_list_killed_in_the_middle_and_mended_is_400_orders_and_their_figures(
    arena: Arena, services: Services, log: FactLog
) -> None:
    list_id = (await upload(services, people(mended=False)))["list_id"]
    await eventually(lambda: progress(services, list_id), lambda one: one["counts"]["declared"] > 0)
    killed = asyncio.create_task(arena.kill_and_restart("quarantine"))
    first = await finished(services, list_id)
    await killed
    assert (first["counts"]["declared"], first["counts"]["wrong"]) == (KEPT - WRONG, WRONG)

    second_id = (await upload(services, people(mended=True)))["list_id"]
    second = await finished(services, second_id)
    assert (second["counts"]["declared"], second["counts"]["repeated"]) == (WRONG, KEPT - WRONG)

    async def told() -> set[tuple[str, str]]:
        """What was told of the list, each fact once: a killed relay may send one again under the same id."""
        facts = await log.of(contract.QuarantineOrdered)
        return {(fact.subject, fact.id) for fact in facts if fact.data.commune_code == OF_LISTS}

    ordered = await eventually(told, lambda found: len(found) >= KEPT, seconds=60)
    assert len(ordered) == len({subject for subject, _ in ordered}) == KEPT

    async def counted() -> int:
        view = await services.get("quarantine", f"/v1/statistics?area_code={OF_LISTS}", **WHO)
        return int(view["total"]["in_quarantine"])

    assert await eventually(counted, lambda n: n >= KEPT, seconds=60) == KEPT
