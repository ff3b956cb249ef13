"""Lịch trực: periods begin and end by the clock or by hand, and everybody stays with a doctor on duty."""

from datetime import timedelta

import pytest

from common.contracts.f0_monitoring import DoctorAssigned
from common.testing.sign_in import bearer

ADMIN, OFFICER = bearer("administrator"), bearer("health_officer", ("173",))
PERSON = {"full_name": "Nguyễn Thị Mẫu", "phone": "0912345678", "birth_year": 1990, "sex": "female"}


async def doctor(house, doctor_id: str, **changes) -> dict:
    body = {"name": f"BS. {doctor_id}", "phone": "0987654321", "district_codes": ["173"], "capacity": 50}
    reply = await house.client.put(f"/v1/doctors/{doctor_id}", json={**body, **changes}, headers=ADMIN)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def duty(house, doctor_id: str, on_duty: bool, **more) -> dict:
    body = {"on_duty": on_duty, **more}
    reply = await house.client.post(f"/v1/doctors/{doctor_id}/duty", json=body, headers=ADMIN)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def shift(house, doctor_id: str, name: str, hours: tuple[float, float], **more) -> dict:
    """Plan a period from so many hours ahead to so many."""
    now = house.clock.now()
    body = {
        "from_at": (now + timedelta(hours=hours[0])).isoformat(),
        "until_at": (now + timedelta(hours=hours[1])).isoformat(),
        **more,
    }
    reply = await house.client.put(f"/v1/doctors/{doctor_id}/shifts/{name}", json=body, headers=ADMIN)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def patient(house, number: int = 1, **more) -> str:
    body = {
        "person": {**PERSON, "cccd": f"0191900{number:05}"},
        "commune_code": "05908",
        "address": "Tổ 1",
        "tested_on": "2022-02-10",
        "vaccination_doses": 2,
        **more,
    }
    reply = await house.client.post("/v1/patients", json=body, headers=OFFICER)
    assert reply.status_code == 201, reply.text
    return reply.json()["person_id"]


def kept(house, person_id: str):
    return house.patients.aggregates[person_id].state


def assigned(house, person_id: str) -> list[tuple[str, str]]:
    """Who was given to whom, and why, in order."""
    entries = [e for e in house.patients.outbox[person_id] if e.type == DoctorAssigned.type]
    told = [DoctorAssigned.model_validate_json(entry.data) for entry in entries]
    return [(fact.doctor_id, fact.because) for fact in told]


async def rotate(house) -> None:
    while await house.parts["rotation"].round():
        pass


async def pass_hours(house, hours: float) -> None:
    house.clock.forward(hours=hours)
    await house.fire_timers()
    await rotate(house)


async def test_at_night_another_covers_and_in_the_morning_the_patient_comes_back(house) -> None:
    await doctor(house, "day")
    await shift(house, "day", "d1", (0, 3))
    await shift(house, "day", "d2", (15, 24))
    await doctor(house, "night", on_duty=False)
    await shift(house, "night", "n1", (3, 15), kind="night", capacity=200)
    person_id = await patient(house)
    assert kept(house, person_id).carer_id == "day"

    await pass_hours(house, 3.01)
    assert (kept(house, person_id).carer_id, kept(house, person_id).lead_id) == ("night", "day")

    await pass_hours(house, 12)
    assert (kept(house, person_id).carer_id, kept(house, person_id).lead_id) == ("day", "day")
    assert assigned(house, person_id) == [("day", "new"), ("night", "off-duty"), ("day", "back")]


async def test_a_period_has_its_own_area_and_capacity(house) -> None:
    await doctor(house, "far", district_codes=["164"], on_duty=False)
    await shift(house, "far", "n", (0, 8), kind="night", district_codes=["173"], capacity=1)
    first, second = await patient(house, 1), await patient(house, 2)

    assert kept(house, first).carer_reason == "district"
    assert kept(house, second).carer_reason == "district-over-capacity"
    assert kept(house, first).lead_id is None, "who covers the night is not in charge over the days"


async def test_who_leaves_early_is_relieved_at_once_and_the_reason_is_kept(house) -> None:
    await doctor(house, "one")
    person_id = await patient(house)
    await doctor(house, "two")

    left = await duty(house, "one", on_duty=False)
    await rotate(house)

    assert left["on_duty"] is False
    assert left["duty_by"] not in ("", "timer")
    assert assigned(house, person_id)[-1] == ("two", "off-duty")


async def test_who_comes_for_an_hour_goes_by_the_clock(house) -> None:
    await doctor(house, "one", on_duty=False)
    until = (house.clock.now() + timedelta(hours=1)).isoformat()

    assert (await duty(house, "one", on_duty=True, until_at=until))["on_duty"] is True
    house.clock.forward(hours=1, seconds=1)
    await house.fire_timers()

    [one] = (await house.client.get("/v1/doctors", headers=ADMIN)).json()["items"]
    assert (one["on_duty"], one["duty_by"], one["shifts"]) == (False, "timer", [])


async def test_a_full_doctor_leaves_the_calmest_to_others(house) -> None:
    await doctor(house, "one", capacity=3)
    old = {"conditions": ["hypertension"]}
    people = [await patient(house, n, **(old if n == 2 else {})) for n in range(3)]
    await doctor(house, "two", capacity=10)

    await doctor(house, "one", capacity=1)
    await rotate(house)

    carers = [kept(house, person_id).carer_id for person_id in people]
    assert carers == ["two", "two", "one"], "the one at risk stays with the doctor who knows the case"
    assert assigned(house, people[0])[-1] == ("two", "full")
    assert kept(house, people[0]).lead_id == "two"


async def test_nobody_is_moved_while_all_are_full(house) -> None:
    await doctor(house, "one", capacity=3)
    people = [await patient(house, n) for n in range(3)]
    await doctor(house, "two", capacity=1)
    await doctor(house, "one", capacity=1)

    await rotate(house)
    before = [kept(house, person_id).carer_id for person_id in people]
    await rotate(house)

    assert sorted(before) == ["one", "one", "two"]
    assert before == [kept(house, person_id).carer_id for person_id in people]


async def test_what_a_person_decided_stays_until_it_is_released(house) -> None:
    await doctor(house, "one")
    person_id = await patient(house)
    await doctor(house, "two")
    url = f"/v1/patients/{person_id}/doctor"

    await house.client.post(url, json={"doctor_id": "one"}, headers=OFFICER)
    await duty(house, "one", on_duty=False)
    await rotate(house)
    assert kept(house, person_id).carer_id == "one"
    [broken] = await house.beside.covers.broken()
    assert (broken.patients, broken.reason) == (1, "pinned-off-duty")

    await house.client.post(url, json={}, headers=OFFICER)
    await rotate(house)
    assert assigned(house, person_id)[-1] == ("two", "released")
    assert await house.beside.covers.broken() == []


async def test_nobody_on_duty_is_told_once_and_mended_at_once(house) -> None:
    await doctor(house, "one")
    await patient(house)
    await duty(house, "one", on_duty=False)
    await rotate(house)
    await rotate(house)

    await duty(house, "one", on_duty=True)
    await rotate(house)

    told = [entry.type.split(".")[1] for entry in house.beside.covers.facts()]
    assert told == ["care-uncovered", "care-covered"]


async def test_a_nurse_on_the_roster_takes_no_patients_but_joins_a_team(house) -> None:
    await doctor(house, "nurse-1", profession="nurse", name="ĐD. Mẫu")
    person_id = await patient(house)
    assert kept(house, person_id).carer_id is None

    team = f"/v1/patients/{person_id}/team"
    added = await house.client.post(team, json={"staff_id": "nurse-1", "role": "nurse"}, headers=OFFICER)
    assert [(h["name"], h["role"]) for h in added.json()["team"]] == [("ĐD. Mẫu", "nurse")]
    elsewhere = bearer("health_officer", ("164",), sub="nurse-1")
    assert (await house.client.get(f"/v1/patients/{person_id}", headers=elsewhere)).status_code == 200

    await house.client.delete(f"{team}/nurse-1", headers=OFFICER)
    assert (await house.client.get(f"/v1/patients/{person_id}", headers=elsewhere)).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"until_at": "2022-02-10T08:00:00Z"}, "until_at"),
        ({"until_at": "2022-02-13T08:00:00Z"}, "until_at"),
        ({"capacity": 0}, "capacity"),
        ({"specialities": ["hearts"]}, "specialities"),
        ({"commune_codes": ["99999"]}, "commune_codes"),
    ],
)
async def test_a_period_that_nobody_could_serve_is_refused(house, change, field) -> None:
    await doctor(house, "one")
    body = {"from_at": "2022-02-10T09:00:00Z", "until_at": "2022-02-10T20:00:00Z", **change}

    reply = await house.client.put("/v1/doctors/one/shifts/s", json=body, headers=ADMIN)

    assert reply.status_code == 422, reply.text
    assert field in reply.text
    assert (await house.client.get("/v1/doctors", headers=ADMIN)).json()["items"][0]["shifts"] == []


async def test_periods_of_one_person_never_overlap_and_a_cancelled_one_ends(house) -> None:
    await doctor(house, "one", on_duty=False)
    assert (await shift(house, "one", "a", (0, 8)))["on_duty"] is True
    now = house.clock.now()
    body = {
        "from_at": (now + timedelta(hours=7)).isoformat(),
        "until_at": (now + timedelta(hours=9)).isoformat(),
    }
    reply = await house.client.put("/v1/doctors/one/shifts/b", json=body, headers=ADMIN)
    assert reply.status_code == 422
    assert "trùng giờ" in reply.json()["detail"]

    gone = await house.client.delete("/v1/doctors/one/shifts/a", headers=ADMIN)

    assert gone.json()["on_duty"] is False
    again = await house.client.delete("/v1/doctors/one/shifts/a", headers=ADMIN)
    assert again.status_code == 404


async def test_who_covers_a_commune_now_and_tonight(house) -> None:
    await doctor(house, "day")
    await doctor(house, "night", on_duty=False)
    await shift(house, "night", "n", (3, 15), kind="night")
    await doctor(house, "elsewhere", district_codes=["164"])

    cover = (await house.client.get("/v1/cover?commune_code=05908", headers=OFFICER)).json()["items"]

    assert [(c["doctor_id"], c["is_present"], c["is_night"]) for c in cover] == [
        ("day", True, False),
        ("night", False, True),
    ]
