"""Partner systems read F0 care as FHIR R4: every answer is valid, bounded by area, and names nobody."""

from typing import Any

from fhir.resources.R4B import get_fhir_model_class

from common.testing.sign_in import bearer

PARTNER = bearer("partner", ("173",))
ELSEWHERE = bearer("partner", ("164",))
STATION = bearer("health_officer", ("05908",))
BASE = "/fhir/r4"


async def declared(house: Any, number: int) -> str:
    body = {
        "person": {
            "full_name": "Nguyễn Thị Mẫu",
            "cccd": f"019190{number:06d}",
            "birth_year": 1990,
            "sex": "female",
            "phone": "0912345678",
        },
        "commune_code": "05908",
        "address": "Tổ 1",
        "tested_on": "2022-02-10",
        "conditions": ["hypertension"],
    }
    reply = await house.client.post("/v1/patients", json=body, headers=STATION)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["person_id"])


async def report(house: Any, person_id: str, **changes: Any) -> None:
    body = {
        "reported_at": house.clock.now().isoformat(),
        "declared_by": "officer",
        "spo2_percent": 97,
        "temperature_celsius": 37.5,
        "pulse_per_minute": 80,
        "breaths_per_minute": 18,
        "systolic_mmhg": 120,
        "diastolic_mmhg": 80,
        **changes,
    }
    reply = await house.client.post(f"/v1/patients/{person_id}/reports", json=body, headers=STATION)
    assert reply.status_code == 201, reply.text


async def ask(house: Any, path: str, who: Any = PARTNER, status: int = 200) -> Any:
    """Read something; whatever comes is checked against the standard."""
    reply = await house.client.get(path if path.startswith("http") else f"{BASE}/{path}", headers=who)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/fhir+json"
    found = reply.json()
    get_fhir_model_class(found["resourceType"]).model_validate(found)
    for secret in ("Nguyễn", "Mẫu", "0912345678", "019190", "Tổ 1"):
        assert secret not in reply.text
    return found


async def test_the_server_says_what_it_can(house: Any) -> None:
    said = await ask(house, "metadata")
    assert said["fhirVersion"] == "4.0.1"
    kinds = [one["type"] for one in said["rest"][0]["resource"]]
    assert kinds == ["Patient", "Observation", "RiskAssessment", "Encounter", "EpisodeOfCare"]


async def test_pages_of_patients_hold_each_one_once_and_only_of_the_area(house: Any) -> None:
    people = {await declared(house, number) for number in range(7)}
    seen: list[str] = []
    page = await ask(house, "Patient?_count=3")
    while True:
        seen += [entry["resource"]["id"] for entry in page["entry"]]
        following = [link["url"] for link in page["link"] if link["relation"] == "next"]
        if not following:
            break
        page = await ask(house, following[0])
    assert len(seen) == 7
    assert set(seen) == people
    assert "entry" not in await ask(house, "Patient", ELSEWHERE)
    first = min(people)
    assert "entry" not in await ask(house, f"Patient?_id={first}", ELSEWHERE)
    assert (await ask(house, f"Patient?_id={first}"))["entry"][0]["resource"]["id"] == first


async def test_what_was_measured_is_vital_signs_by_loinc(house: Any) -> None:
    person_id = await declared(house, 1)
    for _ in range(3):
        await report(house, person_id)
        house.clock.forward(hours=1)
    page = await ask(house, f"Observation?patient=Patient/{person_id}&_count=10")
    assert len(page["entry"]) == 10
    following = next(link["url"] for link in page["link"] if link["relation"] == "next")
    rest = await ask(house, following)
    ids = {entry["resource"]["id"] for entry in page["entry"] + rest["entry"]}
    assert len(ids) == 15
    spo2 = await ask(house, f"Observation?patient={person_id}&code=http://loinc.org|59408-5")
    assert [entry["resource"]["valueQuantity"]["value"] for entry in spo2["entry"]] == [97] * 3
    one = await ask(house, f"Observation/{spo2['entry'][0]['resource']['id']}")
    assert one["subject"]["reference"] == f"Patient/{person_id}"
    panel = await ask(house, f"Observation?patient={person_id}&code=85354-9")
    assert [p["valueQuantity"]["value"] for p in panel["entry"][0]["resource"]["component"]] == [120, 80]


async def test_risk_and_care_are_told_as_they_are(house: Any) -> None:
    person_id = await declared(house, 1)
    risk = (await ask(house, f"RiskAssessment?patient={person_id}"))["entry"][0]["resource"]
    assert risk["prediction"][0]["qualitativeRisk"]["coding"][0]["code"] == "very_high"
    path = f"/v1/patients/{person_id}"
    for state in ("at_home", "transferring", "in_hospital"):
        house.clock.forward(hours=1)
        await house.client.post(f"{path}/moves", json={"to_state": state, "reason": "worse"}, headers=STATION)
    stays = [one["resource"] for one in (await ask(house, f"Encounter?patient={person_id}"))["entry"]]
    assert [(one["class"]["code"], one["status"]) for one in stays] == [
        ("HH", "finished"),
        ("HH", "finished"),
        ("FLD", "finished"),
        ("IMP", "in-progress"),
    ]
    assert (await ask(house, f"Encounter/{stays[2]['id']}"))["period"]["end"] == stays[3]["period"]["start"]
    body = {"outcome": "wrongly_declared", "reason": "sai"}
    await house.client.post(f"{path}/closing", json=body, headers=STATION)
    episode = await ask(house, f"EpisodeOfCare/{person_id}.1")
    assert (episode["status"], "end" in episode["period"]) == ("entered-in-error", True)
    assert (await ask(house, f"Patient/{person_id}"))["active"] is False


async def test_refusals_are_operation_outcomes(house: Any) -> None:
    person_id = await declared(house, 1)
    for path, who, status in (
        (f"Patient/{person_id}", ELSEWHERE, 404),
        (f"Observation?patient={person_id}", ELSEWHERE, 404),
        ("Patient/p-nobody", PARTNER, 404),
        ("Observation/nothing.spo2", PARTNER, 404),
        ("Observation", PARTNER, 422),
        ("Patient?_count=0", PARTNER, 400),
        ("Patient?_cursor=xx", PARTNER, 422),
        ("Patient", STATION, 403),
        ("Patient", {}, 401),
    ):
        said = await ask(house, path, who, status)
        assert said["issue"][0]["severity"] == "error", path


async def test_the_reading_is_noted_for_the_patient(house: Any) -> None:
    person_id = await declared(house, 1)
    await ask(house, f"Observation?patient={person_id}")
    citizen = bearer("citizen", (), person_id=person_id)
    noted = (await house.client.get("/v1/me/readings", headers=citizen)).json()["items"]
    assert "FHIR: hệ thống đối tác" in {one["purpose"] for one in noted}
