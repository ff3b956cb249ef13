"""Oxygen, beds and requests: hours that fall in silence, the lowest first, who sees what, what is needed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from common.contracts import f0_monitoring as f0
from common.contracts.f0_monitoring import facilities as contract
from common.geo import data_folder
from common.testing.sign_in import bearer
from ioc_aggregation.domain.oxygen_need import LEVELS, LevelNeed, NeedRules, forecast
from ioc_aggregation.rulebook.resources import ResourceRules

NOW = datetime(2022, 1, 10, 7, tzinfo=UTC)
OPERATOR = bearer("ioc_operator", ["19"])
HERE = {"commune_code": "05431", "district_code": "164"}
THERE = {"commune_code": "05908", "district_code": "173"}


def stock(facility: str, quantity: float, per_day: float, where: dict[str, str]) -> contract.StockReported:
    line = contract.StockLine(item="oxygen", quantity=quantity, used_per_day=per_day)
    return contract.StockReported(facility_id=facility, **where, at=NOW, lines=(line,))


def opened(facility: str, free: int, where: dict[str, str]) -> contract.FacilityOpened:
    beds = contract.BedCount(
        bed_kind=contract.BedKind.OXYGEN, beds=10, reserved=1, occupied=9 - free, free=free
    )
    return contract.FacilityOpened(
        facility_id=facility, facility_kind=contract.FacilityKind.HOSPITAL, tier=2, **where, beds=(beds,),
        doctors=3, staff=12, capacity=0, facility_name="Bệnh viện Mẫu",
    )  # fmt: skip


def supply(kind: type, **more: object) -> contract.SupplyFact:
    lines = (contract.SupplyLine(item="oxygen", asked=6000, **more.pop("line", {})),)
    return kind(
        request_id="r-1", facility_id="bv-1", **HERE, by="nv-1", at=NOW, lines=lines, **more
    )  # fmt: skip


def declared(person: str, risk: f0.RiskLevel) -> f0.PatientDeclared:
    return f0.PatientDeclared(
        person_id=person, **HERE, origin=f0.Origin.OFFICER, declared_at=NOW, age_years=40,
        risk_level=risk, ruleset="5525", care_state=f0.CareState.AT_HOME,
    )  # fmt: skip


async def test_hours_to_empty_fall_when_nobody_reports_and_the_lowest_comes_first(running):
    await running.tell(
        opened("bv-1", 4, HERE), stock("bv-1", 24_000, 24_000, HERE), stock("bv-2", 6000, 24_000, THERE)
    )
    body = await running.get("/v1/areas/19/resources?item=oxygen", OPERATOR)
    assert [(s["facility_id"], s["hours_left"], s["level"]) for s in body["stocks"]] == [
        ("bv-2", 6.0, "critical"),
        ("bv-1", 24.0, "warn"),
    ]
    assert body["stocks"][1]["facility_name"] == "Bệnh viện Mẫu"
    running.clock.move(timedelta(hours=20))
    body = await running.get("/v1/areas/19/resources?item=oxygen", OPERATOR)
    assert [(s["hours_left"], s["level"], s["is_old"]) for s in body["stocks"]] == [
        (0.0, "empty", False),
        (4.0, "critical", False),
    ]
    assert body["oxygen"]["left_litres"] == pytest.approx(4000)


async def test_an_older_count_that_comes_later_changes_nothing(running):
    newer, older = stock("bv-1", 500, 10, HERE), stock("bv-1", 9000, 10, HERE)
    await running.tell(newer, sequence=5)
    await running.tell(older, sequence=4)
    [only] = (await running.get("/v1/areas/164/resources", OPERATOR))["stocks"]
    assert only["left"] == 500


async def test_requests_by_state_with_what_is_asked_and_given_and_beds_free(running):
    await running.tell(opened("bv-1", 4, HERE), opened("bv-2", 2, THERE))
    await running.tell(supply(contract.SupplyAsked, is_urgent=True))
    await running.tell(supply(contract.SupplyApproved, line={"approved": 3000.0}), sequence=2)
    body = await running.get("/v1/areas/19/resources", OPERATOR)
    states = {state["state"]: state for state in body["requests"]}
    assert (states["asked"]["requests"], states["approved"]["requests"]) == (0, 1)
    assert (states["approved"]["urgent"], states["approved"]["lines"][0]["approved"]) == (1, 3000)
    assert [(beds["bed_kind"], beds["free"]) for beds in body["beds"]] == [("oxygen", 6)]
    own = await running.get("/v1/areas/173/resources", bearer("health_officer", ["173"]))
    assert (own["beds"][0]["free"], own["requests"][0]["requests"], own["stocks"]) == (2, 0, [])


async def test_other_areas_are_not_seen(running):
    response = await running.client.get("/v1/areas/164/resources", headers=bearer("health_officer", ["173"]))
    assert response.status_code == 404


async def test_the_need_follows_the_risks_of_the_patients_as_they_are_now(running):
    await running.tell(declared("p-1", f0.RiskLevel.LOW))
    calm = (await running.get("/v1/areas/05431/resources", OPERATOR))["oxygen"]
    rise = f0.RiskEscalated(
        person_id="p-1", **HERE, from_level=f0.RiskLevel.LOW, to_level=f0.RiskLevel.VERY_HIGH,
        ruleset="5525", assessed_at=NOW, is_danger_sign=True,
    )  # fmt: skip
    await running.tell(rise, sequence=2)
    worse = (await running.get("/v1/areas/05431/resources", OPERATOR))["oxygen"]
    assert [need["hours"] for need in worse["need"]] == [24, 72]
    assert worse["need"][0]["litres"] > 100 * calm["need"][0]["litres"] > 0
    assert worse["need"][0]["litres_lowest"] < worse["need"][0]["litres"] < worse["need"][0]["litres_highest"]
    assert (worse["is_confirmed"], worse["cover_hours"]) == (False, 0.0)


RULES = NeedRules("v", "d", True, {level: LevelNeed(0.5, 2, 1, 3) for level in LEVELS}, 6000, (24, 72))
TEN = {"f0_active": 10, "f0_low": 10}


def test_a_steady_number_needs_the_same_every_day() -> None:
    day, three = forecast(TEN, TEN, RULES)
    assert day.litres == 10 * 0.5 * 2 * 60 * 24
    assert (three.litres, day.cylinders, day.patients) == (3 * day.litres, day.litres / 6000, 5)
    assert (day.lowest, day.highest) == (day.litres / 2, day.litres * 1.5)


def test_growth_of_the_last_week_goes_on() -> None:
    # 7 more in a week is one a day: after half a day half of one, after a day and a half one and a half.
    day, three = forecast(TEN, {"f0_active": 3}, RULES)
    assert day.litres == pytest.approx(10.5 * 0.5 * 2 * 60 * 24)
    assert three.litres == pytest.approx(11.5 * 0.5 * 2 * 60 * 72)


def test_fewer_than_nobody_never_need_oxygen() -> None:
    assert [need.litres for need in forecast(TEN, {"f0_active": 10_000}, RULES)] == [0, 0]
    assert [need.litres for need in forecast({"f0_active": 0}, {"f0_active": 4}, RULES)] == [0, 0]


def test_the_parameters_say_what_they_are() -> None:
    rules = ResourceRules.load(Path(data_folder(None)) / "rules").need_on(NOW.date())
    assert (rules.version, rules.is_confirmed) == ("oxygen-need-2021", False)
    shares = [rules.levels[level].share for level in LEVELS]
    assert shares == sorted(shares)
