"""Declarations that come late, out of order or from a phone whose clock is wrong."""

from datetime import timedelta
from typing import Any

from common.contracts import f0_monitoring as f0
from tests.integration.drivers import Town, now, report
from tests.integration.facts import FactLog
from tests.integration.people import Person
from tests.integration.services import eventually


async def level_of(town: Town, person: Person) -> str:
    return (await town.officer.record_of(person))["risk_level"]


async def red_patient(town: Town) -> Person:
    person = town.somebody()
    await town.officer.declares(person)
    await town.citizen.reports(person, spo2_percent=90, spo2_repeat_percent=91)
    await eventually(lambda: level_of(town, person), lambda level: level == "very_high")
    return person


async def test_an_older_declaration_that_arrives_late_lowers_nothing(town: Town, log: FactLog) -> None:
    person = await red_patient(town)
    earlier = (now() - timedelta(hours=3)).isoformat()

    receipt = await town.citizen.reports(person, spo2_percent=98, reported_at=earlier)

    assert receipt["is_late"]
    readings = await eventually(
        lambda: town.officer.record_of(person), lambda record: len(record["readings"]) == 2
    )
    assert readings["risk_level"] == "very_high"
    assert [reading["spo2_percent"] for reading in readings["readings"]] == [98, 91]
    marks = {
        event.data.report_id: event.data.is_late
        for event in await log.of(f0.HealthReported, about=person.person_id)
    }
    assert marks[receipt["report_id"]]
    assert await log.of(f0.RiskLowered, about=person.person_id) == []
    await eventually(lambda: town.ioc.counted("reports_f0"), lambda seen: seen == 2)
    assert await town.ioc.counted("reports_late") == 1


async def test_an_older_bad_value_that_arrives_late_still_raises_the_risk(town: Town) -> None:
    person = town.somebody()
    await town.officer.declares(person)
    await town.citizen.reports(person, spo2_percent=98)
    earlier = (now() - timedelta(hours=3)).isoformat()

    await town.citizen.reports(person, spo2_percent=90, spo2_repeat_percent=90, reported_at=earlier)

    await eventually(lambda: level_of(town, person), lambda level: level == "very_high")


async def test_a_declaration_from_the_future_is_refused_in_words_for_the_phone(
    town: Town, log: FactLog
) -> None:
    person = town.somebody()
    await town.officer.declares(person)
    ahead = (now() + timedelta(minutes=11)).isoformat()

    answer = await send(town, person, report(reported_at=ahead))

    problem = answer.json()
    assert answer.status_code == 422
    assert problem["type"] == "urn:la-chan:problem:reported-in-the-future"
    assert "đồng hồ" in problem["detail"]
    assert problem["errors"][0]["field"] == "reported_at"
    assert await log.of(f0.HealthReported, about=person.person_id) == []


async def test_a_clock_a_few_minutes_ahead_is_forgiven(town: Town) -> None:
    person = town.somebody()
    await town.officer.declares(person)

    receipt = await town.citizen.reports(person, reported_at=(now() + timedelta(minutes=5)).isoformat())

    assert not receipt["is_late"]


async def test_quarantine_refuses_the_future_in_the_same_words(town: Town) -> None:
    person = town.somebody()
    await town.officer.quarantines(person)
    body = {"reported_at": (now() + timedelta(minutes=11)).isoformat(), "temperature_celsius": 36.6}

    path = f"/v1/cases/{person.person_id}/reports"
    who = {"role": "citizen", "person_id": person.person_id}
    answer = await town.services.ask("POST", "quarantine", path, body, **who)

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:la-chan:problem:future-dated")
    assert "đồng hồ" in answer.json()["detail"]


async def send(town: Town, person: Person, body: dict[str, Any]) -> Any:
    path = f"/v1/patients/{person.person_id}/reports"
    return await town.services.ask(
        "POST", "f0_monitoring", path, body, role="citizen", person_id=person.person_id
    )
