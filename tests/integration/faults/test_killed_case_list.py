"""A commune's list of 600 F0, killed with -9 in the middle, mended and uploaded again: 600 records, none doubled."""

import asyncio
from importlib import import_module
from typing import Any

import httpx

from common.contracts import f0_monitoring as contract
from common.sheets.writing import TYPE
from tests.integration.arena import Arena
from tests.integration.drivers import today
from tests.integration.facts import FactLog
from tests.integration.people import OF_LISTS
from tests.integration.services import Services, eventually

sheets = import_module("services.f0-monitoring.tests.sheets")
ILL, FIRST, WRONG = 600, 300_000, 12
WHO = {"role": "health_officer", "area": "164"}
LISTS = "/v1/case-lists"


def people(*, mended: bool) -> bytes:
    """The list; twelve rows are wrong until they are mended."""
    rows = [sheets.ill(FIRST + n, tested=today().strftime("%d/%m/%Y")) for n in range(ILL)]
    for n in range(0, ILL, ILL // WRONG)[:WRONG] if not mended else ():
        rows[n] |= {"paper": "12345"}
    return bytes(sheets.filled(rows))


async def upload(services: Services, content: bytes) -> Any:
    answer = await services.raw().post(
        f"{services.stack.address('f0_monitoring')}{LISTS}?file_name=so.xlsx",
        content=content,
        headers={"Authorization": f"Bearer {services.token(**WHO)}", "Content-Type": TYPE},
        timeout=60,
    )
    assert answer.status_code == 202, answer.text
    return answer.json()


async def progress(services: Services, list_id: str) -> Any:
    try:
        return await services.get("f0_monitoring", f"{LISTS}/{list_id}", **WHO)
    except httpx.TransportError:
        return {"status": "away", "done": 0, "counts": {"declared": 0}}


async def finished(services: Services, list_id: str, status: str = "done") -> Any:
    return await eventually(
        lambda: progress(services, list_id), lambda one: one["status"] == status, seconds=120
    )


async def test_a_list_killed_in_the_middle_and_mended_is_600_records_and_undone_is_none(
    arena: Arena, services: Services, log: FactLog
) -> None:
    list_id = (await upload(services, people(mended=False)))["list_id"]
    await eventually(lambda: progress(services, list_id), lambda one: one["counts"]["declared"] > 0)
    killed = asyncio.create_task(arena.kill_and_restart("f0-monitoring"))
    first = await finished(services, list_id)
    await killed
    assert (first["counts"]["declared"], first["counts"]["wrong"]) == (ILL - WRONG, WRONG)

    second_id = (await upload(services, people(mended=True)))["list_id"]
    second = await finished(services, second_id)
    assert (second["counts"]["declared"], second["counts"]["repeated"]) == (WRONG, ILL - WRONG)

    async def told(kind: type[Any]) -> set[tuple[str, str]]:
        """What was told of the list, each fact once: a killed relay may send one again under the same id."""
        return {(fact.subject, fact.id) for fact in await log.of(kind) if fact.data.commune_code == OF_LISTS}

    declared = await eventually(
        lambda: told(contract.PatientDeclared), lambda found: len(found) >= ILL, seconds=60
    )
    assert len(declared) == len({subject for subject, _ in declared}) == ILL

    await services.post("f0_monitoring", f"{LISTS}/{list_id}/undoing", {"reason": "Nhầm huyện"}, **WHO)
    killed = asyncio.create_task(arena.kill_and_restart("f0-monitoring"))
    undone = await finished(services, list_id, "undone")
    await killed
    assert undone["counts"]["undone"] == ILL - WRONG
    closed = await eventually(
        lambda: told(contract.PatientClosed), lambda found: len(found) >= ILL - WRONG, seconds=60
    )
    assert len(closed) == len({subject for subject, _ in closed}) == ILL - WRONG
