"""Somebody says "I tested positive": for themselves, for a mother; the station answers, or others must."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from common.keys import secret_key
from common.mongo.pseudonyms import Pseudonyms
from common.testing.sign_in import bearer, sample_settings
from f0_monitoring.settings import F0MonitoringSettings

KEY = sample_settings(F0MonitoringSettings).person_key.get_secret_value()
IDS = Pseudonyms(secret_key(KEY, name="person_key"))
ME = {
    "full_name": "Trần Thị Mẫu",
    "cccd": "019190000007",
    "birth_year": 1990,
    "sex": "female",
    "phone": "0912345670",
}
MOTHER = {"full_name": "Lê Thị Mẫu", "cccd": "019155000008", "birth_year": 1955, "sex": "female"}
MY_ID, HER_ID = IDS.person_id(ME["cccd"]), IDS.person_id(MOTHER["cccd"])
I = bearer("citizen", (), person_id=MY_ID)  # noqa: E741  the person who tells
STATION = bearer("health_officer", ("05908",), subject="tram-05908")
DISTRICT = bearer("health_officer", ("173",), subject="huyen-173")
OTHERS = bearer("health_officer", ("164",), subject="huyen-164")
IMAGE = {"Content-Type": "image/jpeg"}
JPEG = b"\xff\xd8\xff\xe0 a picture of two lines"


def form(person: dict[str, Any] = ME, **changes: Any) -> dict[str, Any]:
    return {
        "is_for_self": person is ME,
        "person": person,
        "commune_code": "05908",
        "address": "Xóm 4",
        "test": "self_rapid",
        "tested_on": "2022-02-10",
        "vaccination_doses": 2,
        **changes,
    }


async def send(house: Any, body: dict[str, Any], who: Any = I) -> Any:
    return await house.client.post("/v1/self-declarations", json=body, headers=who)


async def sent(house: Any, body: dict[str, Any]) -> Any:
    reply = await send(house, body)
    assert reply.status_code == 201, reply.text
    return reply.json()


async def queue(house: Any, who: Any = STATION) -> list[Any]:
    return (await house.client.get("/v1/self-declarations", headers=who)).json()["items"]


async def answer(house: Any, one: dict[str, Any], who: Any = STATION, **body: Any) -> Any:
    said = {"declaration_id": one["declaration_id"], **body}
    return await house.client.post(f"/v1/self-declarations/{one['person_id']}/answer", json=said, headers=who)


def told(house: Any, kind: str) -> list[Any]:
    return [entry for entry in house.declarations.facts() if entry.type == f"f0-monitoring.{kind}.v1"]


async def test_who_says_so_is_no_f0_before_the_station_confirms(house: Any) -> None:
    photo = await house.client.post("/v1/test-photos", content=JPEG, headers=I | IMAGE)
    assert photo.json() == {"photo_sha256": hashlib.sha256(JPEG).hexdigest()}
    one = await sent(house, form(**photo.json()))
    assert (one["status"], one["person_id"]) == ("waiting", MY_ID)
    assert house.patients.aggregates == {}
    kept = repr(house.declarations.aggregates) + repr(house.photos.kept) + repr(house.declarations.facts())
    assert not [secret for secret in ("Mẫu", "019190000007", "Xóm 4", "two lines") if secret in kept]

    [waits] = await queue(house)
    assert (waits["person"]["full_name"], waits["has_photo"]) == ("Trần Thị Mẫu", True)
    picture = await house.client.get(f"/v1/self-declarations/{MY_ID}/photo", headers=STATION)
    assert (picture.content, picture.headers["content-type"]) == (JPEG, "image/jpeg")
    assert await queue(house, OTHERS) == []
    assert (await house.client.get(f"/v1/self-declarations/{MY_ID}/photo", headers=OTHERS)).status_code == 404

    assert (await answer(house, one, confirmed=True)).json()["status"] == "confirmed"
    assert (await answer(house, one, confirmed=True)).status_code == 200  # a second tap
    for _ in range(2):
        await house.hear_ourselves()
    record = (await house.client.get(f"/v1/patients/{MY_ID}", headers=STATION)).json()
    assert (record["origin"], record["person"]["full_name"]) == ("self", "Trần Thị Mẫu")
    assert record["history"][0]["by"] == "tram-05908"
    assert len(house.patients.facts()) == 1
    assert await queue(house) == []
    mine = (await house.client.get("/v1/me/self-declarations", headers=I)).json()["items"]
    assert [each["status"] for each in mine] == ["confirmed"]


async def test_a_daughter_declares_for_her_mother_and_may_then_declare_daily(house: Any) -> None:
    one = await sent(house, form(MOTHER, conditions=["hypertension"]))
    await answer(house, one, confirmed=True)
    await house.hear_ourselves()
    record = (await house.client.get(f"/v1/patients/{HER_ID}", headers=I)).json()
    assert (record["risk_level"], record["conditions"][0]["code"]) == ("very_high", "hypertension")
    body = {
        "reported_at": "2022-02-10T08:00:00Z",
        "declared_by": "relative",
        "spo2_percent": 98,
    }
    assert (
        await house.client.post(f"/v1/patients/{HER_ID}/reports", json=body, headers=I)
    ).status_code == 201


async def test_a_refusal_says_why_and_opens_nothing(house: Any) -> None:
    one = await sent(house, form())
    assert (await answer(house, one, confirmed=False)).status_code == 422
    reason = "Ảnh chỉ có một vạch. Hãy test lại sáng mai."
    assert (await answer(house, one, confirmed=False, reason=reason)).json()["reason"] == reason
    await house.hear_ourselves()
    assert house.patients.aggregates == {}
    late = await answer(house, one, confirmed=True)
    assert (late.status_code, late.json()["type"]) == (409, "urn:la-chan:problem:already-settled")
    [mine] = (await house.client.get("/v1/me/self-declarations", headers=I)).json()["items"]
    assert (mine["status"], mine["reason"]) == ("refused", reason)
    again = await sent(house, form())
    assert again["declaration_id"] != one["declaration_id"]
    stale = await answer(house, one, confirmed=True)
    assert stale.status_code == 404  # the officer read the first one


async def test_an_unanswered_declaration_goes_up_and_is_told_once_per_step(house: Any) -> None:
    await sent(house, form())
    house.clock.forward(minutes=119)
    assert await house.fire_due() == 0
    house.clock.forward(minutes=2)
    await house.fire_due()
    [waits] = await queue(house, DISTRICT)
    assert waits["reach"] == "district"
    house.clock.forward(minutes=120)
    await house.fire_due()
    assert (await queue(house, DISTRICT))[0]["reach"] == "province"
    steps = [json.loads(entry.data)["reach"] for entry in told(house, "self-declaration-overdue")]
    assert steps == ["district", "province"]
    house.clock.forward(days=1)
    assert await house.fire_due() == 0


async def test_what_is_taken_back_waits_for_nobody(house: Any) -> None:
    await sent(house, form())
    somebody = bearer("citizen", (), person_id="p-somebody")
    path = f"/v1/self-declarations/{MY_ID}/withdrawal"
    assert (await house.client.post(path, headers=somebody)).status_code == 404
    assert (await house.client.post(path, headers=I)).json()["items"][0]["status"] == "withdrawn"
    house.clock.forward(days=1)
    assert await house.fire_due() == 0
    assert await queue(house) == []


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"is_for_self": False}, "wrong-person"),
        ({"tested_on": "2022-02-12"}, "invalid-value"),
        ({"tested_on": "2022-01-01"}, "invalid-value"),
        ({"photo_sha256": "0" * 64}, "no-such-photo"),
        ({"commune_code": "99999"}, "unknown-commune"),
    ],
)
async def test_what_cannot_be_is_refused(house: Any, changes: dict[str, Any], slug: str) -> None:
    reply = await send(house, form(**changes))
    assert (reply.status_code, reply.json()["type"]) == (422, f"urn:la-chan:problem:{slug}")


async def test_somebody_elses_papers_for_oneself_are_refused_and_no_picture_is_no_picture(house: Any) -> None:
    reply = await send(house, form(MOTHER, is_for_self=True))
    assert reply.json()["type"] == "urn:la-chan:problem:wrong-person"
    reply = await house.client.post("/v1/test-photos", content=b"<svg>", headers=I | IMAGE)
    assert reply.status_code == 422


async def test_twice_waits_once_and_a_household_has_a_limit(house: Any) -> None:
    await sent(house, form())
    assert (await send(house, form())).json()["type"] == "urn:la-chan:problem:already-waiting"
    for number in range(4):
        await sent(house, form({**MOTHER, "cccd": f"01915500001{number}"}))
    reply = await send(house, form({**MOTHER, "cccd": "019155000019"}))
    assert reply.json()["type"] == "urn:la-chan:problem:too-many-waiting"


async def test_nothing_is_lost_between_the_answer_and_the_record(house: Any) -> None:
    one = await sent(house, form())
    await answer(house, one, confirmed=True)
    # Kafka is away: the record is not open yet, and the form must not be replaced by another.
    assert (await send(house, form())).json()["type"] == "urn:la-chan:problem:already-waiting"
    house.clock.forward(hours=2)
    await house.hear_ourselves()
    assert (await send(house, form())).json()["type"] == "urn:la-chan:problem:already-declared"


async def test_a_confirmed_one_found_wrong_is_closed_and_stays_closed_when_the_fact_comes_again(
    house: Any,
) -> None:
    one = await sent(house, form())
    await answer(house, one, confirmed=True)
    await house.hear_ourselves()
    house.clock.forward(hours=1)
    body = {"outcome": "wrongly_declared", "reason": "PCR âm tính"}
    await house.client.post(f"/v1/patients/{MY_ID}/closing", json=body, headers=STATION)
    await house.hear_ourselves()
    assert house.patients.aggregates[MY_ID].state.care.value == "wrongly_declared"
    house.clock.forward(days=3)
    await sent(house, form(tested_on="2022-02-13"))
    assert house.clock.now() - house.declarations.aggregates[f"self-{MY_ID}"].state.declared_at < timedelta(1)
