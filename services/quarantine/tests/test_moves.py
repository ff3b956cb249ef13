"""Tests, a case at home and its undoing, handing over, beds: through both doors of the service."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from common.contracts.quarantine import CASES
from common.testing.sign_in import bearer
from quarantine.domain.acts import NoteHomeCase
from quarantine.domain.decide import decide
from quarantine.domain.model import Category, ExtensionReason, Place
from quarantine.domain.registers import HomeExposure
from quarantine.domain.standing import is_open
from services.quarantine.tests.test_consumers import World

OFFICER = bearer("health_officer", ["05443"], subject="cb-05443")
THERE = bearer("health_officer", ["05500"], subject="cb-05500")
DISTRICT = bearer("health_officer", ["164"], subject="cb-164")
TAKEN = "2021-08-03T08:00:00+07:00"


class Home(World):
    """A household in quarantine, and what is done to it."""

    def __init__(self, running: Any) -> None:
        super().__init__(running, "")
        self.people: list[str] = []

    async def ordered(self, number: int = 0, *, expect: int = 201, **changes: Any) -> str:
        who = {
            "full_name": f"Mẫu Người {'ABCDEFGHIJ'[number]}",
            "passport": f"B12345{number:02}",
            "birth_year": 1990 + number,
        }
        body = {
            "person": {**who, "sex": "female"},
            "commune_code": "05443",
            "address": "Số 12, tổ 3",
            "category": "f1",
            "last_exposure_on": "2021-08-01",
            "household_id": "ho-1",
            "confirm": True,
            **changes,
        }
        made = await self.running.client.post("/v1/cases", json=body, headers=OFFICER)
        assert made.status_code == expect, made.text
        self.people.append(made.json()["person_id"])
        return self.people[-1]

    async def do(
        self, path: str, body: Any = None, *, by: Any = OFFICER, method: str = "POST", key: str = ""
    ):
        headers = by | ({"Idempotency-Key": key} if key else {})
        return await self.running.client.request(method, f"/v1{path}", json=body, headers=headers)

    async def see(self, path: str, *, by: Any = OFFICER) -> Any:
        answer = await self.do(path, by=by, method="GET")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def stay(self, person_id: str) -> Any:
        return (await self.running.cases.get(person_id)).stay

    async def positive(self, person_id: str, day: str = "2021-08-08") -> None:
        answer = await self.do(f"/cases/{person_id}/positive-test", {"tested_on": day, "kind": "pcr"})
        assert answer.status_code == 200, answer.text

    async def f0(self, person_id: str, at: Any, sequence: int = 1) -> None:
        self.person_id = person_id
        await self.tell(self.declared(at), sequence=sequence)
        await self.settle()

    async def not_f0(self, person_id: str, on: Any, sequence: int = 2) -> None:
        self.person_id = person_id
        await self.tell(self.closed(on), sequence=sequence)
        await self.settle()


@pytest.fixture
def home(running) -> Home:
    return Home(running)


def negative(**changes: Any) -> dict[str, Any]:
    return {"kind": "rapid", "verdict": "negative", "sampled_at": "home", "taken_at": TAKEN, **changes}


# ---- tests
async def test_the_lists_say_who_is_tested_today_and_who_is_overdue(running, home, local):
    first = await home.ordered(1)
    days = [test["on"] for test in (await home.see(f"/cases/{first}"))["tests"]]
    assert days == ["2021-08-02", "2021-08-08", "2021-08-15"]

    assert [row["case"]["person_id"] for row in (await home.see("/tests?status=due"))["items"]] == [first]
    running.clock.set(local("2021-08-03T08:00"))
    [row] = (await home.see("/tests?status=overdue"))["items"]
    assert (row["test_on"], row["last_result"]) == ("2021-08-02", None)
    counts = await home.see("/test-counts", by=DISTRICT)
    assert (counts["due"], counts["overdue"], counts["done"]) == (0, 1, 0)
    assert [(c["commune_code"], c["overdue"]) for c in counts["communes"]] == [("05443", 1)]
    assert (await home.see("/tests?status=overdue", by=THERE))["items"] == []

    running.clock.set(local("2021-08-03T10:00"))
    answer = await home.do(f"/cases/{first}/tests", negative(sample_id="TN-17"))
    assert answer.status_code == 201, answer.text
    assert [one["state"] for one in answer.json()["owed"]] == ["done", "ahead", "ahead"]
    assert answer.json()["results"][0]["sample_id"] == "TN-17"
    counts = await home.see("/test-counts")
    assert (counts["due"], counts["overdue"], counts["done"]) == (0, 0, 1)


async def test_a_result_that_comes_late_counts_for_the_day_it_was_taken(running, home, local):
    who = await home.ordered(1)
    running.clock.set(local("2021-08-09T08:00"))

    await home.do(f"/cases/{who}/tests", negative(taken_at="2021-08-02T16:00:00+07:00"))

    states = [one["state"] for one in (await home.see(f"/cases/{who}/tests"))["owed"]]
    assert states == ["done", "overdue", "ahead"]


async def test_an_inconclusive_sample_is_to_be_taken_again_and_a_later_one_passes_over_the_missed(
    running, home, local
):
    who = await home.ordered(1)
    running.clock.set(local("2021-08-02T12:00"))
    await home.do(
        f"/cases/{who}/tests", negative(verdict="inconclusive", taken_at="2021-08-02T08:00:00+07:00")
    )
    assert (await home.see(f"/cases/{who}/tests"))["owed"][0]["state"] == "due"

    running.clock.set(local("2021-08-08T12:00"))
    await home.do(f"/cases/{who}/tests", negative(taken_at="2021-08-08T08:00:00+07:00"))

    states = [one["state"] for one in (await home.see(f"/cases/{who}/tests"))["owed"]]
    assert states == ["passed", "done", "ahead"]
    assert (await home.see("/tests?status=overdue"))["items"] == []


async def test_a_household_is_found_negative_in_one_request_that_may_be_repeated(running, home, local):
    people = [await home.ordered(n) for n in range(3)]
    elsewhere = await home.ordered(7, household_id="ho-2")
    running.clock.set(local("2021-08-03T09:00"))
    body = {"kind": "rapid", "taken_at": TAKEN, "household_id": "ho-1"}

    first = await home.do("/test-results", body, key="swabs-of-ho-1")
    again = await home.do("/test-results", body, key="swabs-of-ho-1")
    other = await home.do("/test-results", {**body, "household_id": None, "people": people})

    assert {item["person_id"] for item in first.json()["items"]} == set(people)
    assert first.json() == again.json()
    assert all(item["is_recorded"] for item in other.json()["items"])
    assert [len((await home.stay(p)).results) for p in (*people, elsewhere)] == [1, 1, 1, 0]
    await home.settle()
    told = [fact for fact in await running.facts(CASES) if fact["type"] == "quarantine.test-recorded.v1"]
    assert len(told) == 3
    assert set(told[0]) == {
        *("type", "person_id", "commune_code", "district_code", "test_id"),
        *("kind", "verdict", "sampled_at", "taken_on", "recorded_at"),
    }


async def test_a_list_with_somebody_of_elsewhere_records_nobody(running, home, local):
    who = await home.ordered(1)
    running.clock.set(local("2021-08-03T09:00"))
    body = {"kind": "rapid", "taken_at": TAKEN, "people": [who, "pnobody"]}

    refused = await home.do("/test-results", body)

    assert (refused.status_code, "1 người" in refused.json()["detail"]) == (404, True)
    assert (await home.stay(who)).results == ()
    assert (await home.do("/test-results", {"kind": "rapid", "taken_at": TAKEN})).status_code == 422


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"taken_at": "2021-08-09T08:00:00+07:00"}, "taken_at"),
        ({"taken_at": "2021-07-01T08:00:00+07:00"}, "taken_at"),
        ({"resulted_at": "2021-08-02T08:00:00+07:00"}, "resulted_at"),
    ],
)
async def test_a_test_that_cannot_be_is_refused(running, home, local, change, field):
    who = await home.ordered(1)
    running.clock.set(local("2021-08-03T09:00"))

    refused = await home.do(f"/cases/{who}/tests", negative(**change))

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == field
    assert (await home.stay(who)).results == ()


async def test_a_positive_result_makes_an_f0_and_stays_in_the_history(running, home, local):
    who = await home.ordered(1)
    running.clock.set(local("2021-08-03T09:00"))

    answer = await home.do(f"/cases/{who}/tests", negative(verdict="positive", kind="pcr"))

    assert answer.json()["results"][0]["verdict"] == "positive"
    await home.settle()
    kinds = await home.kinds(CASES)
    assert {"contact-became-f0", "quarantine-ended", "test-recorded"} <= set(kinds)


# ---- one positive member
async def test_one_positive_member_moves_the_days_of_the_others(running, home, local):
    sick, well, aunt = [await home.ordered(n) for n in range(3)]
    away = await home.ordered(9, household_id="ho-2")
    running.clock.set(local("2021-08-08T09:00"))

    await home.positive(sick)
    await home.settle()

    for person in (well, aunt):
        stay = await home.stay(person)
        assert (stay.last_exposure_on, stay.ends_on) == (_day("2021-08-08"), _day("2021-08-22"))
        assert stay.moved_because is ExtensionReason.NEW_CASE_AT_HOME
        assert [stay.starts_on + timedelta(days=d) for d in stay.test_days] == [
            _day("2021-08-02"),
            _day("2021-08-08"),
            _day("2021-08-09"),
            _day("2021-08-15"),
            _day("2021-08-22"),
        ]
    assert (await home.stay(away)).ends_on == _day("2021-08-15")
    moved = [f for f in await running.facts(CASES) if f["type"] == "quarantine.quarantine-extended.v1"]
    assert {f["person_id"] for f in moved} == {well, aunt}
    assert {f["reason"] for f in moved} == {"new_case_at_home"}


async def test_a_false_positive_undone_leaves_the_days_as_they_were(running, home, local):
    sick, well = [await home.ordered(n) for n in range(2)]
    before = await home.stay(well)
    running.clock.set(local("2021-08-08T09:00"))
    await home.positive(sick)
    await home.settle()
    await home.f0(sick, local("2021-08-08T09:01"))

    await home.not_f0(sick, _day("2021-08-08"))

    after = await home.stay(well)
    assert after.ends_on == before.ends_on
    assert after == before.__class__(**{**_fields(before), "duty": after.duty})
    assert (await home.see(f"/cases/{sick}"))["status"] == "open"
    assert (await home.see("/home-proposals"))["items"] == []


async def test_an_officers_own_days_are_not_taken_back(running, home, local):
    sick, well = [await home.ordered(n) for n in range(2)]
    running.clock.set(local("2021-08-08T09:00"))
    await home.positive(sick)
    await home.settle()
    body = {"ends_on": "2021-08-25", "reason_code": "exposed_again", "reason": "Tiếp xúc lại ở chợ"}
    assert (await home.do(f"/cases/{well}/extensions", body)).status_code == 200

    await home.f0(sick, local("2021-08-08T09:01"))
    await home.not_f0(sick, _day("2021-08-09"))

    assert (await home.stay(well)).ends_on == _day("2021-08-25")


async def test_an_f2_who_lives_with_an_f0_is_an_f1_until_it_turns_out_wrong(running, home, local, order):
    rules = running.service.parts["work"].heart.rules()
    now = local("2021-08-08T09:00")
    f1 = decide(None, order(), rules, local("2021-08-02T08:00")).state
    f2 = replace(f1, stay=replace(f1.stay, category=Category.F2))
    found = decide(f2, NoteHomeCase(f2.person_id, HomeExposure("px", 5, _day("2021-08-08"))), rules, now)
    undone = decide(found.state, NoteHomeCase(f2.person_id, HomeExposure("px", 6, None)), rules, now)

    assert found.state.stay.category is Category.F1
    assert [type(f).__name__ for f in found.facts] == ["QuarantineExtended", "QuarantineReclassified"]
    assert undone.state.stay.category is Category.F2
    assert undone.state.stay.ends_on == f2.stay.ends_on
    assert is_open(undone.state)


async def test_members_without_an_order_are_proposed_and_ordered_with_one_tap(running, home, local):
    sick, done = [await home.ordered(n) for n in range(2)]
    await home.do(f"/cases/{done}/release", {"outcome": "wrong_entry", "reason": "Nhập nhầm người"})
    running.clock.set(local("2021-08-08T09:00"))
    await home.positive(sick)
    await home.settle()

    [proposal] = (await home.see("/home-proposals"))["items"]
    assert (proposal["person_id"], proposal["exposed_on"], proposal["ends_on"]) == (
        done,
        "2021-08-08",
        "2021-08-22",
    )
    assert (await home.see("/home-proposals", by=THERE))["items"] == []
    refused = await home.do(f"/home-proposals/{done}/order", {}, by=THERE)
    assert refused.status_code == 403
    made = await home.do(f"/home-proposals/{done}/order", {"order_number": "15/QĐ"}, key="one-tap-only")
    again = await home.do(f"/home-proposals/{done}/order", {"order_number": "15/QĐ"}, key="one-tap-only")

    assert (made.status_code, again.status_code) == (201, 201)
    assert (made.json()["status"], made.json()["ends_on"]) == ("open", "2021-08-22")
    assert (await home.see("/home-proposals"))["items"] == []
    assert (await home.do(f"/home-proposals/{done}/order", {})).status_code == 409

    await home.f0(sick, local("2021-08-08T09:01"))
    await home.not_f0(sick, _day("2021-08-08"))
    undone = await home.see(f"/cases/{done}")
    assert (undone["status"], undone["outcome"]) == ("ended", "wrong_entry")


async def test_somebody_who_does_not_live_there_is_let_be(running, home, local):
    sick, gone = [await home.ordered(n) for n in range(2)]
    await home.do(f"/cases/{gone}/release", {"outcome": "wrong_entry", "reason": "Nhập nhầm người"})
    running.clock.set(local("2021-08-08T09:00"))
    await home.positive(sick)
    await home.settle()

    answer = await home.do(f"/home-proposals/{gone}/dismissal", {"reason": "Đã đi làm xa từ tháng trước"})

    assert answer.status_code == 204
    assert (await home.see("/home-proposals"))["items"] == []


# ---- handing over
OFFER = {"to_commune_code": "05500", "address": "Xóm 2", "reason": "Về ở với bố mẹ"}


async def test_a_handover_is_seen_by_both_and_moves_only_when_accepted(running, home):
    who = await home.ordered(1)
    asked = await home.do(f"/cases/{who}/handover", OFFER, key="hand-over-1")
    assert asked.json()["items"] == [
        {"person_id": who, "is_recorded": True, "title": None, "detail": None}
    ], asked.text

    [out] = (await home.see("/handovers?direction=out"))["items"]
    [coming] = (await home.see("/handovers?direction=in", by=THERE))["items"]
    assert out["handover_id"] == coming["handover_id"]
    assert (out["can_withdraw"], out["can_answer"]) == (True, False)
    assert (coming["can_withdraw"], coming["can_answer"]) == (False, True)
    assert coming["reason"] == OFFER["reason"]
    assert (await home.see(f"/cases/{who}"))["commune_code"] == "05443"
    assert (await home.do(f"/cases/{who}", by=THERE, method="GET")).status_code == 404
    body = {"handover_id": out["handover_id"]}
    assert (await home.do(f"/handovers/{who}/acceptance", body)).status_code == 403
    second = await home.do(f"/cases/{who}/handover", OFFER)
    assert second.json()["items"][0]["is_recorded"] is False

    taken = await home.do(f"/handovers/{who}/acceptance", body, by=THERE)

    assert (taken.status_code, taken.json()["commune_code"]) == (200, "05500"), taken.text
    assert taken.json()["person"]["address"] == "Xóm 2"
    assert taken.json()["person"]["full_name"] == "Mẫu Người B"
    assert (await home.do(f"/cases/{who}", method="GET")).status_code == 404
    [out] = (await home.see("/handovers?direction=out&all=true"))["items"]
    assert out["state"] == "accepted"
    await home.settle()
    told = {f["type"].split(".")[1]: f["commune_code"] for f in await running.facts(CASES)}
    assert told["quarantine-handed-over"] == "05443"
    assert told["quarantine-taken-over"] == "05500"
    province = bearer("health_officer", ["19"])
    lines = (await running.client.get("/v1/statistics", headers=province)).json()["items"]
    assert {line["area_code"]: line["in_quarantine"] for line in lines} == {"05443": 0, "05500": 1}
    watched = await home.do(f"/cases/{who}/supervision", by=THERE, method="GET")
    assert watched.status_code == 200, "who takes over watches over"
    assert (await home.do(f"/cases/{who}/supervision", method="GET")).status_code == 404


@pytest.mark.parametrize(("verb", "by"), [("rejection", THERE), ("withdrawal", OFFICER)])
async def test_a_refused_or_withdrawn_handover_changes_nothing(running, home, verb, by):
    who = await home.ordered(1)
    await home.do(f"/cases/{who}/handover", OFFER)
    [out] = (await home.see("/handovers?direction=out"))["items"]
    body = {"handover_id": out["handover_id"], "reason": "Không có người này ở đây"}
    wrong = await home.do(f"/handovers/{who}/{verb}", body, by=OFFICER if by is THERE else THERE)
    assert wrong.status_code == 403

    assert (await home.do(f"/handovers/{who}/{verb}", body, by=by)).status_code == 204

    assert (await home.see(f"/cases/{who}"))["commune_code"] == "05443"
    assert (await home.see("/handovers?direction=in", by=THERE))["items"] == []
    [seen] = (await home.see("/handovers?direction=in&all=true", by=THERE))["items"]
    assert seen["answer"] == "Không có người này ở đây"
    late = await home.do(f"/handovers/{who}/acceptance", {"handover_id": out["handover_id"]}, by=THERE)
    assert late.status_code == 409


async def test_a_household_moves_together(running, home):
    people = [await home.ordered(n) for n in range(3)]
    asked = await home.do(f"/cases/{people[0]}/handover", {**OFFER, "household": True})
    assert [item["is_recorded"] for item in asked.json()["items"]] == [True] * 3
    for offer in (await home.see("/handovers?direction=in", by=THERE))["items"]:
        body = {"handover_id": offer["handover_id"]}
        await home.do(f"/handovers/{offer['person_id']}/acceptance", body, by=THERE)

    found = (await home.see("/cases?household_id=ho-1", by=THERE))["items"]
    assert {case["person_id"] for case in found} == set(people)


# ---- beds
HALL = {"name": "Khu cách ly Trường Mẫu", "commune_code": "05443", "rooms": [{"code": "A1", "beds": 2}]}


async def facility(home: Home, rooms: list[dict[str, Any]]) -> str:
    made = await home.do("/facilities", {**HALL, "rooms": rooms}, by=DISTRICT)
    assert made.status_code == 201, made.text
    return made.json()["facility_id"]


async def test_a_bed_is_given_shown_and_free_again_after_release(running, home):
    who = await home.ordered(1, place="facility")
    hall = await facility(home, [{"code": "A1", "beds": 2}, {"code": "A2", "beds": 1}])
    assert [case["person_id"] for case in (await home.see("/facilities"))["waiting"]] == [who]

    given = await home.do(f"/facilities/{hall}/beds", {"person_id": who})
    await home.settle()

    assert (given.status_code, given.json()["room"], given.json()["free"]) == (201, "A2", 2)
    assert (await home.see(f"/cases/{who}"))["bed"] == {"facility_id": hall, "room": "A2"}
    rooms = (await home.see(f"/facilities/{hall}"))["rooms"]
    assert rooms[1]["occupants"][0]["person"]["full_name"] == "Mẫu Người B"
    assert (await home.see("/facilities"))["waiting"] == []

    await home.do(f"/cases/{who}/release", {"outcome": "moved_away", "reason": "Chuyển tỉnh khác"})
    await home.settle()

    [line] = (await home.see("/facilities"))["items"]
    assert (line["beds"], line["taken"], line["free"]) == (3, 0, 3)


async def test_from_home_to_a_facility_to_another_and_home_again(running, home):
    who = await home.ordered(1)
    first = await facility(home, [{"code": "A1", "beds": 1}])
    second = await facility(home, [{"code": "B1", "beds": 1}])
    for hall in (first, second):
        await home.do(f"/facilities/{hall}/beds", {"person_id": who})
        await home.settle()
        running.clock.move(timedelta(minutes=1))
    taken = {line["facility_id"]: line["taken"] for line in (await home.see("/facilities"))["items"]}
    assert taken == {first: 0, second: 1}
    assert (await home.stay(who)).place is Place.FACILITY

    assert (await home.do(f"/cases/{who}/home-again")).json()["place"] == "home"
    await home.settle()

    assert sum(line["taken"] for line in (await home.see("/facilities"))["items"]) == 0
    moved = [f for f in await running.facts(CASES) if f["type"] == "quarantine.quarantine-reclassified.v1"]
    assert [(f["from_place"], f["to_place"]) for f in moved] == [("home", "facility"), ("facility", "home")]


async def test_a_room_is_for_one_household_or_one_day_of_exposure(running, home):
    one, kin = [await home.ordered(n, place="facility") for n in range(2)]
    stranger = await home.ordered(5, place="facility", household_id="ho-2", last_exposure_on="2021-07-31")
    alike = await home.ordered(6, place="facility", household_id="ho-3")
    hall = await facility(home, [{"code": "A1", "beds": 3}])
    beds = f"/facilities/{hall}/beds"
    assert (await home.do(beds, {"person_id": one, "room": "A1"})).status_code == 201

    refused = await home.do(beds, {"person_id": stranger, "room": "A1"})
    assert (refused.status_code, refused.json()["type"].rsplit(":", 1)[-1]) == (409, "room-not-shared")
    assert (await home.do(beds, {"person_id": stranger})).status_code == 409
    assert (await home.do(beds, {"person_id": kin})).json()["room"] == "A1"
    assert (await home.do(beds, {"person_id": alike})).json()["room"] == "A1"
    full = await home.do(beds, {"person_id": stranger, "room": "A1"})
    assert "đã đủ 3 người" in full.json()["detail"]
    smaller = await home.do(f"/facilities/{hall}", {**HALL}, by=DISTRICT, method="PUT")
    assert (smaller.status_code, "A1 đang có 3 người" in smaller.json()["detail"]) == (409, True)


async def test_a_bed_for_somebody_whose_stay_ended_meanwhile_is_given_back(running, home):
    who = await home.ordered(1)
    hall = await facility(home, [{"code": "A1", "beds": 1}])
    await home.do(f"/facilities/{hall}/beds", {"person_id": who})
    await home.do(f"/cases/{who}/release", {"outcome": "moved_away", "reason": "Chuyển tỉnh khác"})

    await home.settle()

    [line] = (await home.see("/facilities"))["items"]
    assert line["taken"] == 0
    assert (await home.do(f"/facilities/{hall}/beds", {"person_id": who})).status_code == 409


def _day(text: str) -> Any:
    return date.fromisoformat(text)


def _fields(stay: Any) -> dict[str, Any]:
    return {name: getattr(stay, name) for name in stay.__dataclass_fields__}
