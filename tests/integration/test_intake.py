"""Every way to become an F0, and the way back: a wrong declaration is undone with everything that it caused."""

import asyncio
from importlib import import_module
from typing import Any

from common.contracts import f0_monitoring as f0
from common.contracts import permit, quarantine
from common.contracts.f0_monitoring import self_declared
from common.sheets.writing import TYPE
from f0_monitoring.views.record import NAMELESS
from tests.integration.drivers import Permit, Town, today
from tests.integration.facts import FactLog
from tests.integration.people import Person
from tests.integration.services import eventually

sheets = import_module("services.f0-monitoring.tests.sheets")
WRONG = {"reason": "Nhập nhầm danh sách"}


async def suspended(log: FactLog, paper: Permit) -> None:
    await eventually(lambda: log.of(permit.PermitSuspended, about=paper.permit_id))


async def travels_again(log: FactLog, town: Town, paper: Permit) -> None:
    await eventually(lambda: log.of(permit.PermitReinstated, about=paper.permit_id))
    assert (await town.checkpoint.scans(paper))["verdict"] == "allowed"


async def figures(town: Town, **expected: int) -> None:
    await eventually(town.ioc.figures, lambda found: expected.items() <= found.items())


async def upload(town: Town, people: list[Person]) -> str:
    """Send the station's list; return its id once every row has its answer."""
    rows = [
        sheets.ill(
            n,
            name=one.full_name,
            paper=one.cccd,
            phone=one.phone,
            birth=one.birth_year,
            sex="Nữ",
            commune="",
            tested=today().strftime("%d/%m/%Y"),
        )
        for n, one in enumerate(people, start=1)
    ]
    services = town.services
    answer = await services.raw().post(
        f"{services.stack.address('f0_monitoring')}/v1/case-lists?file_name=so.xlsx",
        content=sheets.filled(rows),
        headers={"Authorization": f"Bearer {services.token(**town.officer.who)}", "Content-Type": TYPE},
        timeout=60,
    )
    assert answer.status_code == 202, answer.text
    list_id: str = answer.json()["list_id"]
    done = await listed(town, list_id, "done")
    assert done["counts"]["declared"] == len(people), done
    return list_id


async def listed(town: Town, list_id: str, status: str) -> Any:
    async def look() -> Any:
        return await town.services.get("f0_monitoring", f"/v1/case-lists/{list_id}", **town.officer.who)

    return await eventually(look, lambda one: one["status"] == status, seconds=60)


async def test_a_list_uploaded_by_mistake_is_undone_with_everything_it_caused(
    town: Town, log: FactLog
) -> None:
    people = [town.somebody() for _ in range(3)]
    paper = await town.permits.issues(people[0])
    before = await town.ioc.figures()
    list_id = await upload(town, people)
    await suspended(log, paper)
    await figures(town, f0_active=3, f0_total=3, permits_suspended=1)

    path = f"/v1/case-lists/{list_id}/undoing"
    await town.services.insist("f0_monitoring", path, WRONG, **town.officer.who)
    done = await listed(town, list_id, "undone")

    assert done["counts"]["undone"] == 3
    await travels_again(log, town, paper)
    await figures(town, f0_active=0, f0_total=0, permits_suspended=0, permits_active=1)
    assert before.get("f0_total", 0) == 0
    again = await upload(town, people)
    assert again != list_id


async def test_a_contacts_positive_test_opens_the_record_and_a_wrong_one_brings_quarantine_back(
    town: Town, log: FactLog
) -> None:
    contact = town.somebody()
    paper = await town.permits.issues(contact)
    before = await town.officer.quarantines(contact)
    await suspended(log, paper)

    path = f"/v1/cases/{contact.person_id}/positive-test"
    body = {"tested_on": today().isoformat(), "kind": "rapid"}
    case = await town.services.insist("quarantine", path, body, **town.officer.who)

    assert case["status"] == "ended"
    [declared] = await eventually(lambda: log.of(f0.PatientDeclared, about=contact.person_id))
    [positive] = await log.of(quarantine.ContactBecameF0, about=contact.person_id)
    assert (declared.data.origin, declared.causationid) == (f0.Origin.CONTACT, positive.id)
    assert declared.data.age_years == positive.data.age_years
    record = await town.officer.record_of(contact)
    assert (record["person"]["full_name"], record["doctor"] is not None) == (NAMELESS, True)
    await figures(town, f0_active=1, quarantine_active=0, contacts_positive=1, permits_suspended=1)

    details = {"person": contact.form(), "address": "Tổ 1", "vaccination_doses": 2}
    path = f"/v1/patients/{contact.person_id}/details"
    record = await town.services.insist("f0_monitoring", path, details, **town.officer.who)
    assert record["person"]["full_name"] == contact.full_name
    [ended] = await log.of(quarantine.QuarantineEnded, about=contact.person_id)
    assert ended.data.outcome is quarantine.Outcome.BECAME_F0

    await town.officer.closes(contact, "wrongly_declared")

    await eventually(
        lambda: log.of(quarantine.QuarantineOrdered, about=contact.person_id), lambda seen: len(seen) == 2
    )
    after = await town.officer.case_of(contact)
    assert {name: after[name] for name in ("status", "ends_on")} == {
        name: before[name] for name in ("status", "ends_on")
    }
    await figures(town, f0_total=0, quarantine_active=1, permits_suspended=1)
    assert (await town.checkpoint.scans(paper))["verdict"] == "refused"


async def test_somebodys_own_declaration_counts_when_the_station_confirms_and_no_longer_when_it_was_wrong(
    town: Town, log: FactLog
) -> None:
    daughter, mother = town.somebody(), town.somebody(birth_year=1950)
    paper = await town.permits.issues(mother)
    await town.permits.issues(daughter)  # how the system comes to know her id
    who = {"role": "citizen", "person_id": daughter.person_id}
    body = {
        "is_for_self": False,
        "person": mother.form(),
        "commune_code": mother.commune_code,
        "address": "Tổ 1",
        "test": "self_rapid",
        "tested_on": today().isoformat(),
        "conditions": ["hypertension"],
    }
    one = await town.services.insist("f0_monitoring", "/v1/self-declarations", body, **who)
    assert (one["status"], one["person_id"]) == ("waiting", mother.person_id)
    assert await log.of(f0.PatientDeclared, about=mother.person_id) == []
    assert (await town.checkpoint.scans(paper))["verdict"] == "allowed"

    path = f"/v1/self-declarations/{mother.person_id}/answer"
    answer = {"declaration_id": one["declaration_id"], "confirmed": True}
    await town.services.insist("f0_monitoring", path, answer, **town.officer.who)

    [declared] = await eventually(lambda: log.of(f0.PatientDeclared, about=mother.person_id))
    assert (declared.data.origin, declared.data.risk_level) == (f0.Origin.SELF, f0.RiskLevel.VERY_HIGH)
    await suspended(log, paper)
    [alert] = await eventually(lambda: town.doctor.alerts_of(mother))
    assert alert["severity"] == "critical"
    record = await town.services.get("f0_monitoring", f"/v1/patients/{mother.person_id}", **who)
    assert record["person"]["full_name"] == mother.full_name
    await figures(town, f0_active=1, alerts_open_critical=1)

    await town.officer.closes(mother, "wrongly_declared")

    await travels_again(log, town, paper)
    await eventually(lambda: town.doctor.alerts_of(mother), lambda alerts: alerts == [])
    await figures(town, f0_total=0, f0_active=0, alerts_open_critical=0)
    mine = await town.services.get("f0_monitoring", "/v1/me/self-declarations", **who)
    assert [each["status"] for each in mine["items"]] == ["confirmed"]


async def test_two_stations_that_answer_at_once_give_one_answer(town: Town, log: FactLog) -> None:
    person = town.somebody()
    await town.permits.issues(person)
    body = {
        "is_for_self": True,
        "person": person.form(),
        "commune_code": person.commune_code,
        "address": "Tổ 1",
        "test": "rapid",
        "tested_on": today().isoformat(),
    }
    who = {"role": "citizen", "person_id": person.person_id}
    one = await town.services.insist("f0_monitoring", "/v1/self-declarations", body, **who)
    path = f"/v1/self-declarations/{person.person_id}/answer"
    said = {"declaration_id": one["declaration_id"]}
    answers = await asyncio.gather(
        *(
            town.services.ask(
                "POST",
                "f0_monitoring",
                path,
                {**said, "confirmed": confirmed, "reason": "Que thử một vạch"},
                role="health_officer",
                area=area,
            )
            for confirmed, area in ((True, town.area.commune_code), (False, town.area.district_code))
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    settled = await eventually(lambda: log.of(self_declared.SelfDeclarationSettled, about=person.person_id))
    assert len(settled) == 1
    is_confirmed = settled[0].data.answer is self_declared.Answer.CONFIRMED
    expected = 1 if is_confirmed else 0
    await figures(town, f0_total=expected) if expected else await asyncio.sleep(1)
    assert len(await log.of(f0.PatientDeclared, about=person.person_id)) == expected
