"""Somebody whom only F0 care knows gets a code: what is known here is that F0 care has them, and where."""

from typing import Any

import pytest

from common.people.body import PersonBody
from common.testing.sign_in import bearer
from services.quarantine.tests.test_consumers import World
from services.quarantine.tests.test_enrolment import (
    OFFICER,
    OFFICER_ELSEWHERE,
    Handset,
    code_for,
    ordered,
    somebody,
)

PATIENT = "p" + "1" * 31


@pytest.fixture
async def patient(running: Any) -> World:
    """An F0 of commune 05443 who never was in quarantine; the fact comes twice, as facts do."""
    world = World(running, PATIENT)
    await world.tell(world.declared(running.clock.now()))
    await world.settle()
    await world.settle()
    return world


async def phones_of(running: Any, headers: Any = OFFICER, person_id: str = PATIENT) -> Any:
    return await running.client.get(f"/v1/cases/{person_id}/enrolments", headers=headers)


async def test_the_station_gives_a_code_and_the_phone_speaks_for_the_patient(running, patient):
    given = (await code_for(running, PATIENT)).json()
    phone = Handset(running.client)

    bound = await phone.enrol(given["code"])

    assert bound.json()["people"] == [{"person_id": PATIENT, "full_name": ""}]  # the name is F0 care's
    headers = await phone.headers(PATIENT)
    assert (await running.client.get("/v1/me", headers=headers)).status_code == 404  # nothing is owed here
    data = (await running.client.get("/v1/me/data", headers=headers)).json()
    assert (data["file"], data["declarations"]) == (None, [])
    assert [one["status"] for one in data["phones"]] == ["enrolled"]
    assert [one["purpose"] for one in data["readings"]] == ["Cấp mã cho điện thoại"]
    assert (await Handset(running.client).enrol(given["code"])).status_code == 404
    erased = (await running.client.post("/v1/me/erasure", headers=headers)).json()
    assert erased["phones_forgotten"] == 1
    assert (await phone.ask(PATIENT)).status_code == 403


async def test_only_officers_of_the_commune_that_f0_care_told_give_see_and_block(running, patient):
    given = (await code_for(running, PATIENT)).json()
    block = f"/v1/enrolments/{given['enrolment_id']}/revocation"

    refused = await code_for(running, PATIENT, headers=OFFICER_ELSEWHERE)

    assert refused.status_code == 404
    assert "trong địa bàn" in refused.json()["detail"].lower()
    assert (await code_for(running, PATIENT, headers=bearer("doctor", ["05443"]))).status_code == 403
    assert (await phones_of(running, OFFICER_ELSEWHERE)).status_code == 404
    assert (await running.client.post(block, headers=OFFICER_ELSEWHERE)).status_code == 403
    assert [one["status"] for one in (await phones_of(running)).json()["items"]] == ["waiting"]
    assert (await running.client.post(block, headers=OFFICER)).json()["status"] == "revoked"
    assert (await Handset(running.client).enrol(given["code"])).status_code == 404


async def test_nobody_gets_a_code_before_f0_care_told_of_them_or_after_it_closed_the_record(running, patient):
    given = (await code_for(running, PATIENT)).json()
    phone = Handset(running.client)
    await phone.enrol(given["code"])
    await patient.tell(patient.closed(running.clock.now().date(), "recovered"), sequence=2)
    await patient.settle()

    assert (await code_for(running, "p" + "2" * 31)).status_code == 404
    assert (await code_for(running, PATIENT)).status_code == 404
    assert (await phone.ask(PATIENT)).status_code == 201  # whoever has a phone goes on reading with it


async def test_a_file_that_comes_later_is_seen_with_the_same_phone(running):
    person = somebody(2)
    mother = PersonBody(**person).id_from(running.service.runtime.pseudonyms, commune_code="05443")
    world = World(running, mother)
    await world.tell(world.declared(running.clock.now()))
    await world.settle()
    phone = Handset(running.client)
    await phone.enrol((await code_for(running, mother)).json()["code"])
    await world.tell(world.closed(running.clock.now().date(), "wrongly_declared"), sequence=2)
    await world.settle()

    assert await ordered(running, person=person) == mother

    me = (await running.client.get("/v1/me", headers=await phone.headers(mother))).json()
    assert (me["person_id"], me["case"]["status"]) == (mother, "open")
    assert len((await phones_of(running, person_id=mother)).json()["items"]) == 1


async def test_a_phone_that_has_a_code_takes_another_for_somebody_of_the_house(running, patient):
    child = await ordered(running, person=somebody(3))
    refused = await code_for(running, child, PATIENT)  # who lives with whom F0 care does not tell
    phone = Handset(running.client)
    await phone.enrol((await code_for(running, child)).json()["code"])
    of_child = phone.device_id
    await phone.enrol((await code_for(running, PATIENT)).json()["code"])

    assert (refused.status_code, "mã riêng" in refused.json()["detail"]) == (422, True)
    assert (await phone.ask(PATIENT)).status_code == 201
    assert (await phone.ask(child)).status_code == 403
    phone.device_id = of_child
    assert (await phone.ask(child)).status_code == 201


async def test_pages_of_f0_care_may_ask_here_and_other_pages_may_not(running):
    async def asked(origin: str) -> str | None:
        wish = {"origin": origin, "access-control-request-method": "POST"}
        reply = await running.client.options(f"/v1/cases/{PATIENT}/enrolments", headers=wish)
        return reply.headers.get("access-control-allow-origin")

    assert await asked("http://127.0.0.1:8102") == "http://127.0.0.1:8102"
    assert await asked("http://127.0.0.1:8104") is None
