"""Doctors come and go, and the service is killed meanwhile: nobody is left without a doctor, or it rings."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from common.contracts.f0_monitoring import DoctorAssigned, followup
from deploy.local.stack import Stack
from tests.integration.drivers import Town
from tests.integration.facts import FactLog
from tests.integration.live import listening
from tests.integration.people import Person
from tests.integration.services import Services, eventually

F0 = "f0_monitoring"
ADMIN = {"role": "administrator", "area": "19"}
PATIENTS = 240


async def keep(services: Services, doctor_id: str, commune: str, *, capacity: int = 500) -> None:
    body = {
        "name": f"BS. Mẫu {doctor_id[-4:]}",
        "phone": "0912000299",
        "commune_codes": [commune],
        "capacity": capacity,
    }
    await services.put(F0, f"/v1/doctors/{doctor_id}", body, **ADMIN)


async def duty(services: Services, doctor_id: str, *, on_duty: bool) -> dict[str, Any]:
    path = f"/v1/doctors/{doctor_id}/duty"
    answer: dict[str, Any] = await services.insist(F0, path, {"on_duty": on_duty}, **ADMIN)
    return answer


async def loads(services: Services) -> dict[str, int]:
    roster = await services.get(F0, "/v1/doctors", **ADMIN)
    return {each["doctor_id"]: each["load"] for each in roster["items"]}


async def declared(town: Town, count: int) -> list[Person]:
    gate = asyncio.Semaphore(16)

    async def one(person: Person) -> Person:
        async with gate:
            await town.officer.declares(person)
        return person

    return list(await asyncio.gather(*(one(town.somebody()) for _ in range(count))))


@pytest.fixture
async def two(services: Services, town: Town) -> AsyncIterator[tuple[str, str]]:
    """Two doctors of the commune; the second comes later. At the end both are gone for the next story."""
    first, second = (f"story-{name}-{uuid.uuid4().hex[:8]}" for name in ("first", "second"))
    await keep(services, first, town.area.commune_code)
    yield first, second
    for doctor_id in (first, second):
        await services.ask("POST", F0, f"/v1/doctors/{doctor_id}/duty", {"on_duty": False}, **ADMIN)


async def test_nobody_is_lost_when_the_service_is_killed_while_patients_change_their_doctor(
    services: Services, town: Town, stack: Stack, log: FactLog, two: tuple[str, str]
) -> None:
    first, second = two
    people = await declared(town, PATIENTS)
    assert (await loads(services))[first] == PATIENTS
    await keep(services, second, town.area.commune_code)

    await duty(services, first, on_duty=False)
    await eventually(lambda: loads(services), lambda seen: seen[second] > 0)
    child = stack.children["f0-monitoring"]
    child.kill()
    await asyncio.to_thread(stack.restart, "f0-monitoring")

    settled = await eventually(lambda: loads(services), lambda seen: seen.get(second) == PATIENTS, seconds=60)
    assert settled.get(first, 0) == 0
    ours = {person.person_id for person in people}

    async def moves() -> list[Any]:
        return [e.data for e in await log.of(DoctorAssigned) if e.data.person_id in ours]

    told = await eventually(moves, lambda facts: len(facts) >= 2 * PATIENTS, seconds=60)
    moved = [fact for fact in told if fact.because == "off-duty"]
    assert sorted(fact.person_id for fact in moved) == sorted(ours), "each once, none lost"
    assert {(fact.from_doctor_id, fact.doctor_id) for fact in moved} == {(first, second)}


async def test_a_night_without_anybody_rings_within_seconds_and_heals_by_itself(
    services: Services, town: Town, log: FactLog, two: tuple[str, str]
) -> None:
    assert two
    person = town.somebody()
    await town.officer.declares(person)
    roster = await services.get(F0, "/v1/doctors", **ADMIN)
    on_duty = [each["doctor_id"] for each in roster["items"] if each["on_duty"]]
    district = {"role": "health_officer", "area": town.area.district_code}

    async def rings() -> list[dict[str, Any]]:
        found = await services.get("alerting", "/v1/alerts?status=open&limit=200", **district)
        return [
            each
            for each in found["items"]
            if each["condition"] == "care-uncovered" and each["commune_code"] == town.area.commune_code
        ]

    try:
        for doctor_id in on_duty:
            await duty(services, doctor_id, on_duty=False)
        [alert] = await eventually(rings, seconds=20)
        assert alert["evidence"]["patients"] >= 1
        assert alert["person_id"] is None
    finally:
        for doctor_id in on_duty:
            await duty(services, doctor_id, on_duty=True)
    await eventually(rings, lambda seen: not seen, seconds=20)

    async def told() -> list[str]:
        about = town.area.commune_code
        kinds: tuple[Any, ...] = (followup.CareUncovered, followup.CareCovered)
        return [event.type.split(".")[1] for kind in kinds for event in await log.of(kind, about=about)]

    assert await eventually(told, lambda seen: len(seen) == 2) == ["care-uncovered", "care-covered"]
    record = await town.officer.record_of(person)
    assert record["doctor"] is not None


async def test_a_patient_out_of_reach_calls_the_station_and_the_worklist_is_live(
    services: Services, town: Town, two: tuple[str, str]
) -> None:
    assert two
    person = town.somebody()
    await town.officer.declares(person)
    me = {"role": "doctor", "area": town.area.district_code}
    path = f"/v1/patients/{person.person_id}"

    async with listening(services, F0, "/v1/worklist/stream", **me) as live:
        await live.hears("snapshot")
        with contextlib.suppress(AssertionError):
            await live.hears(
                "refresh", seconds=3
            )  # to the first who looks: from now on the store is followed
        await services.insist(F0, f"{path}/calls", {"result": "no_answer"}, **me)
        await services.insist(F0, f"{path}/knock", {"minutes": 30, "note": "Gọi không được"}, **me)

        def is_knocked(data: Any) -> bool:
            return data["person_id"] == person.person_id and data["knock_due_at"] is not None

        heard = await live.hears("changed", is_knocked)
        assert heard["unanswered_calls"] == 1
        assert person.full_name not in str(heard)

    station = town.officer.who

    async def asked() -> list[dict[str, Any]]:
        found = await services.get("alerting", "/v1/alerts?status=open&limit=200", **station)
        mine = [each for each in found["items"] if each["person_id"] == person.person_id]
        return [each for each in mine if each["condition"] == "knock-asked"]

    assert await eventually(asked)
    knocks = await services.get(F0, "/v1/worklist?tab=knock", **station)
    assert [row["person_id"] for row in knocks["items"]] == [person.person_id]
    await services.insist(F0, f"{path}/knock/answer", {"result": "well", "note": "Mất sóng"}, **station)
    await eventually(asked, lambda seen: not seen)

    async def story() -> list[tuple[str, str]]:
        care = await services.get(F0, f"{path}/care", **me)
        return [(entry["what"], entry["note"]) for entry in care["timeline"]]

    told = await eventually(story, lambda seen: len(seen) >= 5)
    assert told[0] == ("knock-answered", "Mất sóng")
    assert ("knock-asked", "Gọi không được") in told
