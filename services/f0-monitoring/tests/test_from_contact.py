"""A contact in quarantine tested positive: the record opens nameless, the station completes it."""

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

from common.contracts.event import Event
from common.contracts.quarantine import Category, ContactBecameF0, Place
from common.keys import secret_key
from common.mongo.pseudonyms import Pseudonyms
from common.testing.sign_in import bearer, sample_settings
from f0_monitoring.settings import F0MonitoringSettings
from f0_monitoring.views.record import NAMELESS

KEY = sample_settings(F0MonitoringSettings).person_key.get_secret_value()
CCCD = "019190000009"
SHE = Pseudonyms(secret_key(KEY, name="person_key")).person_id(CCCD)
WHO = {"full_name": "Vũ Thị Mẫu", "cccd": CCCD, "birth_year": 1990, "sex": "female", "phone": "0912345671"}
STATION = bearer("health_officer", ("05908",), subject="tram-05908")
DETAILS = {"person": WHO, "address": "Xóm 2", "conditions": ["hypertension"], "vaccination_doses": 2}
AT = datetime(2022, 2, 10, 8, 0, tzinfo=UTC)


def positive(test_id: str | None = "test-1", at: datetime = AT, **changes: Any) -> Event[ContactBecameF0]:
    data = ContactBecameF0(
        **{
            "person_id": SHE,
            "commune_code": "05908",
            "district_code": "173",
            "category": Category.F1,
            "place": Place.HOME,
            "tested_on": "2022-02-10",
            "test_id": test_id,
            "recorded_at": at if test_id else None,
            "age_years": 32,
            "vaccination_doses": 2,
            **changes,
        }
    )
    return Event(f"e-{test_id}", data.type, "", SHE, at, 3, data)


async def read(house: Any, who: Any = STATION) -> Any:
    reply = await house.client.get(f"/v1/patients/{SHE}", headers=who)
    assert reply.status_code == 200, reply.text
    return reply.json()


def told(house: Any, kind: str) -> int:
    return sum(entry.type == f"f0-monitoring.{kind}.v1" for entry in house.patients.facts())


async def test_the_record_opens_with_a_doctor_and_waits_for_its_name(house: Any) -> None:
    doctor = {"name": "BS Mẫu", "phone": "0987654321", "district_codes": ["173"], "capacity": 50}
    await house.client.put("/v1/doctors/d-1", json=doctor, headers=bearer("administrator"))
    await house.hear(positive(), positive())

    record = await read(house)
    assert (record["origin"], record["age_years"], record["vaccination_doses"]) == ("contact", 32, 2)
    assert (record["person"]["full_name"], record["doctor"]["doctor_id"]) == (NAMELESS, "d-1")
    assert record["tested_on"] == "2022-02-10"
    assert told(house, "patient-declared") == 1
    [waits] = (await house.client.get("/v1/awaiting-details", headers=STATION)).json()["items"]
    assert waits["person_id"] == SHE
    other = bearer("health_officer", ("164",))
    assert (await house.client.get("/v1/awaiting-details", headers=other)).json()["items"] == []
    # She may declare her health at once: she knows who she is.
    citizen = bearer("citizen", (), person_id=SHE)
    report = {"reported_at": "2022-02-10T08:10:00Z", "declared_by": "self", "spo2_percent": 97}
    path = f"/v1/patients/{SHE}/reports"
    assert (await house.client.post(path, json=report, headers=citizen)).status_code == 201


async def test_the_station_completes_it_and_the_risk_is_judged_anew(house: Any) -> None:
    await house.hear(positive())
    path = f"/v1/patients/{SHE}/details"
    wrong = {**DETAILS, "person": {**WHO, "cccd": "019190000010"}}
    refused = await house.client.post(path, json=wrong, headers=STATION)
    assert refused.json()["type"] == "urn:la-chan:problem:wrong-person"
    done = await house.client.post(path, json=DETAILS, headers=STATION)
    assert done.status_code == 200, done.text
    assert (done.json()["person"]["full_name"], done.json()["risk_level"]) == ("Vũ Thị Mẫu", "high")
    assert told(house, "risk-escalated") == 1
    again = await house.client.post(path, json=DETAILS, headers=STATION)
    assert again.json()["type"] == "urn:la-chan:problem:details-known"
    kept = repr(house.patients.aggregates)
    assert not [secret for secret in ("Vũ", CCCD, "Xóm 2") if secret in kept]
    found = (await house.client.get("/v1/patients?q=vu+thi+mau", headers=STATION)).json()["items"]
    assert [each["person_id"] for each in found] == [SHE]


async def test_what_we_told_quarantine_ourselves_opens_nothing(house: Any) -> None:
    assert await house.hear(positive(None)) == []
    assert house.patients.aggregates == {}


async def test_an_unknown_age_is_looked_after_as_an_old_one(house: Any) -> None:
    await house.hear(positive(age_years=None))
    record = await read(house)
    assert (record["age_years"], record["risk_level"]) == (65, "high")


async def test_every_order_of_officer_and_fact_ends_in_one_open_record(house_maker: Any) -> None:
    async def by_officer(house: Any) -> None:
        body = {**DETAILS, "commune_code": "05908", "tested_on": "2022-02-10"}
        await house.client.post("/v1/patients", json=body, headers=STATION)

    async def by_fact(house: Any) -> None:
        await house.hear(positive())

    async def same_fact(house: Any) -> None:
        await house.hear(positive())

    for steps in permutations((by_officer, by_fact, same_fact)):
        async with house_maker() as house:
            for step in steps:
                await step(house)
            assert told(house, "patient-declared") == 1
            assert house.patients.aggregates[SHE].state.episode == 1


async def test_a_test_found_wrong_stays_closed_and_a_new_test_of_the_same_day_opens_again(house: Any) -> None:
    await house.hear(positive())
    house.clock.at = AT.replace(hour=9)
    body = {"outcome": "wrongly_declared", "reason": "Que thử hỏng"}
    closed = await house.client.post(f"/v1/patients/{SHE}/closing", json=body, headers=STATION)
    assert closed.status_code == 200, closed.text
    await house.hear(positive())
    assert (await read(house))["care_state"] == "wrongly_declared"
    house.clock.at = AT.replace(hour=11)
    await house.hear(positive("test-2", AT.replace(hour=10)))
    record = await read(house)
    assert (record["care_state"], told(house, "patient-declared")) == ("declared", 2)
