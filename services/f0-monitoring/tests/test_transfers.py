"""A doctor asks for a bed, a hospital keeps one, the ambulance drives: beds and the record follow."""

from importlib import import_module
from typing import Any

import pytest

from common.testing.access import Place, Rule, access_faults
from common.testing.sign_in import bearer
from f0_monitoring.routes import facilities, transfers

memory = import_module("services.f0-monitoring.tests.facility_memory")
STATION = bearer("health_officer", ("05908",), sub="tram-05908")
DISTRICT = bearer("health_officer", ("173",), sub="ttyt-173")
CITY = bearer("health_officer", ("164",), sub="ttyt-164")
HOSPITAL = {
    "kind": "hospital",
    "tier": 2,
    "name": "Cơ sở điều trị mẫu",
    "commune_code": "05431",
    "serves": ["19"],
    "phone": "0208 000 000",
    "staff": 40,
    "doctors": 6,
    "beds": [{"bed_kind": "oxygen", "beds": 2}, {"bed_kind": "icu", "beds": 1}],
}
DECLARATION = {
    "person": {
        "full_name": "Nguyễn Thị Mẫu",
        "cccd": "019190000001",
        "phone": "0912345678",
        "birth_year": 1990,
        "sex": "female",
    },
    "commune_code": "05908",
    "address": "Tổ 1",
    "tested_on": "2022-02-10",
    "vaccination_doses": 2,
}
WANTED = {"tier": 2, "bed_kind": "oxygen", "is_emergency": True, "reason": "needs_oxygen"}


class Story:
    """The service, one hospital in town, one patient in a village of another district."""

    def __init__(self, house: Any) -> None:
        self.house, self.client = house, house.client
        self.bus = memory.Bus(house.service, house.stores)
        self.places = house.stores.places
        self.person = ""

    async def send(self, path: str, body: dict[str, Any], by: Any, status: int = 200) -> Any:
        reply = await self.client.post(path, json=body, headers=by)
        assert reply.status_code == status, reply.text
        return reply.json()

    async def begin(self) -> None:
        reply = await self.client.put("/v1/facilities/bv-mau", json=HOSPITAL, headers=CITY)
        assert reply.status_code == 200, reply.text
        self.person = (await self.send("/v1/patients", DECLARATION, DISTRICT, 201))["person_id"]

    async def ask(self, **more: Any) -> Any:
        return await self.send(f"/v1/patients/{self.person}/transfers", {**WANTED, **more}, STATION, 201)

    async def step(self, name: str, by: Any, status: int = 200, **more: Any) -> Any:
        transfer = self.places.journeys.aggregates[self.person].state.transfer.transfer_id
        body = {"transfer_id": transfer, **more}
        return await self.send(f"/v1/patients/{self.person}/transfer/{name}", body, by, status)

    async def care(self) -> str:
        await self.bus.settle()
        reply = await self.client.get(f"/v1/patients/{self.person}", headers=DISTRICT)
        return str(reply.json()["care_state"])

    def beds(self, kind: str = "oxygen") -> tuple[int, int, int]:
        from f0_monitoring.domain.beds import count
        from f0_monitoring.domain.facility import BedKind

        found = count(self.places.facilities.aggregates["bv-mau"].state, BedKind(kind))
        return found.reserved, found.occupied, found.free


@pytest.fixture
async def story(house: Any) -> Story:
    told = Story(house)
    await told.begin()
    return told


async def test_a_patient_comes_into_a_bed_that_was_kept_and_home_again(story: Story) -> None:
    asked = await story.ask()
    assert (asked["state"], asked["may"]) == ("requested", ["cancellation"])

    [seen] = (await story.client.get("/v1/transfers", headers=CITY)).json()["items"]
    assert (seen["full_name"], seen["age_years"], seen["is_emergency"]) == ("", 32, True)
    kept = await story.step("acceptance", CITY, facility_id="bv-mau")
    assert (kept["state"], kept["facility_name"]) == ("accepted", "Cơ sở điều trị mẫu")
    assert kept["full_name"] == "Nguyễn Thị Mẫu", "who keeps a bed knows for whom"
    assert (story.beds(), await story.care()) == ((1, 0, 1), "declared")

    await story.step("departure", STATION)
    assert await story.care() == "transferring"
    arrived = await story.step("arrival", CITY)
    assert [s["to_state"] for s in arrived["history"]] == ["requested", "accepted", "under_way", "arrived"]
    assert [s["by"] for s in arrived["history"]] == ["tram-05908", "ttyt-164", "tram-05908", "ttyt-164"]
    assert (await story.care(), story.beds()) == ("in_hospital", (0, 1, 1))

    home = {"to_state": "at_home", "reason": "đã khỏe"}
    story.house.clock.forward(hours=30)
    await story.send(f"/v1/patients/{story.person}/moves", home, DISTRICT)
    assert (await story.care(), story.beds()) == ("at_home", (0, 0, 2))


async def test_a_crash_after_the_bed_was_kept_heals_from_its_fact(story: Story) -> None:
    await story.ask()
    desk = story.house.parts["transfer_desk"]

    async def dies(*_: Any) -> None:
        raise ConnectionError("killed here")

    work, desk._work = desk._work, type("Dead", (), {"run": dies})()
    await story.step("acceptance", CITY, 500, facility_id="bv-mau")
    desk._work = work
    assert story.beds() == (1, 0, 1)

    await story.bus.settle()

    state = story.places.journeys.aggregates[story.person].state
    assert (state.transfer.state.value, story.beds()) == ("accepted", (1, 0, 1))
    await story.bus.settle(again=True)
    assert story.beds() == (1, 0, 1), "heard again, nothing changes"


async def test_a_bed_that_nobody_uses_is_given_back_and_the_patient_waits_on(story: Story) -> None:
    await story.ask()
    await story.step("acceptance", CITY, facility_id="bv-mau")
    story.house.clock.forward(hours=2, minutes=1)
    work = story.house.parts["transfer_desk"]._work

    assert await memory.fire(work, story.places.journeys, story.house.clock.now()) == 1
    await story.bus.settle()

    [seen] = (await story.client.get("/v1/transfers", headers=STATION)).json()["items"]
    assert (seen["state"], seen["history"][-1]["reason"]) == ("requested", "reservation-lapsed")
    assert story.beds() == (0, 0, 2)
    told = [entry.type for entry in story.places.journeys.facts()]
    assert "f0-monitoring.transfer-lapsed.v1" in told
    refused = await story.step("departure", STATION, 409)
    assert "đang chờ giường" in refused["detail"]


async def test_a_cancelled_ride_brings_the_patient_back_and_the_bed_too(story: Story) -> None:
    await story.ask()
    await story.step("acceptance", CITY, facility_id="bv-mau", bed_kind="icu")
    await story.step("departure", STATION)
    assert await story.care() == "transferring"

    await story.step("cancellation", CITY, reason="no_transport")

    assert (await story.care(), story.beds("icu")) == ("at_home", (0, 0, 1))
    await story.step("arrival", STATION, 409)


async def test_whatever_order_the_facts_come_in_the_record_ends_where_the_patient_is(story: Story) -> None:
    await story.ask()
    await story.step("acceptance", CITY, facility_id="bv-mau")
    await story.step("departure", STATION)
    await story.step("arrival", STATION)

    await story.bus.settle(backwards=True)
    assert await story.care() == "in_hospital"
    await story.bus.settle(again=True, backwards=True)

    assert (await story.care(), story.beds()) == ("in_hospital", (0, 1, 1))


async def test_a_death_on_the_way_frees_the_bed(story: Story) -> None:
    await story.ask()
    await story.step("acceptance", CITY, facility_id="bv-mau")
    await story.step("departure", STATION)
    await story.bus.settle()
    closing = {"outcome": "died", "reason": "trên đường"}
    await story.send(f"/v1/patients/{story.person}/closing", closing, DISTRICT)

    assert (await story.care(), story.beds()) == ("died", (0, 0, 2))
    await story.send(f"/v1/patients/{story.person}/transfers", WANTED, STATION, 409)


async def test_full_or_wrong_hospitals_and_second_requests_are_refused_with_what_to_do(story: Story) -> None:
    await story.ask()
    again = await story.send(f"/v1/patients/{story.person}/transfers", WANTED, STATION, 409)
    assert "Đang có yêu cầu chuyển tuyến" in again["title"]
    full = {"beds": [{"bed_kind": "oxygen", "beds": 2, "others": 2}]}
    await story.send("/v1/facilities/bv-mau/beds", full, CITY)
    none = await story.step("acceptance", CITY, 409, facility_id="bv-mau")
    assert "không còn giường oxy trống" in none["detail"]
    worse = await story.step("acceptance", CITY, 422, facility_id="bv-mau", bed_kind="ordinary")
    assert "loại giường cao hơn" in worse["detail"]
    await story.step("acceptance", DISTRICT, 403, facility_id="bv-mau")
    said = await story.step("refusal", CITY, facility_id="bv-mau", reason="no_bed")
    assert (said["state"], said["refused_by"]) == ("requested", ["bv-mau"])


async def test_beds_in_use_cannot_be_counted_away(story: Story) -> None:
    await story.ask()
    await story.step("acceptance", CITY, facility_id="bv-mau")

    refused = await story.send(
        "/v1/facilities/bv-mau/beds", {"beds": [{"bed_kind": "oxygen", "beds": 0}]}, CITY, 409
    )

    assert "Đang có 1 giường oxy" in refused["detail"]
    assert story.beds() == (1, 0, 1)


async def test_nobody_in_time_is_told_once(story: Story) -> None:
    await story.ask()
    work, now = story.house.parts["transfer_desk"]._work, story.house.clock.now
    story.house.clock.forward(minutes=16)
    assert await memory.fire(work, story.places.journeys, now()) == 1
    story.house.clock.forward(hours=5)
    assert await memory.fire(work, story.places.journeys, now()) == 0

    late = [e for e in story.places.journeys.facts() if e.type == "f0-monitoring.transfer-overdue.v1"]
    assert len(late) == 1
    [seen] = (await story.client.get("/v1/transfers", headers=STATION)).json()["items"]
    assert seen["late_since"] is not None


async def test_every_route_is_for_its_roles_and_areas(story: Story) -> None:
    staff, keepers = ("health_officer", "doctor", "administrator"), ("health_officer", "administrator")
    local = {**HOSPITAL, "commune_code": "05908", "serves": ["173"]}
    await story.client.put("/v1/facilities/bv-xa", json=local, headers=DISTRICT)
    asked = await story.ask()
    need = {"lines": [{"item": "oxygen", "amount": 5}]}
    supplies = await story.send("/v1/facilities/bv-xa/supply-requests", need, STATION, 201)
    own, at = f"/v1/patients/{story.person}", "/v1/patients/{person_id}"
    place, request = "/v1/facilities/{facility_id}", "/v1/supply-requests/{request_id}"
    either = frozenset({200, 201, 409, 404})

    def rule(method: str, path: str, url: str, roles: Any = staff, json: Any = None, **more: Any) -> Rule:
        body = {"url": url} if json is None else {"url": url, "json": json}
        return Rule(method, path, frozenset(roles), lambda: body, person_id=story.person, **more)

    def step(name: str, **more: Any) -> Rule:
        body = {"transfer_id": asked["transfer_id"], **more}
        path = f"/transfer/{name}"
        return rule("POST", f"{at}{path}", f"{own}{path}", json=body, good=frozenset({200, 409}))

    def supply(name: str, roles: Any, json: Any) -> Rule:
        url = f"/v1/supply-requests/{supplies['request_id']}/{name}"
        return rule("POST", f"{request}/{name}", url, roles, json, good=frozenset({200, 409}))

    readers = (*staff, "ioc_operator", "leader")
    rules = [
        rule("GET", "/v1/facilities", "/v1/facilities", readers, is_scoped=False),
        rule("PUT", place, "/v1/facilities/bv-xa", keepers, local, good=frozenset({200, 409})),
        rule("POST", f"{place}/beds", "/v1/facilities/bv-xa/beds", json={"beds": local["beds"]}, good=either),
        rule(
            "POST",
            f"{place}/stock",
            "/v1/facilities/bv-xa/stock",
            json={"lines": [{"item": "oxygen", "quantity": 5, "used_per_day": 1}]},
        ),
        rule("GET", "/v1/supply-requests", "/v1/supply-requests", is_scoped=False),
        rule(
            "POST",
            f"{place}/supply-requests",
            "/v1/facilities/bv-xa/supply-requests",
            json=need,
            good=frozenset({201}),
        ),
        supply("receipt", staff, {}),
        supply("withdrawal", staff, {}),
        rule("GET", "/v1/transfers", "/v1/transfers", is_scoped=False),
        rule("GET", f"{at}/transfer", f"{own}/transfer"),
        rule("POST", f"{at}/transfers", f"{own}/transfers", json=WANTED, good=frozenset({201, 409})),
        step("acceptance", facility_id="bv-xa"),
        step("refusal", facility_id="bv-xa", reason="no_bed"),
        step("departure"),
        step("arrival"),
        step("cancellation", reason="better"),
    ]

    granting = [supply(name, keepers, {}) for name in ("approval", "dispatch", "refusal")]
    away = ("05431", "164")

    faults = await access_faults(story.house.app, story.client, rules, Place(("05908", "173", "19"), away))
    # A commune does not grant its own wishes: for these it is as far away as any other place.
    above = Place(("173", "19"), ("05908", *away))
    faults += await access_faults(story.house.app, story.client, granting, above)

    ours = {
        (method, route.path)
        for part in (facilities, transfers)
        for route in part.router.routes
        for method in route.methods
    }
    assert ours == {(rule.method, rule.path) for rule in (*rules, *granting)}
    assert [fault for fault in faults if "not in the access table" not in fault] == []


async def test_others_areas_are_not_in_the_lists(story: Story) -> None:
    local = {**HOSPITAL, "serves": ["164"]}
    await story.client.put("/v1/facilities/bv-pho", json=local, headers=CITY)
    await story.ask()
    far = bearer("health_officer", ("171",))

    places = (await story.client.get("/v1/facilities", headers=far)).json()["items"]
    assert [(one["facility_id"], one["stock"]) for one in places] == [("bv-mau", [])]
    assert (await story.client.get("/v1/transfers", headers=far)).json()["items"] == []
    assert (await story.client.get("/v1/supply-requests", headers=far)).json()["items"] == []
