"""A false positive in a household, a handover, the last beds: over the running services."""

import asyncio
import uuid
from datetime import timedelta
from typing import Any

from common.contracts import f0_monitoring as f0
from common.contracts import permit, quarantine
from common.contracts.quarantine import moves
from tests.integration.drivers import Town, now
from tests.integration.facts import FactLog
from tests.integration.services import eventually

STOCKS = ("quarantine_active", "quarantine_f1", "quarantine_home", "f0_active", "f0_total")
PERMITS = ("permits_active", "permits_suspended")


async def home_of(town: Town, people: list[Any]) -> None:
    """Quarantine people of one household, exposed three days ago."""
    household, day = f"ho-{uuid.uuid4()}", (now() - timedelta(days=3)).date().isoformat()
    for person in people:
        await town.officer.quarantines(person, household_id=household, last_exposure_on=day)


def told(case: dict[str, Any]) -> dict[str, Any]:
    """Return what a family reads in its file."""
    return {
        name: case[name] for name in ("status", "ends_on", "last_exposure_on", "category", "tests", "note")
    }


async def test_a_false_positive_undone_leaves_no_trace(town: Town, log: FactLog) -> None:
    sick, wife, child = people = [town.somebody() for _ in range(3)]
    paper = await town.permits.issues(wife)
    await home_of(town, people)
    files = [await town.officer.case_of(one) for one in (sick, wife, child)]
    expected = {"quarantine_active": 3, "permits_suspended": 1}
    before = await eventually(town.ioc.figures, lambda seen: expected.items() <= seen.items())
    services, who = town.officer.services, town.officer.who
    path = f"/v1/cases/{sick.person_id}/positive-test"
    await services.post("quarantine", path, {"tested_on": now().date().isoformat(), "kind": "rapid"}, **who)
    await eventually(lambda: log.of(quarantine.QuarantineExtended, about=wife.person_id))
    await eventually(lambda: log.of(quarantine.QuarantineExtended, about=child.person_id))
    await eventually(lambda: log.of(f0.PatientDeclared, about=sick.person_id))

    await town.officer.closes(sick, "wrongly_declared")

    async def as_before() -> bool:
        after = [await town.officer.case_of(one) for one in (sick, wife, child)]
        return [told(one) for one in after] == [told(one) for one in files]

    await eventually(as_before)
    same = {name: before[name] for name in (*STOCKS, *PERMITS)}
    await eventually(town.ioc.figures, lambda seen: same.items() <= seen.items())
    assert await log.of(permit.PermitReinstated, about=paper.permit_id) == []
    assert (await town.checkpoint.scans(paper))["verdict"] == "refused"
    for one in (wife, child):
        moved = await log.of(quarantine.QuarantineExtended, about=one.person_id)
        assert [fact.data.reason for fact in moved] == ["new_case_at_home", "correction"]
    open_alerts = [alert for one in (wife, child) for alert in await town.doctor.alerts_of(one)]
    assert open_alerts == []


async def test_a_handover_moves_the_figures_when_it_is_accepted(town: Town, log: FactLog) -> None:
    person = town.somebody()
    await town.officer.quarantines(person)
    services, who = town.officer.services, town.officer.who
    there = "05434" if town.area.commune_code != "05434" else "05443"
    before = (await town.ioc.figures(there))["quarantine_active"]
    offer = {"to_commune_code": there, "address": "Tổ 9", "reason": "Về ở với bố mẹ"}
    await services.post("quarantine", f"/v1/cases/{person.person_id}/handover", offer, **who)
    taker = {"role": "health_officer", "area": there}
    found = await services.get("quarantine", "/v1/handovers?direction=in", **taker)
    [asked] = [one for one in found["items"] if one["person_id"] == person.person_id]
    await eventually(town.ioc.figures, lambda seen: seen["quarantine_active"] == 1)

    path = f"/v1/handovers/{person.person_id}/acceptance"
    await services.post("quarantine", path, {"handover_id": asked["handover_id"]}, **taker)

    [gone] = await eventually(lambda: log.of(moves.QuarantineHandedOver, about=person.person_id))
    assert gone.data.commune_code == town.area.commune_code
    await eventually(town.ioc.figures, lambda seen: seen["quarantine_active"] == 0)
    await eventually(lambda: town.ioc.figures(there), lambda seen: seen["quarantine_active"] == before + 1)


async def test_many_at_once_never_get_more_beds_than_there_are(town: Town) -> None:
    people = [town.somebody() for _ in range(12)]
    for person in people:
        await town.officer.quarantines(person, place="facility")
    services, who = town.officer.services, town.officer.who
    rooms = [{"code": f"P{n}", "beds": 1} for n in range(5)]
    body = {"name": "Trường Mẫu", "commune_code": town.area.commune_code, "rooms": rooms}
    hall = (await services.post("quarantine", "/v1/facilities", body, **who))["facility_id"]
    path = f"/v1/facilities/{hall}/beds"

    answers = await asyncio.gather(
        *(services.ask("POST", "quarantine", path, {"person_id": p.person_id}, **who) for p in people)
    )

    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [409] * 7

    async def facility() -> Any:
        return await services.get("quarantine", f"/v1/facilities/{hall}", **who)

    assert (await facility())["free"] == 0
    lucky = next(p for p, a in zip(people, answers, strict=True) if a.status_code == 201)
    await eventually(lambda: town.officer.case_of(lucky), lambda case: case["bed"] is not None)
    release = {"outcome": "moved_away", "reason": "Chuyển tỉnh khác"}
    await services.post("quarantine", f"/v1/cases/{lucky.person_id}/release", release, **who)
    await eventually(facility, lambda seen: seen["free"] == 1)
