"""
A false positive in a household, undone, while services are killed: no trace in counts, permits or alerts.

The person gets worse on the phone meanwhile, so that a doctor is rung; somebody who lives there and had no order gets one.
"""

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import pytest

from common.contracts import f0_monitoring as f0
from common.contracts import permit, quarantine
from ioc_aggregation.domain.metrics import STOCKS
from tests.integration.arena import Arena
from tests.integration.drivers import Permit, Town, today
from tests.integration.facts import FactLog
from tests.integration.people import Person
from tests.integration.services import Services, eventually

SLOW = 90.0
STANDING = STOCKS - {"quarantine_ordered_total"}
"""What stands now. Orders that were made in between were made: the brother's, and the sick person's stay that goes on."""


@pytest.fixture
def town(arena: Arena, services: Services) -> Town:
    return Town(services, next(arena.areas))


async def ordered(town: Town, people: list[Person]) -> None:
    """Order a household, exposed three days ago; that of the last of them was a mistake."""
    day = (today() - timedelta(days=3)).isoformat()
    home = {"household_id": f"ho-{uuid.uuid4()}", "last_exposure_on": day}
    for person in people:
        await town.officer.quarantines(person, **home)
    brother = people[-1]
    body = {"outcome": "wrong_entry", "reason": "Vắng nhà từ trước, nhập nhầm"}
    await town.services.insist(
        "quarantine", f"/v1/cases/{brother.person_id}/release", body, **town.officer.who
    )


async def everything(town: Town, people: list[Person], papers: list[Permit]) -> dict[str, Any]:
    """
    Read all that staff of the commune can read about these people, and every count of the commune.

    Nobody is scanned: somebody in quarantine at a checkpoint is a breach of its own. Of the brother, whose new order
    ends as a wrong entry like the old one, only that nothing is open.
    """
    services, officer = town.services, town.officer.who
    code = town.area.commune_code
    figures = await town.ioc.figures()
    statistics = await services.get("quarantine", f"/v1/statistics?area_code={code}", **officer)
    counted = {
        path: {**await services.get("quarantine", path, **officer), "as_of": None}
        for path in ("/v1/case-counts", "/v1/supervision-counts")
    }
    work = await services.get("f0_monitoring", "/v1/worklist?tab=all", **officer)
    proposals = await services.get("quarantine", "/v1/home-proposals", **officer)
    files = [await town.officer.case_of(one) for one in people]
    alerts = [
        await town.doctor.alerts_of(one, role) for one in people for role in ("doctor", "health_officer")
    ]
    return {
        "figures": {name: value for name, value in figures.items() if name in STANDING},
        "statistics": {n: statistics["total"][n] for n in ("in_quarantine", "at_home", "in_facility")},
        "counted": counted,
        "patients": (work["counts"], work["items"]),
        "proposals": proposals["items"],
        "files": [
            {name: one[name] for name in ("status", "ends_on", "last_exposure_on", "category", "tests")}
            for one in files[:2]
        ],
        "brother": files[2]["status"],
        "alerts": alerts,
        "permits": [await town.permits.shows(paper) for paper in papers],
    }


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return what is not as it was."""
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}


async def test_a_false_positive_undone_over_deaths_leaves_no_trace(
    arena: Arena, services: Services, town: Town, log: FactLog
) -> None:
    sick, wife, brother = people = [town.somebody() for _ in range(3)]
    papers = [await town.permits.issues(one) for one in people]
    await ordered(town, people)
    looks = [await everything(town, people, papers)]

    async def moving() -> dict[str, Any]:
        """The figures follow the facts: they stand still once two looks show the same."""
        looks.append(await everything(town, people, papers))
        return differences(*looks[-2:])

    stopped = {"permits_suspended": 2, "permits_active": 1, "quarantine_active": 2}
    await eventually(town.ioc.figures, lambda seen: stopped.items() <= seen.items(), seconds=SLOW)
    await eventually(moving, lambda seen: not seen, seconds=SLOW)
    before = looks[-1]
    assert [one["status"] for one in before["permits"]] == ["suspended", "suspended", "issued"]

    path = f"/v1/cases/{sick.person_id}/positive-test"
    body = {"tested_on": today().isoformat(), "kind": "rapid"}
    await services.insist("quarantine", path, body, **town.officer.who)
    await arena.kill_and_restart("quarantine")
    await eventually(lambda: log.of(f0.PatientDeclared, about=sick.person_id), seconds=SLOW)
    await town.citizen.reports(sick, spo2_percent=91, spo2_repeat_percent=90)
    [alert] = await eventually(lambda: town.doctor.alerts_of(sick), seconds=SLOW)
    assert alert["severity"] == "critical"
    proposed = f"/v1/home-proposals/{brother.person_id}/order"

    async def proposals() -> list[str]:
        found = await services.get("quarantine", "/v1/home-proposals", **town.officer.who)
        return [one["person_id"] for one in found["items"]]

    await eventually(proposals, lambda found: found == [brother.person_id], seconds=SLOW)
    await services.insist("quarantine", proposed, {}, **town.officer.who)
    await eventually(lambda: log.of(permit.PermitSuspended, about=papers[2].permit_id), seconds=SLOW)
    extended = await eventually(
        lambda: log.of(quarantine.QuarantineExtended, about=wife.person_id), seconds=SLOW
    )
    assert [fact.data.reason for fact in extended] == ["new_case_at_home"]
    changed = {"f0_active": 1, "f0_very_high": 1, "alerts_open_critical": 1, "permits_suspended": 3}
    await eventually(town.ioc.figures, lambda seen: changed.items() <= seen.items(), seconds=SLOW)

    await town.officer.closes(sick, "wrongly_declared")
    await asyncio.gather(*(arena.kill_and_restart(one) for one in ("quarantine", "permit", "alerting")))

    async def traces() -> dict[str, Any]:
        return differences(before, await everything(town, people, papers))

    await eventually(traces, lambda seen: not seen, seconds=SLOW)
    assert (await town.checkpoint.scans(papers[2]))["verdict"] == "allowed"
    told = await log.of(quarantine.QuarantineExtended, about=wife.person_id)
    assert [fact.data.reason for fact in {fact.id: fact for fact in told}.values()] == [
        "new_case_at_home",
        "correction",
    ]
    assert await log.of(permit.PermitReinstated, about=papers[1].permit_id) == []
