"""Taking, putting aside, phoning, medicine, a knock, lent devices: what happens to one patient."""

import pytest

from common.testing.sign_in import bearer

OFFICER = bearer("health_officer", ("173",), sub="officer-1")
DOCTOR = bearer("doctor", ("173",), sub="dr-1")
ADMIN = bearer("administrator")
PERSON = {"full_name": "Nguyễn Thị Mẫu", "phone": "0912345678", "birth_year": 1990, "sex": "female"}


@pytest.fixture
async def url(house) -> str:
    """The address of an open record with a doctor."""
    roster = {"name": "BS. Trần Mẫu", "phone": "0987654321", "district_codes": ["173"], "capacity": 20}
    await house.client.put("/v1/doctors/dr-1", json=roster, headers=ADMIN)
    return await declare(house)


async def declare(house, cccd: str = "019190000001", **more) -> str:
    body = {
        "person": {**PERSON, "cccd": cccd},
        "commune_code": "05908",
        "address": "Tổ 1",
        "tested_on": "2022-02-10",
        "vaccination_doses": 2,
        **more,
    }
    reply = await house.client.post("/v1/patients", json=body, headers=OFFICER)
    assert reply.status_code == 201, reply.text
    return f"/v1/patients/{reply.json()['person_id']}"


async def send(
    house, path: str, body: dict | None, headers=DOCTOR, method="POST", status=200, key=""
) -> dict:
    more = {"Idempotency-Key": key} if key else {}
    extra = {} if body is None else {"json": body}
    reply = await house.client.request(method, path, headers={**headers, **more}, **extra)
    assert reply.status_code == status, reply.text
    return reply.json()


async def rows(house, tab: str, headers=DOCTOR) -> list[dict]:
    return (await house.client.get(f"/v1/worklist?tab={tab}", headers=headers)).json()["items"]


async def danger(house, url: str) -> None:
    """The patient declares that breathing is hard."""
    at = house.clock.now().isoformat()
    body = {
        "reported_at": at,
        "declared_by": "self",
        "spo2_percent": 92,
        "spo2_repeat_percent": 91,
        "temperature_celsius": 37.0,
        "on_oxygen": False,
        "consciousness": "alert",
        "symptoms": ["dyspnoea"],
    }
    await send(house, f"{url}/reports", body, OFFICER, status=201)
    await house.deliver()


async def test_colleagues_see_at_once_who_is_at_it_and_another_may_take_over(house, url) -> None:
    care = await send(house, f"{url}/acknowledgement", {})
    assert (care["taken"]["name"], care["taken"]["is_me"]) == ("BS. Trần Mẫu", True)
    [row] = await rows(house, "all", OFFICER)
    assert (row["taken"]["by"], row["taken"]["is_me"]) == ("dr-1", False)

    assert (await send(house, f"{url}/acknowledgement", {}, OFFICER))["taken"]["by"] == "officer-1"
    assert (await send(house, f"{url}/acknowledgement", {"gives_back": True}, OFFICER))["taken"] is None


async def test_a_snooze_leaves_the_list_and_comes_back_by_the_clock(house, url) -> None:
    care = await send(house, f"{url}/snooze", {"minutes": 60, "note": "Đang ngủ, vợ trông"})
    assert (care["snooze"]["note"], care["snooze"]["by_name"]) == ("Đang ngủ, vợ trông", "BS. Trần Mẫu")
    assert [len(await rows(house, tab)) for tab in ("aside", "quiet")] == [1, 0]

    house.clock.forward(minutes=60, seconds=1)
    await house.fire_timers()

    assert await rows(house, "aside") == []
    await house.deliver()
    care = await send(house, f"{url}/care", None, method="GET")
    newest = care["timeline"][0]
    assert (newest["what"], newest["details"]["because"]) == ("snooze-ended", "due")


async def test_a_snooze_ends_at_once_when_the_risk_rises(house, url) -> None:
    await send(house, f"{url}/snooze", {"minutes": 60, "note": "Đã gọi, ổn"})

    await danger(house, url)

    assert [row["risk_level"] for row in await rows(house, "act")] == ["very_high"]
    assert await rows(house, "aside") == []
    await house.deliver()
    what = [(e["what"], e["details"].get("because")) for e in (await care_of(house, url))["timeline"]]
    assert ("snooze-ended", "risk-rose") in what
    names = {timer.name for timer in house.patients.aggregates[url.rpartition("/")[2]].timers}
    assert names == {"declaration"}


async def care_of(house, url: str) -> dict:
    return await send(house, f"{url}/care", None, method="GET")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"minutes": 60, "note": " "}, "note"),
        ({"minutes": 721, "note": "nghỉ"}, "minutes"),
        ({"minutes": 1, "note": "nghỉ"}, "minutes"),
    ],
)
async def test_a_snooze_says_why_and_is_bounded(house, url, body, field) -> None:
    refused = await send(house, f"{url}/snooze", body, status=422)

    assert field in str(refused)
    assert (await care_of(house, url))["snooze"] is None


async def test_the_worse_the_shorter(house, url) -> None:
    await danger(house, url)

    refused = await send(house, f"{url}/snooze", {"minutes": 60, "note": "chờ xe"}, status=422)

    assert "đến 30 phút" in refused["detail"]
    assert (await care_of(house, url))["snooze_max_minutes"] == 30


async def test_calls_are_counted_until_somebody_answers_and_a_repeat_counts_once(house, url) -> None:
    for key in ("call-00001", "call-00001", "call-00002"):
        care = await send(house, f"{url}/calls", {"result": "no_answer"}, key=key)
    assert care["unanswered_calls"] == 2
    [row] = await rows(house, "all")
    assert row["unanswered_calls"] == 2

    care = await send(house, f"{url}/calls", {"result": "reached", "note": "Vẫn ho, hết sốt"})

    assert care["unanswered_calls"] == 0
    await house.deliver()
    await house.deliver()
    calls = [e for e in (await care_of(house, url))["timeline"] if e["what"] == "call-logged"]
    assert [e["details"]["result"] for e in calls].count("no_answer") == 2
    assert [e["note"] for e in calls if e["details"]["result"] == "reached"] == ["Vẫn ho, hết sốt"]
    assert {e["by_name"] for e in calls} == {"BS. Trần Mẫu"}


async def test_words_are_sealed_and_never_in_a_fact(house, url) -> None:
    await send(house, f"{url}/medicines", {"bag": "A", "note": "Paracetamol 500 mg, sáng tối"})
    await send(house, f"{url}/knock", {"minutes": 60, "note": "Gọi ba lần không nghe"})
    await house.deliver()

    kept = repr(house.patients.aggregates) + repr(house.patients.facts()) + repr(house.beside.timeline.rows)
    kept += repr([words.sealed for words in house.beside.words.rows.values()])
    assert "Paracetamol" not in kept
    assert "không nghe" not in kept
    notes = [entry["note"] for entry in (await care_of(house, url))["timeline"]]
    assert "Paracetamol 500 mg, sáng tối" in notes


async def test_a_prescription_without_a_bag_has_words(house, url) -> None:
    assert "túi thuốc" in (await send(house, f"{url}/medicines", {}, status=422))["detail"]


async def test_the_commune_is_asked_to_knock_and_answers(house, url) -> None:
    care = await send(house, f"{url}/knock", {"minutes": 60, "note": "Không nghe máy"})
    assert (care["knock"]["note"], care["knock"]["is_late"]) == ("Không nghe máy", False)
    station = bearer("health_officer", ("05908",), sub="station-1")
    [row] = await rows(house, "knock", station)
    assert row["knock_due_at"]

    house.clock.forward(minutes=61)
    assert (await care_of(house, url))["knock"]["is_late"] is True
    answered = await send(house, f"{url}/knock/answer", {"result": "needs_care", "note": "Sốt, mệt"}, station)

    assert answered["knock"] is None
    await send(house, f"{url}/knock/answer", {"result": "well"}, station, status=409)
    types = [entry.type.split(".")[1] for entry in house.patients.facts()]
    assert types[-2:] == ["knock-asked", "knock-answered"]


async def test_one_device_is_in_one_house(house, url) -> None:
    lent = {"kind": "oximeter", "serial": "spo 0001", "due_back_on": "2022-02-24"}
    care = await send(house, f"{url}/equipment", lent)
    assert [(d["kind"], d["serial"], d["is_overdue"]) for d in care["devices"]] == [
        ("oximeter", "SPO0001", False)
    ]
    again = await send(house, f"{url}/equipment", {**lent, "serial": "SPO0001"})
    assert len(again["devices"]) == 1

    other = await declare(house, cccd="019190000002")
    refused = await send(house, f"{other}/equipment", lent, status=409)
    assert "hộ khác" in refused["detail"]
    house.clock.forward(days=15)
    assert (await care_of(house, url))["devices"][0]["is_overdue"] is True

    back = {"kind": "oximeter", "serial": "SPO-0001".replace("-", "")}
    assert (await send(house, f"{url}/equipment/return", back))["devices"] == []
    await send(house, f"{url}/equipment/return", back, status=409)
    assert (
        len((await send(house, f"{other}/equipment", {**lent, "due_back_on": "2022-03-01"}))["devices"]) == 1
    )


async def test_a_closed_record_is_in_nobodys_hands_but_a_device_still_comes_back(house, url) -> None:
    lent = {"kind": "oximeter", "serial": "SPO1", "due_back_on": "2022-02-24"}
    await send(house, f"{url}/equipment", lent)
    await send(house, f"{url}/acknowledgement", {})
    await send(house, f"{url}/knock", {"minutes": 60})
    await send(house, f"{url}/closing", {"outcome": "died", "reason": "end-of-care"})

    care = await care_of(house, url)
    assert (care["taken"], care["knock"], len(care["devices"])) == (None, None, 1)
    for path, body in (
        ("calls", {"result": "reached"}),
        ("acknowledgement", {}),
        ("equipment", {**lent, "serial": "SPO2"}),
    ):
        refused = await send(house, f"{url}/{path}", body, status=409)
        assert refused["type"].endswith("record-closed")
    assert (await send(house, f"{url}/equipment/return", {"kind": "oximeter", "serial": "SPO1"}))[
        "devices"
    ] == []


async def test_the_timeline_tells_everything_in_order_and_each_thing_once(house, url) -> None:
    await send(house, f"{url}/acknowledgement", {})
    house.clock.forward(minutes=1)
    await send(house, f"{url}/moves", {"to_state": "at_home", "reason": "stable"})
    house.clock.forward(minutes=1)
    await danger(house, url)
    for _ in range(3):
        await house.deliver()

    entries = (await care_of(house, url))["timeline"]
    what = [entry["what"] for entry in entries]
    assert what[0] == "risk-escalated"
    assert set(what[1:]) == {"patient-moved", "patient-acknowledged", "doctor-assigned", "patient-declared"}
    assert len(entries) == 5
    assigned = next(entry for entry in entries if entry["what"] == "doctor-assigned")
    assert (assigned["details"]["doctor_name"], assigned["details"]["because"]) == ("BS. Trần Mẫu", "new")


async def test_the_worklist_is_by_risk_then_silence_with_counts_and_pages(house, url) -> None:
    for number in range(2, 7):
        await declare(house, cccd=f"01919000000{number}", conditions=["hypertension"] if number % 2 else [])
        house.clock.forward(minutes=1)

    first = (await house.client.get("/v1/worklist?tab=all&limit=4", headers=DOCTOR)).json()
    second = (
        await house.client.get(f"/v1/worklist?tab=all&limit=4&cursor={first['next']}", headers=DOCTOR)
    ).json()

    assert first["counts"] == {
        "act": 2,
        "quiet": 0,
        "aside": 0,
        "knock": 0,
        "all": 6,
        "mine": 6,
        "capacity": 20,
    }
    assert [row["risk_level"] for row in first["items"]] == ["high", "high", "low", "low"]
    both = [*first["items"], *second["items"]]
    assert len({row["person_id"] for row in both}) == 6
    assert second["counts"] is None
    heard = [row["declared_at"] for row in both if row["risk_level"] == "low"]
    assert heard == sorted(heard), "who has been silent longest first"


async def test_the_stream_says_who_changed_without_a_name(house, url) -> None:
    live, person_id = house.parts["live"], url.rpartition("/")[2]
    seen = []
    live.broadcast.publish = seen.append
    live.broadcast._readers.add(object())
    house.beside.changes.people = {person_id}

    await live.tell()

    [message] = seen
    assert message.data["person_id"] == person_id
    assert {"05908", "173", "19", "dr-1"} <= message.audience
    assert "Nguyễn" not in str(message.data)
    house.beside.changes.people = None
    await live.tell()
    assert seen[-1].event == "refresh"
    live.broadcast._readers.clear()


async def test_a_fault_while_telling_makes_the_pages_read_anew(house) -> None:
    live, seen = house.parts["live"], []
    live.broadcast.publish = seen.append
    live.broadcast._readers.add(object())
    await live.tell()
    found, live._patients = live._patients, None  # the database is away between the two questions
    house.beside.changes.people = {"person-1"}
    with pytest.raises(AttributeError):
        await live.tell()
    live._patients = found
    seen.clear()
    await live.tell()
    assert [message.event for message in seen] == ["refresh"]


async def test_what_is_read_is_noted(house, url) -> None:
    await rows(house, "all")
    citizen = bearer("citizen", (), person_id=url.rpartition("/")[2])
    readings = (await house.client.get("/v1/me/readings", headers=citizen)).json()["items"]

    assert "Danh sách người bệnh" in {reading["purpose"] for reading in readings}
