"""The service over HTTP, on memory stores."""

from importlib import import_module

import pytest

from common.sheets.writing import TYPE
from common.testing.access import Place, Rule, access_faults
from common.testing.sign_in import bearer
from f0_monitoring.routes import care, duty, facilities, transfers

consultation_rules = import_module("services.f0-monitoring.tests.consultation_access").consultation_rules
STAFF = ("health_officer", "doctor", "administrator")
OFFICER = bearer("health_officer", ("173",))
FORESEERS = ("health_officer", "administrator", "ioc_operator")
LAN = {
    "full_name": "Nguyễn Thị Mẫu",
    "cccd": "019190000001",
    "phone": "0912345678",
    "birth_year": 1990,
    "sex": "female",
}


def declaration(**changes):
    return {
        "person": LAN,
        "commune_code": "05908",
        "address": "Tổ 1",
        "tested_on": "2022-02-10",
        "conditions": [],
        "pregnant": False,
        "vaccination_doses": 2,
        **changes,
    }


def report(**changes):
    return {
        "reported_at": "2022-02-10T08:00:00Z",
        "declared_by": "self",
        "spo2_percent": 98,
        "temperature_celsius": 36.8,
        "pulse_per_minute": 76,
        "breaths_per_minute": 16,
        "on_oxygen": False,
        "consciousness": "alert",
        "symptoms": [],
        **changes,
    }


DOCTOR = {"name": "BS. Trần Mẫu", "phone": "0987654321", "district_codes": ["173"], "capacity": 2}


async def declared(client, **changes) -> dict:
    reply = await client.post("/v1/patients", json=declaration(**changes), headers=OFFICER)
    assert reply.status_code == 201, reply.text
    return reply.json()


async def keep_doctor(client, doctor_id="doctor-173", **changes) -> dict:
    headers = bearer("administrator")
    reply = await client.put(f"/v1/doctors/{doctor_id}", json={**DOCTOR, **changes}, headers=headers)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_a_declared_patient_has_a_level_a_doctor_and_names_only_in_the_view(house) -> None:
    await keep_doctor(house.client)

    patient = await declared(house.client, conditions=["hypertension"])

    assert patient["person"]["full_name"] == "Nguyễn Thị Mẫu"
    assert patient["person"]["id_tail"] == "0001"
    assert patient["risk_level"] == "high"
    assert patient["risk"]["reasons"][0]["label"] == "Có bệnh nền"
    assert patient["doctor"] == {
        "doctor_id": "doctor-173",
        "name": "BS. Trần Mẫu",
        "phone": "0987654321",
        "reason": "district",
    }
    kept = repr(house.patients.aggregates) + repr(house.patients.facts())
    for secret in ("Nguyễn", "019190000001", "0912345678", "Tổ 1"):
        assert secret not in kept


async def test_the_thread_from_a_falling_saturation_to_red(house) -> None:
    await keep_doctor(house.client)
    patient = await declared(house.client)
    url = f"/v1/patients/{patient['person_id']}"
    citizen = bearer("citizen", (), person_id=patient["person_id"])

    first = await house.client.post(f"{url}/reports", json=report(spo2_percent=92), headers=citizen)
    assert first.status_code == 201
    assert first.json()["ask_remeasure"] is True
    both = report(spo2_percent=92, spo2_repeat_percent=91, reported_at="2022-02-10T08:01:00Z")
    second = (await house.client.post(f"{url}/reports", json=both, headers=citizen)).json()
    assert second["has_danger_sign"] is True
    assert len(second["receipt"]) == 8
    await house.deliver()

    seen = (await house.client.get(url, headers=OFFICER)).json()
    assert seen["risk_level"] == "very_high"
    red = next(r for r in seen["risk"]["reasons"] if r["criterion"] == "spo2-under-94")
    assert (red["label"], red["value"], red["threshold"]) == ("SpO2 thấp", 92, "< 94")
    types = [entry.type for entry in house.patients.facts()]
    assert types == [
        "f0-monitoring.patient-declared.v1",
        "f0-monitoring.doctor-assigned.v1",
        "f0-monitoring.risk-escalated.v1",
        "f0-monitoring.risk-escalated.v1",
    ]
    assert [entry.sequence for entry in house.patients.facts()] == [1, 2, 3, 4]


async def test_the_same_key_gives_the_same_receipt_and_one_declaration(house) -> None:
    patient = await declared(house.client)
    url = f"/v1/patients/{patient['person_id']}/reports"
    headers = {**OFFICER, "Idempotency-Key": "0f7a2f6e-1111"}

    first = (await house.client.post(url, json=report(), headers=headers)).json()
    again = (await house.client.post(url, json=report(spo2_percent=90), headers=headers)).json()

    assert first == again
    assert len(house.reports.rows) == 1
    await house.deliver()
    await house.deliver()
    listed = (await house.client.get(url, headers=OFFICER)).json()["items"]
    assert [row["spo2_percent"] for row in listed] == [98]


@pytest.mark.parametrize(
    ("change", "slug", "field"),
    [
        ({"spo2_percent": 130}, "impossible-measurement", "spo2_percent"),
        ({"temperature_celsius": 370}, "impossible-measurement", "temperature_celsius"),
        ({"symptoms": ["khotho"]}, "unknown-symptom", "symptoms"),
        ({"reported_at": "2022-02-10T12:00:00Z"}, "reported-in-the-future", "reported_at"),
        ({"spo2_percent": "98%"}, None, "spo2_percent"),
        ({"reported_at": "2022-02-10T08:00:00"}, None, "reported_at"),
        ({"spo3": 1}, None, "spo3"),
    ],
)
async def test_wrong_declarations_are_refused_in_vietnamese_and_change_nothing(
    house, change, slug, field
) -> None:
    patient = await declared(house.client)
    url = f"/v1/patients/{patient['person_id']}/reports"

    reply = await house.client.post(url, json=report(**change), headers=OFFICER)

    problem = reply.json()
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert slug is None or problem["type"].endswith(slug)
    assert problem["errors"][0]["field"].endswith(field)
    assert house.reports.rows == {}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"commune_code": "99999"}, 422),
        ({"commune_code": "05431"}, 403),
        ({"tested_on": "2022-02-11"}, 422),
        ({"conditions": ["sadness"]}, 422),
        ({"person": {**LAN, "birth_year": 1991}}, 422),
        ({"person": {**LAN, "sex": "male"}}, 422),
        ({"person": {**LAN, "phone": "12"}}, 422),
        ({"pregnant": True, "person": {**LAN, "sex": "male", "cccd": "019090000001"}}, 422),
    ],
)
async def test_wrong_patients_are_refused_and_change_nothing(house, changes, status) -> None:
    reply = await house.client.post("/v1/patients", json=declaration(**changes), headers=OFFICER)

    assert reply.status_code == status, reply.text
    assert house.patients.aggregates == {}


async def test_declaring_twice_says_where_to_look(house) -> None:
    await declared(house.client)

    again = await house.client.post("/v1/patients", json=declaration(), headers=OFFICER)

    assert again.status_code == 409
    assert again.json()["type"].endswith("already-declared")


async def test_moves_and_closing_answer_the_new_state(house) -> None:
    patient = await declared(house.client)
    url = f"/v1/patients/{patient['person_id']}"

    async def post(path: str, body: dict) -> dict:
        reply = await house.client.post(f"{url}/{path}", json=body, headers=OFFICER)
        return {"status": reply.status_code, **reply.json()}

    assert (await post("moves", {"to_state": "at_home", "reason": "Ở nhà được"}))["care_state"] == "at_home"
    refused = await post("moves", {"to_state": "in_hospital", "reason": "worsening"})
    assert (refused["status"], refused["type"].rsplit(":")[-1]) == (409, "illegal-transition")
    assert "đang chuyển viện" in refused["detail"]
    moved = await post("moves", {"to_state": "transferring", "reason": "worsening"})
    assert moved["history"][-2]["reason"] == "Ở nhà được"
    closed = await post("closing", {"outcome": "wrongly_declared", "reason": "PCR âm tính"})
    assert (closed["care_state"], closed["closed_on"]) == ("wrongly_declared", "2022-02-10")
    gone = await house.client.post(f"{url}/reports", json=report(), headers=OFFICER)
    assert gone.status_code == 409
    assert "Ở nhà được" not in repr(house.patients.facts())


async def test_the_worst_and_most_silent_come_first_page_by_page(house) -> None:
    ages = {"019190000001": 1990, "019150000002": 1950, "019160000003": 1960}
    for cccd, year in ages.items():
        person = {**LAN, "cccd": cccd, "birth_year": year}
        await declared(house.client, person=person)
        house.clock.forward(minutes=1)

    url = "/v1/patients?limit=2"
    first = (await house.client.get(url, headers=OFFICER)).json()
    rest = (await house.client.get(f"{url}&cursor={first['next']}", headers=OFFICER)).json()

    names = [p["person"]["birth_year"] for p in first["items"] + rest["items"]]
    assert names == [1950, 1960, 1990]
    assert rest["next"] is None


async def test_a_doctor_sees_own_patients_and_who_reads_is_told(house) -> None:
    await keep_doctor(house.client, "doctor-far", district_codes=["173"])
    patient = await declared(house.client)
    far = bearer("doctor", ("164",), sub="doctor-far")

    mine = (await house.client.get("/v1/patients?mine=true", headers=far)).json()["items"]
    assert [p["person_id"] for p in mine] == [patient["person_id"]]
    assert (await house.client.get("/v1/patients", headers=bearer("doctor", ("164",)))).json()["items"] == []

    citizen = bearer("citizen", (), person_id=patient["person_id"])
    readings = (await house.client.get("/v1/me/readings", headers=citizen)).json()["items"]
    assert {r["purpose"] for r in readings} == {"Khai báo F0", "Danh sách người bệnh"}


async def test_my_page_says_what_i_owe_and_who_my_doctor_is(house) -> None:
    await keep_doctor(house.client)
    patient = await declared(house.client, carers=["p-mother"])
    me = (
        await house.client.get("/v1/me", headers=bearer("citizen", (), person_id=patient["person_id"]))
    ).json()

    assert (me["full_name"], me["commune_name"]) == ("Nguyễn Thị Mẫu", "Thị trấn Hương Sơn")
    assert me["duty"] == {
        "name": "Buổi chiều",
        "opens_at": "2022-02-10T07:00:00Z",
        "due_at": "2022-02-10T14:00:00Z",
    }
    assert me["patient"]["doctor"]["name"] == "BS. Trần Mẫu"
    stranger = await house.client.get("/v1/me", headers=bearer("citizen", (), person_id="p-none"))
    assert stranger.status_code == 404

    mother = bearer("citizen", (), person_id="p-mother")
    url = f"/v1/patients/{patient['person_id']}/reports"
    assert (
        await house.client.post(url, json=report(declared_by="relative"), headers=mother)
    ).status_code == 201


async def test_patients_without_a_doctor_get_the_first_one_who_comes(house) -> None:
    patient = await declared(house.client)
    assert patient["doctor"] is None

    doctor = await keep_doctor(house.client)

    assert doctor["load"] == 1
    seen = (await house.client.get(f"/v1/patients/{patient['person_id']}", headers=OFFICER)).json()
    assert seen["doctor"]["doctor_id"] == "doctor-173"
    assert (await keep_doctor(house.client, on_duty=False))["on_duty"] is False


async def test_the_form_and_the_rules_are_told(house) -> None:
    form = (await house.client.get("/v1/declaration-form", headers=OFFICER)).json()
    rules = (await house.client.get("/v1/rulesets", headers=OFFICER)).json()["items"]

    assert {"dyspnoea", "fever", "chest_pain"} <= {word["code"] for word in form["symptoms"]}
    assert [slot["due"] for slot in form["slots"]] == ["10:00", "21:00"]
    in_force = {rule["document"] for rule in rules if rule["is_in_force"]}
    assert {"5525/QĐ-BYT", "261/QĐ-BYT", "NEWS2 (RCP 12/2017)"} <= in_force
    assert all(rule["to_be_confirmed"] for rule in rules)


async def test_pages_are_served_under_a_strict_policy(house) -> None:
    for path in ("/doctor", "/khai-bao"):
        reply = await house.client.get(path)
        assert reply.status_code == 200
        assert "unsafe-inline" not in reply.headers["content-security-policy"]


async def test_the_access_matrix(house) -> None:
    everybody_of_staff = frozenset(STAFF)
    patient = await declared(house.client)
    person_id = patient["person_id"]
    await keep_doctor(house.client)
    own = f"/v1/patients/{person_id}"
    numbers = iter(range(100, 1000))

    def new_person() -> dict:
        return {
            "url": "/v1/patients",
            "json": declaration(person={**LAN, "cccd": f"019190{next(numbers):06}"}),
        }

    def wrongly_closed() -> dict:
        return {"url": f"{own}/closing", "json": {"outcome": "wrongly_declared", "reason": "end-of-care"}}

    def rule(method, path, roles, request, **more) -> Rule:
        return Rule(method, path, frozenset(roles), request, person_id=person_id, **more)

    any_signed_in = ("citizen", *STAFF, *OTHERS)
    rules = [
        *await consultation_rules(house, person_id),
        rule("POST", "/v1/patients", ("health_officer", "administrator"), new_person),
        rule(
            "GET",
            "/v1/patients/{person_id}/explanation",
            ("citizen", *STAFF),
            lambda: {"url": f"{own}/explanation"},
        ),
        rule(
            "GET",
            "/v1/rulesets/tables",
            any_signed_in,
            lambda: {"url": "/v1/rulesets/tables"},
            is_scoped=False,
            any_citizen=True,
        ),
        *(
            rule("POST", path, FORESEERS, lambda path=path: {"url": path, "json": {"commune_code": "05908"}})
            for path in ("/v1/ruleset-changes", "/v1/ruleset-changes/patients")
        ),
        rule("GET", "/v1/patients", STAFF, lambda: {"url": "/v1/patients"}, is_filtered=True),
        rule("GET", "/v1/patients/{person_id}", ("citizen", *STAFF), lambda: {"url": own}),
        rule(
            "POST",
            "/v1/patients/{person_id}/reports",
            ("citizen", *STAFF),
            lambda: {"url": f"{own}/reports", "json": report()},
        ),
        rule(
            "GET",
            "/v1/patients/{person_id}/reports",
            ("citizen", *STAFF),
            lambda: {"url": f"{own}/reports"},
        ),
        rule(
            "POST",
            "/v1/patients/{person_id}/moves",
            STAFF,
            lambda: {"url": f"{own}/moves", "json": {"to_state": "at_home", "reason": "better"}},
            good=frozenset({200, 409}),
        ),
        rule(
            "POST",
            "/v1/patients/{person_id}/doctor",
            STAFF,
            lambda: {"url": f"{own}/doctor", "json": {}},
        ),
        rule(
            "PUT",
            "/v1/doctors/{doctor_id}",
            ("administrator",),
            lambda: {"url": "/v1/doctors/doctor-173", "json": DOCTOR},
            is_scoped=False,
        ),
        rule("GET", "/v1/doctors", everybody_of_staff, lambda: {"url": "/v1/doctors"}, is_scoped=False),
        rule(
            "GET",
            "/v1/declaration-form",
            any_signed_in,
            lambda: {"url": "/v1/declaration-form"},
            is_scoped=False,
            any_citizen=True,
        ),
        rule(
            "GET",
            "/v1/rulesets",
            any_signed_in,
            lambda: {"url": "/v1/rulesets"},
            is_scoped=False,
            any_citizen=True,
        ),
        *intake_rules(rule, own),
        rule("GET", "/v1/me", ("citizen",), lambda: {"url": "/v1/me"}),
        rule("GET", "/v1/me/readings", ("citizen",), lambda: {"url": "/v1/me/readings"}, any_citizen=True),
        rule(
            "POST",
            "/v1/patients/{person_id}/closing",
            STAFF,
            wrongly_closed,
            good=frozenset({200, 409}),
        ),
    ]

    place = Place(("05908", "173", "19"), ("05431", "164"))
    faults = await access_faults(house.app, house.client, rules, place)
    assert set(faults) == {f"{method} {path} is not in the access table" for method, path in TRIED_ELSEWHERE}


TRIED_ELSEWHERE = {
    (method, route.path)
    for part in (care, duty, facilities, transfers)
    for route in part.router.routes
    for method in route.methods
}
"""Routes whose access is tried in test_care_access and test_transfers."""


def intake_rules(rule, own: str) -> list[Rule]:
    """Who may use the doors by which people become patients."""
    registrar = ("health_officer", "administrator")
    lists = "/v1/case-lists"
    unknown = f"{lists}/00000000-0000-5000-8000-000000000000"
    sheet = {"content": b"no sheet", "headers": {"Content-Type": TYPE}}
    mine, missing = "/v1/self-declarations", "/v1/self-declarations/p-nobody"
    any_signed_in = ("citizen", *STAFF, *OTHERS)
    picture = {"content": b"no picture", "headers": {"Content-Type": "image/jpeg"}}
    form = {"is_for_self": True, "person": LAN, "commune_code": "05908", "address": "Xóm 4", "test": "pcr"}
    answer = {"declaration_id": "00000000-0000-5000-8000-000000000000", "confirmed": True}
    return [
        *fhir_rules(rule, own.rpartition("/")[2]),
        rule("GET", "/v1/may-end", STAFF, lambda: {"url": "/v1/may-end"}, is_filtered=True),
        rule(
            "POST",
            "/v1/patients/{person_id}/end-of-care",
            STAFF,
            lambda: {"url": f"{own}/end-of-care", "json": {}},
            good=frozenset({409}),
        ),
        rule(
            "GET",
            "/v1/patients/{person_id}/certificate.pdf",
            ("citizen", *STAFF),
            lambda: {"url": f"{own}/certificate.pdf"},
            good=frozenset({404}),
        ),
        rule(
            "POST",
            "/v1/certificate-verifications",
            any_signed_in,
            lambda: {"url": "/v1/certificate-verifications", "json": {"code": "x"}},
            is_scoped=False,
            any_citizen=True,
        ),
        rule(
            "GET",
            "/v1/patients/{person_id}/certificate",
            ("health_officer", "doctor", "administrator"),
            lambda: {"url": f"{own}/certificate"},
        ),
        rule(
            "POST",
            "/v1/patients/{person_id}/certificate-revocation",
            ("health_officer", "administrator"),
            lambda: {"url": f"{own}/certificate-revocation", "json": {"reason": "Cấp nhầm người"}},
            good=frozenset({404}),
        ),
        rule(
            "GET",
            "/v1/certificate-revocation-list",
            any_signed_in,
            lambda: {"url": "/v1/certificate-revocation-list"},
            is_scoped=False,
            any_citizen=True,
        ),
        rule(
            "GET",
            "/v1/certificate-trust-list",
            any_signed_in,
            lambda: {"url": "/v1/certificate-trust-list"},
            is_scoped=False,
            any_citizen=True,
        ),
        rule(
            "GET",
            "/v1/communes",
            any_signed_in,
            lambda: {"url": "/v1/communes"},
            is_scoped=False,
            any_citizen=True,
        ),
        rule(
            "POST",
            "/v1/test-photos",
            ("citizen",),
            lambda: {"url": "/v1/test-photos", **picture},
            any_citizen=True,
            good=frozenset({422}),
        ),
        rule(
            "POST",
            mine,
            ("citizen",),
            lambda: {"url": mine, "json": {**form, "tested_on": "2020-01-01"}},
            any_citizen=True,
            good=frozenset({409, 422}),
        ),
        rule(
            "GET",
            "/v1/me/self-declarations",
            ("citizen",),
            lambda: {"url": "/v1/me/self-declarations"},
            any_citizen=True,
        ),
        rule(
            "POST",
            f"{mine}/{{person_id}}/withdrawal",
            ("citizen",),
            lambda: {"url": f"{missing}/withdrawal"},
            any_citizen=True,
            good=frozenset({404}),
        ),
        rule("GET", mine, registrar, lambda: {"url": mine}, is_filtered=True),
        rule(
            "GET",
            f"{mine}/{{person_id}}/photo",
            registrar,
            lambda: {"url": f"{missing}/photo"},
            good=frozenset({404}),
        ),
        rule(
            "POST",
            f"{mine}/{{person_id}}/answer",
            registrar,
            lambda: {"url": f"{missing}/answer", "json": answer},
            good=frozenset({404}),
        ),
        rule(
            "GET",
            "/v1/awaiting-details",
            registrar,
            lambda: {"url": "/v1/awaiting-details"},
            is_filtered=True,
        ),
        rule(
            "POST",
            "/v1/patients/{person_id}/details",
            registrar,
            lambda: {"url": f"{own}/details", "json": {"person": LAN, "address": "Tổ 1"}},
            good=frozenset({409}),
        ),
        rule(
            "GET",
            f"{lists}/template.xlsx",
            registrar,
            lambda: {"url": f"{lists}/template.xlsx"},
            is_scoped=False,
        ),
        rule(
            "POST", lists, registrar, lambda: {"url": lists, **sheet}, is_scoped=False, good=frozenset({422})
        ),
        rule("GET", lists, registrar, lambda: {"url": lists}, is_filtered=True),
        rule("GET", f"{lists}/{{list_id}}", registrar, lambda: {"url": unknown}, good=frozenset({404})),
        rule(
            "GET",
            f"{lists}/{{list_id}}/answers.xlsx",
            registrar,
            lambda: {"url": f"{unknown}/answers.xlsx"},
            good=frozenset({404}),
        ),
        rule(
            "POST",
            f"{lists}/{{list_id}}/undoing",
            registrar,
            lambda: {"url": f"{unknown}/undoing", "json": {"reason": "Nhập nhầm"}},
            good=frozenset({404}),
        ),
    ]


def fhir_rules(rule, person_id: str) -> list[Rule]:
    """Partner systems read within their areas; nobody else does."""
    partner, base = ("partner", "administrator"), "/fhir/r4"
    everybody = ("citizen", *STAFF, *OTHERS)
    read = [
        rule(
            "GET",
            f"{base}/{kind}/{{resource_id}}",
            partner,
            lambda kind=kind: {"url": f"{base}/{kind}/{person_id}{'.1' if kind != 'Patient' else ''}"},
            good=frozenset({200, 404}) if kind in ("Observation", "Encounter") else frozenset({200}),
        )
        for kind in ("Patient", "Observation", "RiskAssessment", "Encounter", "EpisodeOfCare")
    ]
    search = [
        rule(
            "GET", f"{base}/{kind}", partner, lambda kind=kind: {"url": f"{base}/{kind}?patient={person_id}"}
        )
        for kind in ("Observation", "RiskAssessment", "Encounter", "EpisodeOfCare")
    ]
    return [
        *read,
        *search,
        rule("GET", f"{base}/Patient", partner, lambda: {"url": f"{base}/Patient"}, is_filtered=True),
        rule(
            "GET",
            f"{base}/metadata",
            everybody,
            lambda: {"url": f"{base}/metadata"},
            is_scoped=False,
            any_citizen=True,
        ),
    ]


OFFICES = ("ward_committee", "commune_police", "traffic_police", "transport_office")
OTHERS = ("permit_officer", "checkpoint_officer", "employer", "ioc_operator", "leader", "partner", *OFFICES)
