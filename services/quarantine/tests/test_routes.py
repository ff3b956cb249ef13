"""The service through its HTTP door: orders, declarations, search, who may what."""

from datetime import timedelta
from typing import Any

import pytest

from common.http.auth import ROLES
from common.testing.access import Place, Rule, access_faults
from common.testing.sign_in import bearer
from services.quarantine.tests.office_access import office_rules
from services.quarantine.tests.supervision_access import supervision_rules

OFFICER = bearer("health_officer", ["05443"], subject="cb-05443")
PERSON = {
    "full_name": "Nguyễn Thị Mẫu",
    "cccd": "019184000123",
    "birth_year": 1984,
    "sex": "female",
    "phone": "0912 345 678",
}
ORDER = {
    "person": PERSON,
    "commune_code": "05443",
    "address": "Số 12, tổ 3",
    "category": "f1",
    "place": "home",
    "last_exposure_on": "2021-08-01",
    "vaccination_doses": 1,
    "order_number": "12/QĐ-UBND",
    "household_id": "home-1",
}
REPORT = {
    "reported_at": "2021-08-02T02:00:00Z",
    "declared_by": "self",
    "temperature_celsius": 36.8,
    "symptoms": [],
}


def citizen(person_id: str) -> dict[str, str]:
    return bearer("citizen", [], person_id=person_id, subject=f"tk-{person_id}")


@pytest.fixture
async def ordered(running) -> dict[str, Any]:
    response = await running.client.post("/v1/cases", json=ORDER, headers=OFFICER)
    assert response.status_code == 201, response.text
    return response.json()


async def test_an_order_is_answered_with_the_end_the_tests_and_the_reason(ordered):
    assert ordered["person"]["full_name"] == "Nguyễn Thị Mẫu"
    assert (ordered["starts_on"], ordered["ends_on"], ordered["day"], ordered["days"]) == (
        "2021-08-02", "2021-08-15", 1, 14,
    )  # fmt: skip
    assert [test["on"] for test in ordered["tests"]] == ["2021-08-02", "2021-08-08", "2021-08-15"]
    assert "14 ngày kể từ lần tiếp xúc cuối" in ordered["reason"]["text"]
    assert "5599/BYT-MT (14/07/2021)" in ordered["reason"]["text"]
    assert ordered["duty"]["state"] == "due"
    assert ordered["paper"]["number"] == "12/QĐ-UBND"


async def test_nothing_personal_reaches_state_facts_or_answers_in_clear(running, ordered):
    note = {"outcome": "wrong_entry", "reason": "Nhầm với bà Nguyễn Thị Mẫu"}
    await running.client.post(f"/v1/cases/{ordered['person_id']}/release", json=note, headers=OFFICER)
    text = repr(running.cases.aggregates) + repr(running.cases.facts())

    for secret in ("Nguyễn", "Mẫu", "019184000123", "912345678", "Số 12"):
        assert secret not in text


async def test_a_repeated_request_orders_once(running):
    headers = OFFICER | {"Idempotency-Key": "one-and-the-same"}
    answers = [await running.client.post("/v1/cases", json=ORDER, headers=headers) for _ in range(3)]

    assert {a.status_code for a in answers} == {201}
    assert len({a.text for a in answers}) == 1
    assert len(running.cases.facts()) == 1


async def test_the_same_person_twice_is_a_conflict_that_says_what_is_equal(running, ordered):
    again = await running.client.post("/v1/cases", json={**ORDER, "confirm": True}, headers=OFFICER)

    assert again.status_code == 409
    assert again.json()["type"].endswith("already-in-quarantine")
    assert "Trùng giấy tờ" in again.json()["detail"]


async def test_a_namesake_with_the_same_phone_is_warned_about_until_confirmed(running, ordered):
    twin = {
        **ORDER,
        "person": {**PERSON, "cccd": None, "passport": "B1234567", "full_name": "nguyen thi MAU"},
    }
    warned = await running.client.post("/v1/cases", json=twin, headers=OFFICER)
    confirmed = await running.client.post("/v1/cases", json={**twin, "confirm": True}, headers=OFFICER)

    assert (warned.status_code, warned.json()["type"]) == (409, "urn:la-chan:problem:possible-duplicate")
    assert "số điện thoại" in warned.json()["detail"]
    assert confirmed.status_code == 201
    assert confirmed.json()["person_id"] != ordered["person_id"]


async def test_a_namesake_of_another_birth_and_phone_is_nobodys_duplicate(running, ordered):
    other = {"full_name": "Nguyễn Thị Mẫu", "cccd": "019190000124", "birth_year": 1990, "sex": "female"}
    response = await running.client.post("/v1/cases", json={**ORDER, "person": other}, headers=OFFICER)

    assert response.status_code == 201


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"commune_code": "99999"}, 422, "danh mục"),
        ({"commune_code": "05500"}, 403, "địa bàn"),
        ({"last_exposure_on": "2021-08-03"}, 422, "tương lai"),
        ({"person": {**PERSON, "birth_year": 1985}}, 422, "1984"),
        ({"person": {**PERSON, "sex": "male"}}, 422, "giới tính"),
        ({"person": {**PERSON, "phone": "12345"}}, 422, "điện thoại"),
        ({"surprise": 1}, 422, ""),
        ({"category": "f9"}, 422, ""),
        ({"last_exposure_on": "2021-07-01"}, 409, "Không cần ra quyết định"),
    ],
)
async def test_wrong_input_is_refused_in_vietnamese_and_changes_nothing(running, change, status, word):
    response = await running.client.post("/v1/cases", json={**ORDER, **change}, headers=OFFICER)

    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    assert word in response.text
    assert running.cases.aggregates == {}


@pytest.mark.parametrize("typed", ["nguyen thi mau", "Mẫu", "019184000123", "0912345678", "+84 912 345 678"])
async def test_people_are_found_without_accents_by_paper_or_by_phone(running, ordered, typed):
    found = await running.client.get("/v1/people", params={"q": typed}, headers=OFFICER)
    [hit] = found.json()["items"]

    assert (hit["person_id"], hit["id_tail"], hit["phone_masked"]) == (ordered["person_id"], "0123", "***678")


async def test_an_officer_of_elsewhere_finds_nobody_and_reads_nothing(running, ordered):
    elsewhere = bearer("health_officer", ["05500"])
    path = f"/v1/cases/{ordered['person_id']}"

    assert (await running.client.get("/v1/people?q=mau", headers=elsewhere)).json()["items"] == []
    assert (await running.client.get("/v1/cases", headers=elsewhere)).json()["items"] == []
    assert (await running.client.get(path, headers=elsewhere)).status_code == 404
    assert (await running.client.get(f"{path}/reports", headers=elsewhere)).status_code == 404


async def test_a_citizen_declares_and_gets_a_receipt(running, ordered):
    me = citizen(ordered["person_id"])
    path = f"/v1/cases/{ordered['person_id']}/reports"
    running.clock.move(timedelta(hours=1))
    headers = me | {"Idempotency-Key": "the-morning-one"}
    first = await running.client.post(path, json=REPORT, headers=headers)
    again = await running.client.post(path, json=REPORT, headers=headers)

    assert first.status_code == 201, first.text
    assert first.json()["receipt"].startswith("CL-")
    assert first.json()["is_late"] is False
    assert again.json() == first.json()
    assert len(running.reports.rows) == 1


async def test_a_phone_may_tell_its_own_time_zone(running, ordered):
    running.clock.move(timedelta(hours=2))
    path = f"/v1/cases/{ordered['person_id']}/reports"
    body = {**REPORT, "reported_at": "2021-08-02T09:30:00+07:00"}
    receipt = await running.client.post(path, json=body, headers=citizen(ordered["person_id"]))

    assert receipt.json()["reported_at"] == "2021-08-02T02:30:00Z"
    assert running.reports.facts()[0].data.count("+07:00") == 0


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"temperature_celsius": 370}, "impossible-measurement"),
        ({"spo2_percent": 130}, "impossible-measurement"),
        ({"reported_at": "2021-08-02T03:11:00Z"}, "future-dated"),
        ({"reported_at": "2021-07-20T03:11:00Z"}, "too-long-ago"),
        ({"reported_at": "2021-08-02T08:00:00"}, "invalid-input"),
        ({"symptoms": ["Nguyễn Thị Mẫu bị ho"]}, "invalid-input"),
    ],
)
async def test_a_declaration_that_cannot_be_is_refused(running, ordered, change, slug):
    running.clock.move(timedelta(hours=2))  # 10:00 in Vietnam, 03:00 UTC
    path = f"/v1/cases/{ordered['person_id']}/reports"
    response = await running.client.post(
        path, json={**REPORT, **change}, headers=citizen(ordered["person_id"])
    )

    assert (response.status_code, response.json()["type"]) == (422, f"urn:la-chan:problem:{slug}")
    assert running.reports.rows == {}


async def test_the_citizens_page_says_what_when_and_why(running, ordered):
    me = citizen(ordered["person_id"])
    daughter = {
        **ORDER,
        "person": {**PERSON, "cccd": "019384000125", "full_name": "Trần Mẫu Con", "sex": "female"},
    }
    daughter["person"] |= {"cccd": "019310000125", "birth_year": 2010, "phone": None}
    made = await running.client.post("/v1/cases", json=daughter, headers=OFFICER)
    assert made.status_code == 201, made.text
    running.clock.move(timedelta(hours=1))
    path = f"/v1/cases/{ordered['person_id']}/reports"
    await running.client.post(path, json=REPORT, headers=me)
    page = (await running.client.get("/v1/me", headers=me)).json()

    assert (page["full_name"], page["case"]["ends_on"]) == ("Nguyễn Thị Mẫu", "2021-08-15")
    assert page["last_receipt"]["receipt"].startswith("CL-")
    assert [member["full_name"] for member in page["family"]] == ["Trần Mẫu Con"]


async def test_a_mother_declares_for_the_household_but_not_for_the_neighbour(running, ordered):
    me = citizen(ordered["person_id"])
    child = {"full_name": "Trần Mẫu Con", "cccd": "019310000125", "birth_year": 2010, "sex": "female"}
    own = (await running.client.post("/v1/cases", json={**ORDER, "person": child}, headers=OFFICER)).json()
    other = {"full_name": "Lê Văn Mẫu", "cccd": "019090000126", "birth_year": 1990, "sex": "male"}
    next_door = {**ORDER, "person": other, "household_id": "home-2"}
    foreign = (await running.client.post("/v1/cases", json=next_door, headers=OFFICER)).json()
    running.clock.move(timedelta(hours=1))

    hers = await running.client.post(f"/v1/cases/{own['person_id']}/reports", json=REPORT, headers=me)
    his = await running.client.post(f"/v1/cases/{foreign['person_id']}/reports", json=REPORT, headers=me)
    assert (hers.status_code, his.status_code) == (201, 404)
    assert next(iter(running.reports.rows.values())).declared_by == "relative"


async def test_people_see_who_read_their_data(running, ordered):
    me = citizen(ordered["person_id"])
    doctor = bearer("doctor", ["164"])
    await running.client.get(f"/v1/cases/{ordered['person_id']}", headers=doctor)
    readings = (await running.client.get("/v1/me/readings", headers=me)).json()["items"]

    assert {reading["purpose"] for reading in readings} == {"Ra quyết định cách ly", "Xem hồ sơ cách ly"}


async def test_release_and_extension_answer_with_the_file_and_the_reason(running, ordered):
    path = f"/v1/cases/{ordered['person_id']}"
    early = await running.client.post(f"{path}/release", json={"outcome": "completed"}, headers=OFFICER)
    longer = {"ends_on": "2021-08-17", "reason_code": "new_case_at_home", "reason": "Con gái mới dương tính"}
    moved = await running.client.post(f"{path}/extensions", json=longer, headers=OFFICER)
    running.clock.move(timedelta(days=15))
    done = await running.client.post(f"{path}/release", json={"outcome": "completed"}, headers=OFFICER)

    assert (early.status_code, early.json()["type"]) == (409, "urn:la-chan:problem:release-too-early")
    assert "15/08/2021" in early.json()["detail"]
    assert (moved.json()["ends_on"], moved.json()["note"]) == ("2021-08-17", "Con gái mới dương tính")
    assert (done.json()["status"], done.json()["outcome"]) == ("ended", "completed")


@pytest.mark.parametrize("body", [{"outcome": "lost"}, {"outcome": "lost", "reason": ""}])
async def test_ending_before_the_days_are_done_needs_words(running, ordered, body):
    path = f"/v1/cases/{ordered['person_id']}/release"

    assert (await running.client.post(path, json=body, headers=OFFICER)).status_code == 422


async def test_the_worklists_count_what_they_list(running, ordered):
    async def lists():
        counts = (await running.client.get("/v1/case-counts", headers=OFFICER)).json()["counts"]
        listed = {}
        for status in counts:
            page = await running.client.get("/v1/cases", params={"status": status}, headers=OFFICER)
            listed[status] = len(page.json()["items"])
        assert counts == listed
        return {status for status, n in counts.items() if n}

    assert await lists() == {"open", "due"}
    running.clock.move(timedelta(hours=9, seconds=21))
    await running.fire()
    assert await lists() == {"open", "overdue"}
    running.clock.move(timedelta(days=13))
    await running.fire()
    assert await lists() == {"open", "overdue", "ending"}


async def test_lists_come_in_pages(running, ordered):
    for n in range(3):
        person = {**PERSON, "cccd": f"01918400020{n}", "full_name": f"Trần Mẫu {'ABC'[n]}", "phone": None}
        made = await running.client.post("/v1/cases", json={**ORDER, "person": person}, headers=OFFICER)
        assert made.status_code == 201, made.text
    seen, cursor = [], ""
    for _ in range(4):
        query = {"limit": 3, **({"cursor": cursor} if cursor else {})}
        page = (await running.client.get("/v1/cases", params=query, headers=OFFICER)).json()
        seen += [item["person_id"] for item in page["items"]]
        cursor = page["next"]
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == 4


async def test_the_protocols_are_public_to_everybody_signed_in(running):
    items = (await running.client.get("/v1/protocols", headers=citizen("p-x"))).json()["items"]

    assert {p["code"] for p in items if p["is_in_force"]} == {"5599-byt-mt", "local-1"}  # on 2 August 2021


async def supervised(running, path) -> tuple[str, str, str]:
    """Let somebody be asked to check in, be reported elsewhere, and ask for help; return the ids of these."""
    await running.relay()
    await running.consume()
    for act, body in {
        "check-ins": {},
        "breaches": {"at": "2021-08-02T01:30:00Z", "words": "Hàng xóm báo"},
        "needs": {"kind": "food"},
    }.items():
        answer = await running.client.post(f"{path}/{act}", json=body, headers=OFFICER)
        assert answer.status_code == 201, answer.text
    seen = (await running.client.get(f"{path}/supervision", headers=OFFICER)).json()
    request_id = seen["open_check_in"]["request_id"]
    return request_id, seen["breaches"][0]["evidence_id"], seen["needs"][0]["need_id"]


def beside_rules(person_id: str, numbers: Any) -> list[Rule]:
    """Merges, contacts, households: who may ask; what is asked for does not exist, so nothing changes."""
    officer, readers = frozenset({"health_officer"}), frozenset({"health_officer", "doctor", "administrator"})
    nothing, missing = "00000000-0000-5000-8000-000000000000", frozenset({404})
    pair = {"survivor_id": person_id, "other_id": "pnobody"}

    def met() -> dict[str, Any]:
        body = {
            "full_name": f"Mẫu Văn {'ABCDEFGHIJ'[next(numbers) % 10]}",
            "commune_code": "05443",
            "met_on": "2021-08-01",
            "closeness": "touched",
        }
        return {"url": f"/v1/cases/{person_id}/contacts", "json": body}

    def household() -> dict[str, Any]:
        who = {
            "full_name": "Mẫu Văn Hộ",
            "passport": f"Y00{next(numbers)}",
            "birth_year": 1990,
            "sex": "male",
        }
        shared = {**ORDER, "person": who, "confirm": True}
        return {"url": "/v1/household-orders", "json": {"shared": shared}}

    def posted(path: str, body: dict[str, Any]) -> Any:
        return lambda: {"url": path, "json": body}

    def got(path: str) -> Any:
        return lambda: {"url": path}

    contact = f"/v1/contacts/{nothing}"
    query = "&".join(f"{name}={value}" for name, value in pair.items())
    return [
        Rule("GET", "/v1/merge-previews", officer, got(f"/v1/merge-previews?{query}"), good=missing),
        Rule("POST", "/v1/merges", officer, posted("/v1/merges", {**pair, "seen": "x"}), good=missing),
        Rule("GET", "/v1/merges", officer, got(f"/v1/merges?person_id={person_id}"), is_filtered=True),
        Rule(
            "POST",
            "/v1/merges/{merge_id}/undo",
            officer,
            got(f"/v1/merges/{nothing}/undo"),
            good=missing,
        ),
        Rule("POST", "/v1/cases/{person_id}/contacts", officer, met),
        Rule("GET", "/v1/cases/{person_id}/chain", readers, got(f"/v1/cases/{person_id}/chain")),
        Rule(
            "POST",
            "/v1/contacts/{contact_id}/file",
            officer,
            posted(f"{contact}/file", {"person_id": person_id}),
            good=missing,
        ),
        Rule(
            "POST",
            "/v1/contacts/{contact_id}/decline",
            officer,
            posted(f"{contact}/decline", {}),
            good=missing,
        ),
        Rule("GET", "/v1/contact-proposals", readers, got("/v1/contact-proposals"), is_filtered=True),
        Rule("POST", "/v1/contacts/{contact_id}/raise", officer, got(f"{contact}/raise"), good=missing),
        Rule("GET", "/v1/households", readers, got("/v1/households"), is_scoped=False),
        Rule("POST", "/v1/household-orders", officer, household, is_scoped=False),
    ]


def phone_rules(path: str, person_id: str) -> list[Rule]:
    """Phones: officers give and block, people see their own, whoever comes may try a code."""
    officer, mine = frozenset({"health_officer"}), frozenset({"citizen"})
    readers = frozenset({"health_officer", "doctor", "administrator"})
    nobody, me = frozenset[str](), {"person_id": person_id}
    refused, unknown = frozenset({403}), "0123456789abcdef"
    key = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}
    answer = {"person_id": person_id, "challenge": "x" * 30, "signature": "A" * 86}

    def public(method: str, route: str, good: int, **request: Any) -> Rule:
        return Rule(method, route, nobody, lambda: request, good=frozenset({good}), is_public=True)

    rows = {"declarations": [{"external_id": "a"}]}
    return [
        # Partners are named by agreement: a token of the role alone is told that there is none.
        Rule(
            "POST",
            "/v1/intake/declarations",
            frozenset({"partner"}),
            lambda: {"url": "/v1/intake/declarations", "json": rows},
            good=refused,
        ),
        Rule(
            "POST",
            "/v1/cases/{person_id}/enrolments",
            officer,
            lambda: {"url": f"{path}/enrolments", "json": {}},
        ),
        Rule("GET", "/v1/cases/{person_id}/enrolments", readers, lambda: {"url": f"{path}/enrolments"}),
        # A code that nobody was given: officers too are told that there is none in their reach.
        Rule(
            "POST",
            "/v1/enrolments/{device_id}/revocation",
            officer,
            lambda: {"url": f"/v1/enrolments/{unknown}/revocation"},
            good=refused,
        ),
        Rule("GET", "/v1/me/phones", mine, lambda: {"url": "/v1/me/phones"}, any_citizen=True, **me),
        Rule(
            "POST",
            "/v1/me/phones/{device_id}/revocation",
            mine,
            lambda: {"url": f"/v1/me/phones/{unknown}/revocation"},
            good=refused,
            **me,
        ),
        Rule("GET", "/v1/me/data", mine, lambda: {"url": "/v1/me/data"}, any_citizen=True, **me),
        Rule("POST", "/v1/me/erasure", mine, lambda: {"url": "/v1/me/erasure"}, any_citizen=True, **me),
        Rule("GET", "/v1/callbacks", officer, lambda: {"url": "/v1/callbacks"}, is_filtered=True),
        Rule(
            "POST",
            "/v1/callbacks/{person_id}/called",
            officer,
            lambda: {"url": "/v1/callbacks/pnobody/called"},
            good=frozenset({404}),
        ),
        public("POST", "/v1/sms", 401, url="/v1/sms", json={}),
        public("GET", "/v1/consents", 200, url="/v1/consents"),
        public("GET", "/v1/device-keys", 200, url="/v1/device-keys"),
        public("POST", "/v1/device-challenges", 201, url="/v1/device-challenges"),
        public("POST", "/v1/devices", 403, url="/v1/devices", json={"code": "AAAAAAAAAA", "public_key": key}),
        public(
            "POST", "/v1/devices/{device_id}/tokens", 403, url=f"/v1/devices/{unknown}/tokens", json=answer
        ),
    ]


async def test_every_route_role_and_area_is_as_the_table_says(running, ordered):
    person_id = ordered["person_id"]
    path = f"/v1/cases/{person_id}"
    running.clock.move(timedelta(hours=1))
    numbers = iter(range(1000, 9999))

    def new_order() -> dict[str, Any]:
        who = {
            "full_name": "Mẫu Văn Mới",
            "passport": f"X00{next(numbers)}",
            "birth_year": 1990,
            "sex": "male",
        }
        return {"url": "/v1/cases", "json": {**ORDER, "person": who, "confirm": True}}

    def longer() -> dict[str, Any]:
        day = f"2021-09-{(next(numbers) % 20) + 1:02}"
        body = {"ends_on": day, "reason_code": "correction", "reason": "Sửa ngày nhập nhầm"}
        return {"url": f"{path}/extensions", "json": body}

    def positive() -> dict[str, Any]:
        """A day before the stay: whoever may ask is told so, and the stay goes on."""
        return {"url": f"{path}/positive-test", "json": {"tested_on": "2020-01-01", "kind": "rapid"}}

    def release() -> dict[str, Any]:
        return {"url": f"{path}/release", "json": {"outcome": "completed"}}

    def apply() -> dict[str, Any]:
        body = {"cases": [{"person_id": person_id, "ends_on": "2021-08-15"}]}
        return {"url": "/v1/protocol-changes", "json": body}

    officer, readers = frozenset({"health_officer"}), frozenset({"health_officer", "doctor", "administrator"})
    everybody = readers | {"citizen"}
    officials = frozenset({"health_officer", "administrator"})
    foreseers, here = officials | {"ioc_operator"}, "?commune_code=05443"
    declarants = frozenset({"health_officer", "administrator", "citizen"})
    me = {"person_id": person_id}
    rules = [
        *await office_rules(running, person_id),
        Rule("POST", "/v1/cases", officer, new_order),
        Rule("GET", "/v1/cases", readers, lambda: {"url": "/v1/cases"}, is_filtered=True),
        Rule("GET", "/v1/case-counts", readers, lambda: {"url": "/v1/case-counts"}, is_scoped=False),
        Rule("GET", "/v1/cases/{person_id}", everybody, lambda: {"url": path}, **me),
        Rule(
            "POST",
            "/v1/cases/{person_id}/reports",
            declarants,
            lambda: {"url": f"{path}/reports", "json": REPORT},
            **me,
        ),
        Rule("GET", "/v1/cases/{person_id}/reports", everybody, lambda: {"url": f"{path}/reports"}, **me),
        # On the first day nobody may complete: those who may ask get the refusal of the domain.
        Rule("POST", "/v1/cases/{person_id}/release", officer, release, good=frozenset({409})),
        Rule("POST", "/v1/cases/{person_id}/extensions", officer, longer),
        Rule("POST", "/v1/cases/{person_id}/positive-test", officer, positive, good=frozenset({422})),
        Rule("GET", "/v1/communes", readers, lambda: {"url": "/v1/communes"}, is_scoped=False),
        Rule("GET", "/v1/people", readers, lambda: {"url": "/v1/people?q=mau"}, is_filtered=True),
        Rule(
            "GET",
            "/v1/protocols",
            frozenset(ROLES),
            lambda: {"url": "/v1/protocols"},
            is_scoped=False,
            any_citizen=True,
        ),
        Rule("GET", "/v1/protocol-changes", foreseers, lambda: {"url": f"/v1/protocol-changes{here}"}),
        Rule(
            "GET",
            "/v1/protocol-changes/cases",
            foreseers,
            lambda: {"url": f"/v1/protocol-changes/cases{here}"},
        ),
        Rule("POST", "/v1/protocol-changes", officials, apply),
        Rule("GET", "/v1/me", frozenset({"citizen"}), lambda: {"url": "/v1/me"}, **me),
        Rule(
            "GET",
            "/v1/me/readings",
            frozenset({"citizen"}),
            lambda: {"url": "/v1/me/readings"},
            any_citizen=True,
            **me,
        ),
        *supervision_rules(person_id, *await supervised(running, path)),
        *phone_rules(path, person_id),
    ]
    rules += move_rules(person_id, await a_facility(running))

    rules += beside_rules(person_id, numbers)
    place = Place(inside=("05443", "164", "19"), outside=("05500", "165", "18"))

    assert await access_faults(running.service.app(), running.client, rules, place) == []


FACILITY = {
    "name": "Khu cách ly mẫu",
    "commune_code": "05443",
    "serves": "05443",
    "rooms": [{"code": "A1", "beds": 2}],
}


async def a_facility(running) -> str:
    made = await running.client.post(
        "/v1/facilities", json=FACILITY, headers=bearer("health_officer", ["164"])
    )
    return made.json()["facility_id"]


def move_rules(person_id: str, facility_id: str) -> list[Rule]:
    """Tests, households, handovers and beds; with nothing proposed or offered the refusal is the answer."""
    officer, readers = frozenset({"health_officer"}), frozenset({"health_officer", "doctor", "administrator"})
    officials = frozenset({"health_officer", "administrator"})
    case, hall = f"/v1/cases/{person_id}", f"/v1/facilities/{facility_id}"
    sample = {"kind": "rapid", "taken_at": "2021-08-02T08:30:00+07:00"}
    offer = {"to_commune_code": "05443", "address": "Xóm 2", "reason": "Về ở với bố mẹ"}
    answer = {"handover_id": "h-1", "reason": "Không có người này"}
    gone, no_offer = frozenset({409}), frozenset({404})

    def post(url: str, body: Any) -> Any:
        return lambda: {"url": url, "json": body}

    def get(url: str) -> Any:
        return lambda: {"url": url}

    many = {**sample, "people": [person_id]}
    return [
        Rule("GET", "/v1/tests", readers, get("/v1/tests"), is_filtered=True),
        Rule("GET", "/v1/test-counts", readers, get("/v1/test-counts"), is_scoped=False),
        Rule(
            "GET",
            "/v1/cases/{person_id}/tests",
            readers | {"citizen"},
            get(f"{case}/tests"),
            person_id=person_id,
        ),
        Rule(
            "POST",
            "/v1/cases/{person_id}/tests",
            officer,
            post(f"{case}/tests", {**sample, "verdict": "negative"}),
        ),
        Rule("POST", "/v1/test-results", officer, post("/v1/test-results", many)),
        Rule("GET", "/v1/home-proposals", officer, get("/v1/home-proposals"), is_scoped=False),
        Rule(
            "POST",
            "/v1/home-proposals/{person_id}/order",
            officer,
            post(f"/v1/home-proposals/{person_id}/order", {}),
            good=gone,
            is_scoped=False,
        ),
        Rule(
            "POST",
            "/v1/home-proposals/{person_id}/dismissal",
            officer,
            post(f"/v1/home-proposals/{person_id}/dismissal", {"reason": "Không ở đây"}),
            good=gone,
            is_scoped=False,
        ),
        Rule("GET", "/v1/all-communes", officer, get("/v1/all-communes"), is_scoped=False),
        Rule("GET", "/v1/handovers", officer, get("/v1/handovers?direction=in"), is_scoped=False),
        Rule("POST", "/v1/cases/{person_id}/handover", officer, post(f"{case}/handover", offer)),
        *(
            Rule(
                "POST",
                f"/v1/handovers/{{person_id}}/{verb}",
                officer,
                post(f"/v1/handovers/{person_id}/{verb}", body),
                good=no_offer,
                is_scoped=False,
            )
            for verb, body in (
                ("acceptance", {"handover_id": "h-1"}),
                ("rejection", answer),
                ("withdrawal", answer),
            )
        ),
        Rule("GET", "/v1/facilities", officials, get("/v1/facilities"), is_scoped=False),
        Rule("POST", "/v1/facilities", officials, post("/v1/facilities", FACILITY)),
        Rule("GET", "/v1/facilities/{facility_id}", officials, get(hall)),
        Rule(
            "PUT",
            "/v1/facilities/{facility_id}",
            officials,
            lambda: {"url": hall, "json": FACILITY},
        ),
        Rule(
            "POST",
            "/v1/facilities/{facility_id}/beds",
            officer,
            post(f"{hall}/beds", {"person_id": person_id}),
        ),
        Rule("POST", "/v1/cases/{person_id}/home-again", officer, post(f"{case}/home-again", None)),
    ]


async def test_counts_of_another_area_are_zero(running, ordered):
    counts = (await running.client.get("/v1/case-counts", headers=bearer("doctor", ["165"]))).json()["counts"]

    assert set(counts.values()) == {0}


async def test_the_pages_are_served_under_a_strict_policy(running):
    for path in ("/khai-bao", "/cases", "/co-so-cach-ly", "/toi"):
        response = await running.client.get(path)
        assert response.status_code == 200
        policy = response.headers["content-security-policy"]
        assert "'unsafe-inline'" not in policy
        assert "default-src 'self'" in policy
