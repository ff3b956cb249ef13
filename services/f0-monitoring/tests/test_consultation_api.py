"""Consultations over HTTP, on memory stores: asking, hours, results, links, tickets, relays."""

import base64
import hashlib
import hmac
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from common.testing.sign_in import bearer
from f0_monitoring.views.meeting.ice import Relays, credentials

OFFICER = bearer("health_officer", ("173",))
DOCTOR = bearer("doctor", ("173",), sub="doctor-173")
OTHER_DOCTOR = bearer("doctor", ("173",), sub="doctor-other")
LAN = {"full_name": "Nguyễn Thị Mẫu", "cccd": "019190000001", "phone": "0912345678", "birth_year": 1990}
BACH = {"full_name": "Trần Văn Mẫu", "cccd": "019090000002", "phone": "0912345679", "birth_year": 1990}
ROSTER = {"name": "BS. Trần Mẫu", "phone": "0987654321", "district_codes": ["173"], "capacity": 20}


class Clinic:
    """A doctor, a patient, her daughter, and what they ask of the service."""

    def __init__(self, house: Any) -> None:
        self.house = house

    async def open(self) -> "Clinic":
        await self.ask("PUT", "/v1/doctors/doctor-173", bearer("administrator"), ROSTER)
        self.lan = await self.patient(LAN, "female", carers=["p-daughter"])
        self.citizen = bearer("citizen", (), person_id=self.lan)
        self.daughter = bearer("citizen", (), person_id="p-daughter")
        return self

    async def patient(self, person: dict[str, Any], sex: str, **more: Any) -> str:
        body = {
            "person": {**person, "sex": sex},
            "commune_code": "05908",
            "address": "Tổ 1",
            "tested_on": "2022-02-10",
            **more,
        }
        return str((await self.ask("POST", "/v1/patients", OFFICER, body))["person_id"])

    async def ask(
        self, method: str, url: str, who: dict[str, str], body: Any = None, status: int = 0, key: str = ""
    ) -> Any:
        headers = {**who, **({"Idempotency-Key": key} if key else {})}
        reply = await self.house.client.request(method, url, json=body, headers=headers)
        assert reply.status_code == status if status else reply.is_success, reply.text
        return reply.json()

    async def wish(self, who: dict[str, str] | None = None, person_id: str = "", **more: Any) -> Any:
        url = f"/v1/patients/{person_id or self.lan}/consultations"
        return await self.ask("POST", url, who or self.citizen, {"way": "video", "wish": "Khó thở"}, **more)

    def at(self, minutes: int) -> str:
        return (self.house.clock.now() + timedelta(minutes=minutes)).isoformat()


@pytest.fixture
async def clinic(house: Any) -> Clinic:
    return await Clinic(house).open()


async def test_a_daughter_asks_the_doctor_schedules_and_each_sees_what_is_theirs(clinic: Clinic) -> None:
    asked = await clinic.wish(clinic.daughter)
    one = f"/v1/consultations/{asked['consultation_id']}"
    assert (asked["as_party"], asked["state"], asked["doctor_name"]) == ("proxy", "requested", "BS. Trần Mẫu")
    assert asked["call_number"] == "0987654321"

    hour = {"starts_at": clinic.at(60), "minutes": 15}
    seen = await clinic.ask("POST", f"{one}/appointments", DOCTOR, hour)
    assert (seen["state"], seen["call_number"], seen["wish"]) == ("scheduled", "+84912345678", "Khó thở")

    result = {"phone_minutes": 7, "note": "Nghi bội nhiễm", "advice": "Uống đủ nước"}
    await clinic.ask("POST", f"{one}/result", DOCTOR, {**result, "prescription_ref": "DT-0001"})
    [mine] = (await clinic.ask("GET", "/v1/me/consultations", clinic.citizen))["items"]
    assert (mine["state"], mine["duration_seconds"]) == ("held", 420)
    assert (mine["note"], mine["advice"], mine["prescription_ref"]) == ("", "Uống đủ nước", "DT-0001")
    theirs = await clinic.ask("GET", one, DOCTOR)
    assert theirs["note"] == "Nghi bội nhiễm"
    station = await clinic.ask("GET", one, OFFICER)
    assert (station["note"], station["advice"], station["wish"]) == ("", "", "")

    kept = repr(clinic.house.consulting.consultations.aggregates) + repr(
        clinic.house.consulting.consultations.facts()
    )
    for secret in ("Nguyễn", "Khó thở", "bội nhiễm", "Uống đủ", "0912345678"):
        assert secret not in kept
    types = [entry.type.split(".")[1] for entry in clinic.house.consulting.consultations.facts()]
    assert types == ["consultation-requested", "consultation-scheduled", "consultation-held"]


async def test_one_wish_at_a_time_and_a_repeat_is_the_same_one(clinic: Clinic) -> None:
    first = await clinic.wish(key="wish-0001")
    again = await clinic.wish(key="wish-0001")
    assert again["consultation_id"] == first["consultation_id"]
    refused = await clinic.wish(clinic.daughter, status=409)
    assert refused["type"].endswith("already-asked")
    one = f"/v1/consultations/{first['consultation_id']}"
    await clinic.ask("POST", f"{one}/cancellation", clinic.citizen, {"reason": "patient-better"})
    await clinic.wish(clinic.daughter, status=201)


async def test_the_doctor_is_never_in_two_places(clinic: Clinic) -> None:
    bach = await clinic.patient(BACH, "male")
    first, second = (
        (await clinic.wish())["consultation_id"],
        (await clinic.wish(OFFICER, person_id=bach))["consultation_id"],
    )

    async def hour(which: str, minutes: int, status: int = 200) -> Any:
        body = {"starts_at": clinic.at(minutes), "minutes": 20}
        return await clinic.ask("POST", f"/v1/consultations/{which}/appointments", DOCTOR, body, status)

    await hour(first, 60)
    refused = await hour(second, 70, status=409)
    assert refused["type"].endswith("hour-taken")
    assert "17:30-17:50" not in refused["detail"]
    assert "16:30-16:50" in refused["detail"]
    await hour(first, 120)
    await hour(second, 70)


async def test_a_clash_of_the_patient_leaves_the_doctors_diary_as_it_was(clinic: Clinic) -> None:
    await clinic.ask("PUT", "/v1/doctors/doctor-two", bearer("administrator"), ROSTER)
    one = (await clinic.wish())["consultation_id"]
    url = f"/v1/consultations/{one}/appointments"
    await clinic.ask("POST", url, OFFICER, {"starts_at": clinic.at(60), "minutes": 20})
    diaries = clinic.house.consulting.diaries.aggregates
    person = diaries[f"person:{clinic.lan}"].state
    from f0_monitoring.domain.diary import Book, Booking

    other = Booking("other", datetime.fromisoformat(clinic.at(180)), datetime.fromisoformat(clinic.at(200)))
    work = clinic.house.service.parts["consultation_desk"]._diaries
    from common.work.model import Cause

    await work.run(Book(person.owner, other), Cause("other"))
    before = diaries["doctor:doctor-173"].state.bookings
    await clinic.ask("POST", url, OFFICER, {"starts_at": clinic.at(190), "minutes": 20}, status=409)
    assert diaries["doctor:doctor-173"].state.bookings == before

    taken_over = {"starts_at": clinic.at(60), "minutes": 20, "doctor_id": "doctor-two"}
    await clinic.ask("POST", url, OFFICER, taken_over)
    assert diaries["doctor:doctor-173"].state.bookings == ()


async def test_a_wrong_patient_a_third_person_and_another_doctor_have_no_part_in_it(clinic: Clinic) -> None:
    bach = await clinic.patient(BACH, "male")
    one = f"/v1/consultations/{(await clinic.wish())['consultation_id']}"
    for who in (bearer("citizen", (), person_id=bach), OTHER_DOCTOR, bearer("health_officer", ("164",))):
        assert (await clinic.ask("POST", f"{one}/entry", who, status=404))["type"].endswith(
            "no-such-consultation"
        )
    refused = await clinic.ask("POST", f"{one}/entry", OFFICER, status=403)
    assert "Chỉ bác sĩ phụ trách" in refused["detail"]
    assert (await clinic.ask("POST", f"{one}/entry", clinic.daughter))["seat"] == "patient"
    assert (await clinic.ask("POST", f"{one}/entry", DOCTOR))["seat"] == "doctor"


async def test_a_link_opens_once_is_kept_as_a_hash_and_ends(clinic: Clinic) -> None:
    one = f"/v1/consultations/{(await clinic.wish())['consultation_id']}"

    async def link() -> str:
        made = await clinic.ask("POST", f"{one}/links", DOCTOR, status=201)
        assert made["phone"] == "+84912345678"
        return str(made["path"].partition("#")[2])

    async def enter(secret: str, status: int) -> Any:
        return await clinic.ask("POST", "/v1/room-entries", {}, {"link": secret}, status)

    older, newer = await link(), await link()
    assert "mới hơn" in (await enter(older, 403))["detail"]
    entered = await enter(newer, 200)
    assert (entered["seat"], entered["other_name"]) == ("patient", "BS. Trần Mẫu")
    assert "một lần" in (await enter(newer, 403))["detail"]
    late = await link()
    clinic.house.clock.forward(minutes=61)
    assert "hết hạn" in (await enter(late, 403))["detail"]
    assert "không đúng" in (await enter("x" * 43, 403))["detail"]
    kept = repr(clinic.house.consulting.keys.__dict__)
    assert not [secret for secret in (older, newer, late, entered["ticket"]) if secret in kept]
    assert hashlib.sha256(newer.encode()).hexdigest() in kept


async def test_the_patients_own_phone_goes_in_by_a_link_of_its_own(clinic: Clinic) -> None:
    bach = await clinic.patient(BACH, "male")
    one = f"/v1/consultations/{(await clinic.wish())['consultation_id']}"
    for who in (clinic.citizen, clinic.daughter):
        made = await clinic.ask("POST", f"{one}/links", who, status=201)
        assert made["phone"] == ""
        entered = await clinic.ask("POST", "/v1/room-entries", {}, {"link": made["path"].partition("#")[2]})
        assert entered["seat"] == "patient"
    for who in (bearer("citizen", (), person_id=bach), OTHER_DOCTOR):
        await clinic.ask("POST", f"{one}/links", who, status=404)


async def test_nothing_opens_a_consultation_that_is_over(clinic: Clinic) -> None:
    one = f"/v1/consultations/{(await clinic.wish())['consultation_id']}"
    made = await clinic.ask("POST", f"{one}/links", DOCTOR)
    await clinic.ask("POST", f"{one}/cancellation", DOCTOR, {"reason": "not-reached"})
    await clinic.ask("POST", f"{one}/entry", DOCTOR, status=409)
    await clinic.ask("POST", f"{one}/links", DOCTOR, status=409)
    await clinic.ask("POST", "/v1/room-entries", {}, {"link": made["path"].partition("#")[2]}, status=409)


async def test_relays_are_given_to_ticket_holders_alone(clinic: Clinic) -> None:
    one = f"/v1/consultations/{(await clinic.wish())['consultation_id']}"
    ticket = (await clinic.ask("POST", f"{one}/entry", DOCTOR))["ticket"]
    given = await clinic.ask("POST", "/v1/ice-servers", {}, {"ticket": ticket})
    assert given["ice_servers"] == []  # none are set up here
    await clinic.ask("POST", "/v1/ice-servers", {}, {"ticket": "y" * 43}, status=403)
    clinic.house.clock.forward(hours=3)
    await clinic.ask("POST", "/v1/ice-servers", {}, {"ticket": ticket}, status=403)


def test_credentials_are_what_coturn_computes_and_end() -> None:
    until = datetime(2022, 2, 10, 9, 0, tzinfo=UTC)
    username, password = credentials("north", "patient-1", until)
    assert username == "1644483600:patient-1"
    expected = hmac.digest(b"north", username.encode(), "sha1")
    assert password == base64.b64encode(expected).decode()
    # The same as: printf '1644483600:patient-1' | openssl dgst -sha1 -hmac north -binary | base64
    servers = Relays(("stun:a:1",), ("turn:a:1",), "north").servers_for("doctor-1", datetime.now(UTC))
    ends = int(str(servers.ice_servers[1].username).partition(":")[0])
    assert 3_500 < ends - time.time() <= 3_600
    assert servers.expires_at.timestamp() == pytest.approx(ends, abs=1)
    assert Relays((), ("turn:a:1",), "").servers_for("x", until).ice_servers == []
