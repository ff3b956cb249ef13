"""Supervision through the doors: a family checks in, an officer calls, visits, follows up a breach."""

from datetime import timedelta

import pytest

from common.contracts.quarantine import CASES
from common.contracts.quarantine.supervision import SUPERVISION
from common.testing.sign_in import bearer
from services.quarantine.tests.test_routes import OFFICER, ORDER, citizen

HOME = {"latitude": 21.594, "longitude": 105.848, "accuracy_metres": 12}
AWAY = {**HOME, "latitude": 21.60}


class Household:
    """One person in quarantine at home, and whoever acts about them."""

    def __init__(self, running, case):
        self.running, self.person_id = running, case["person_id"]
        self.path = f"/v1/cases/{self.person_id}"
        self.me = citizen(self.person_id)

    async def settle(self):
        for _ in range(3):
            await self.running.relay()
            await self.running.consume()
        await self.running.relay()

    async def post(self, act, body=None, *, headers=OFFICER, status=201):
        answer = await self.running.client.post(f"{self.path}/{act}", json=body or {}, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def seen(self):
        return (await self.running.client.get(f"{self.path}/supervision", headers=OFFICER)).json()

    async def asked(self):
        mine = await self.running.client.get("/v1/me", headers=self.me)
        return mine.json()["check_in"]

    async def answers(self, place, **more):
        request = await self.asked()
        body = {"place": place} if place else {}
        return await self.post(f"check-ins/{request['request_id']}/answer", {**body, **more}, headers=self.me)

    async def listed(self, status, headers=OFFICER):
        answer = await self.running.client.get(f"/v1/supervision?status={status}", headers=headers)
        assert answer.status_code == 200, answer.text
        return [row["person_id"] for row in answer.json()["items"]]

    async def facts(self, topic, kind):
        return [fact for fact in await self.running.facts(topic) if f".{kind}." in fact["type"]]


@pytest.fixture
async def home(running):
    case = (await running.client.post("/v1/cases", json=ORDER, headers=OFFICER)).json()
    household = Household(running, case)
    await household.settle()
    return household


async def test_from_the_first_check_in_to_a_breach_that_is_followed_up(running, home):
    await home.post("check-ins")
    first = await home.asked()
    assert first["is_first"]
    assert (await home.answers(HOME))["is_home_registered"]
    assert await home.asked() is None

    running.clock.move(timedelta(hours=1))
    await home.post("check-ins")
    assert (await home.answers(HOME))["verdict"] == "inside"
    running.clock.move(timedelta(hours=1))
    await home.post("check-ins")
    assert (await home.answers(AWAY))["verdict"] == "outside"
    await home.settle()

    [breach] = await home.facts(CASES, "quarantine-breached")
    assert breach["breach"] == "left_home"
    assert await home.listed("breaches") == [home.person_id]
    seen = await home.seen()
    assert [row["verdict"] for row in seen["check_ins"]] == ["outside", "inside", "inside"]
    assert seen["check_ins"][0]["place"]["latitude"] == 21.60
    assert seen["check_ins"][1]["place"] is None
    [row] = seen["breaches"]
    assert (row["how"], row["state"]) == ("left_home", "open")

    follow = f"breaches/{row['evidence_id']}/follow-up"
    words = {"state": "explained", "words": "Ra trạm y tế lấy thuốc, có xác nhận"}
    [after] = (await home.post(follow, words, status=200))["breaches"]
    assert (after["state"], after["words"]) == ("explained", words["words"])
    await home.post(follow, {**words, "state": "closed"}, status=200)
    assert await home.listed("breaches") == []
    await home.post(follow, words, status=409)


async def test_no_position_leaves_the_service_in_clear(running, home):
    await home.post("check-ins")
    await home.answers(HOME)
    running.clock.move(timedelta(hours=1))
    await home.post("check-ins")
    await home.answers(AWAY)
    await home.settle()
    told = repr(await running.facts(SUPERVISION)) + repr(await running.facts(CASES))
    kept = repr(running.stores.supervisions.aggregates)

    for secret in ("21.59", "21.6", "105.84", "latitude"):
        assert secret not in told + kept


async def test_a_phone_without_a_position_is_no_breach_and_the_officer_sees_why(running, home):
    await home.post("check-ins")
    assert (await home.answers(None, no_place_because="denied"))["verdict"] == "unclear"
    await home.settle()

    assert await home.facts(CASES, "quarantine-breached") == []
    assert (await home.seen())["check_ins"][0]["no_place_because"] == "denied"


async def test_a_check_in_nobody_answers_becomes_one_miss_and_one_task_over_all_repeats(running, home):
    await home.post("check-ins")
    running.clock.move(timedelta(minutes=16))
    await running.fire()
    await running.fire()
    await home.settle()
    await home.settle()

    assert len(await home.facts(SUPERVISION, "check-in-missed")) == 1
    assert len(await home.facts(SUPERVISION, "supervision-climbed")) == 1
    assert await home.listed("tasks") == await home.listed("missed") == [home.person_id]
    assert (await home.seen())["step"]["rung"] == "call"


async def test_a_day_without_declaration_is_a_task_and_a_logged_visit_keeps_it_quiet(running, home, local):
    running.clock.set(local("2021-08-02T17:01"))
    await running.fire()
    await home.settle()
    assert await home.listed("tasks") == [home.person_id]

    await home.post("visits", {"kind": "call", "result": "unreachable", "words": "Số máy không có"})
    assert (await home.seen())["step"]["rung"] == "visit"
    assert await home.listed("unreachable") == [home.person_id]
    seen = await home.post("visits", {"kind": "visit", "result": "reached", "words": "Ở nhà, hết tiền máy"})
    assert (seen["step"], seen["is_unreachable"], seen["misses"]) == (None, False, [])
    assert [row["words"] for row in seen["contacts"]] == ["Ở nhà, hết tiền máy", "Số máy không có"]
    assert await home.listed("tasks") == []


async def test_a_declaration_takes_the_task_away(running, home, local):
    running.clock.set(local("2021-08-02T17:01"))
    await running.fire()
    await home.settle()
    report = {"reported_at": "2021-08-02T10:30:00Z", "symptoms": []}
    running.clock.set(local("2021-08-02T17:40"))
    await home.post("reports", report, headers=home.me)
    await home.settle()

    assert await home.listed("tasks") == []


async def test_help_is_asked_for_by_the_family_and_answered(running, home):
    await home.post("needs", {"kind": "medicine", "words": "Thuốc huyết áp của bà"}, headers=home.me)
    assert await home.listed("help") == [home.person_id]
    [need] = (await home.seen())["needs"]
    await home.post(f"needs/{need['need_id']}/answer", {"words": "Đã mang 10 viên"}, status=200)

    assert await home.listed("help") == []
    mine = (await running.client.get("/v1/me/needs", headers=home.me)).json()["items"]
    assert (mine[0]["words"], mine[0]["answer"]) == ("Thuốc huyết áp của bà", "Đã mang 10 viên")


async def test_an_officer_reports_a_breach_with_its_time_and_it_counts_once(running, home):
    running.clock.move(timedelta(hours=1))
    body = {"at": "2021-08-02T01:30:00Z", "words": "Hàng xóm thấy ở chợ lúc 8 giờ 30"}
    await home.post("breaches", body)
    await home.settle()
    await home.settle()

    [fact] = await home.facts(CASES, "quarantine-breached")
    [row] = (await home.seen())["breaches"]
    assert (fact["breach"], fact["evidence_id"]) == ("reported", row["evidence_id"])
    assert row["words"] == body["words"]
    for at in ("2021-08-02T00:00:00Z", "2021-08-05T00:00:00Z"):
        assert "giờ vi phạm" in (await home.post("breaches", {**body, "at": at}, status=409))["detail"]


async def test_a_mother_checks_in_for_the_child_of_her_household(running, home):
    child = {"full_name": "Nguyễn Mẫu Bé", "passport": "B7654321", "birth_year": 2016, "sex": "male"}
    order = {**ORDER, "person": child, "household_id": "home-1"}
    case = (await running.client.post("/v1/cases", json=order, headers=OFFICER)).json()
    other = Household(running, case)
    await other.settle()
    await other.post("check-ins")

    answer = await running.client.get("/v1/me/check-ins", headers=home.me)
    [asked] = answer.json()["items"]
    assert (asked["person_id"], asked["full_name"]) == (other.person_id, "Nguyễn Mẫu Bé")
    path = f"check-ins/{asked['request_id']}/answer"
    told = await other.post(path, {"place": HOME}, headers=home.me)
    assert told["verdict"] == "inside"
    again = await running.client.get("/v1/me/check-ins", headers=home.me)
    assert again.json()["items"] == []


async def test_strangers_neither_answer_nor_see(running, home):
    await home.post("check-ins")
    request = await home.asked()
    await home.post(
        f"check-ins/{request['request_id']}/answer", {"place": HOME}, headers=citizen("pother"), status=404
    )
    assert await home.listed("missed", headers=bearer("health_officer", ["05500"])) == []
    away = await running.client.get(f"{home.path}/supervision", headers=bearer("health_officer", ["05500"]))
    assert away.status_code == 404
