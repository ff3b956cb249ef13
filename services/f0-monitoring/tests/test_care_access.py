"""Who may do what for a patient and to the roster: every route, every role, inside and outside the area."""

from common.testing.access import Place, Rule, access_faults
from common.testing.sign_in import bearer
from f0_monitoring.routes import care, duty

STAFF = ("health_officer", "doctor", "administrator")
OFFICER = bearer("health_officer", ("173",))
PERSON = {
    "full_name": "Nguyễn Thị Mẫu",
    "cccd": "019190000001",
    "phone": "0912345678",
    "birth_year": 1990,
    "sex": "female",
}
DECLARATION = {
    "person": PERSON,
    "commune_code": "05908",
    "address": "Tổ 1",
    "tested_on": "2022-02-10",
    "vaccination_doses": 2,
}
DOCTOR = {"name": "BS. Trần Mẫu", "phone": "0987654321", "commune_codes": ["05908"], "capacity": 20}
SHIFT = {"from_at": "2022-02-11T11:00:00Z", "until_at": "2022-02-11T23:00:00Z", "kind": "night"}
LENT = {"kind": "oximeter", "serial": "SPO-0001", "due_back_on": "2022-02-24"}


async def test_every_act_is_for_staff_of_the_area_and_every_duty_for_who_keeps_the_roster(house) -> None:
    client = house.client
    admin = bearer("administrator")
    await client.put("/v1/doctors/dr-1", json=DOCTOR, headers=admin)
    reply = await client.post("/v1/patients", json=DECLARATION, headers=OFFICER)
    person_id = reply.json()["person_id"]
    own, template = f"/v1/patients/{person_id}", "/v1/patients/{person_id}"
    keepers = ("health_officer", "administrator")
    shift = "/v1/doctors/dr-1/shifts/night-1"

    def rule(method, path, url, roles=STAFF, json=None, **more) -> Rule:
        def request() -> dict:
            return {"url": url, **({} if json is None else {"json": json})}

        return Rule(method, path, frozenset(roles), request, person_id=person_id, **more)

    def act(path, json, method="POST", url=None, **more) -> Rule:
        return rule(method, f"{template}{path}", url or f"{own}{path}", json=json, **more)

    either = frozenset({200, 404, 409})
    rules = [
        rule("GET", "/v1/worklist", "/v1/worklist?tab=all", is_filtered=True),
        act("/care", None, "GET"),
        act("/acknowledgement", {}),
        act("/snooze", {"minutes": 10, "note": "đang ngủ"}),
        act("/snooze", None, "DELETE"),
        act("/calls", {"result": "no_answer"}),
        act("/medicines", {"bag": "A"}),
        act("/knock", {"minutes": 60}),
        act("/knock/answer", {"result": "well"}, good=either),
        act("/equipment", LENT),
        act("/equipment/return", {"kind": "oximeter", "serial": "SPO-0001"}, good=either),
        act("/team", {"staff_id": "nurse-1", "role": "nurse"}),
        act("/team/{staff_id}", None, "DELETE", f"{own}/team/nurse-1"),
        rule("PUT", "/v1/doctors/{doctor_id}/shifts/{shift_id}", shift, keepers, SHIFT),
        rule(
            "DELETE", "/v1/doctors/{doctor_id}/shifts/{shift_id}", shift, keepers, good=frozenset({200, 404})
        ),
        rule("POST", "/v1/doctors/{doctor_id}/duty", "/v1/doctors/dr-1/duty", keepers, {"on_duty": True}),
        rule("GET", "/v1/cover", "/v1/cover?commune_code=05908", is_scoped=False),
        rule("GET", "/v1/duty-plan", "/v1/duty-plan?days=1", is_scoped=False),
    ]
    place = Place(("05908", "173", "19"), ("05431", "164"))

    faults = await access_faults(house.app, client, rules, place)

    ours = {
        (method, route.path)
        for part in (care, duty)
        for route in part.router.routes
        for method in route.methods
    }
    tried = {(rule.method, rule.path) for rule in rules}
    assert ours - tried == {("GET", "/v1/worklist/stream")}  # it does not end, and is tried below
    assert [fault for fault in faults if "not in the access table" not in fault] == []


async def test_the_stream_needs_a_role(house) -> None:
    stream = "/v1/worklist/stream"

    assert (await house.client.get(stream)).status_code == 401
    assert (await house.client.get(stream, headers=bearer("citizen"))).status_code == 403


async def test_a_doctor_changes_only_the_own_duty(house) -> None:
    for doctor_id in ("dr-1", "doctor-2"):
        await house.client.put(f"/v1/doctors/{doctor_id}", json=DOCTOR, headers=bearer("administrator"))
    me = bearer("doctor", ("173",), sub="dr-1")

    mine = await house.client.post("/v1/doctors/dr-1/duty", json={"on_duty": False}, headers=me)
    others = await house.client.post("/v1/doctors/doctor-2/duty", json={"on_duty": False}, headers=me)

    assert (mine.status_code, mine.json()["on_duty"]) == (200, False)
    assert others.status_code == 403
    assert "Bạn chỉ đổi được ca của mình" in others.json()["detail"]
