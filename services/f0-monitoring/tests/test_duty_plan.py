"""The plan of duty: who will be there, where a doctor will be missing, and who may change it."""

from datetime import timedelta
from typing import Any

import pytest

from common.kernel.areas import Area
from common.testing.sign_in import bearer
from f0_monitoring.domain import duty_plan
from f0_monitoring.domain.duty_plan import GapKind
from f0_monitoring.domain.roster import Doctor
from f0_monitoring.domain.shifts import Shift, ShiftKind

ADMIN, OFFICER = bearer("administrator"), bearer("health_officer", ("173",))
HERE, BESIDE, FAR = Area("05908", "173"), Area("05911", "173"), Area("05431", "164")


def hours(now, name: str, begin: float, end: float, **more: Any) -> Shift:
    return Shift(name, now + timedelta(hours=begin), now + timedelta(hours=end), **more)


def missing(found, now) -> list[tuple[str, float, float, str]]:
    def after(at):
        return (at - now).total_seconds() / 3600

    return [(gap.district_code, after(gap.from_at), after(gap.until_at), gap.kind.value) for gap in found]


def test_the_night_between_two_days_is_a_gap_of_the_whole_district(at) -> None:
    now = at(10, 8)
    days = (hours(now, "d1", -1, 11), hours(now, "d2", 23, 35))
    day = Doctor("day", district_codes=("173",), shifts=days, shift_id="d1")
    other = Doctor("other", district_codes=("164",))

    found = duty_plan.gaps([day, other], [HERE, BESIDE, FAR], now, now + timedelta(days=1))

    assert missing(found, now) == [("173", 11, 23, "elsewhere")]
    assert found[0].is_whole_district
    assert found[0].commune_codes == ("05908", "05911")


def test_with_nobody_at_all_it_says_so(at) -> None:
    now = at(10, 8)
    only = Doctor("day", commune_codes=("05908",), shifts=(hours(now, "d1", 0, 4),), shift_id="d1")

    found = duty_plan.gaps([only], [HERE, BESIDE], now, now + timedelta(hours=6))

    assert missing(found, now) == [("173", 0, 4, "elsewhere"), ("173", 4, 6, "nobody")]
    assert [gap.is_whole_district for gap in found] == [False, True]


def test_a_night_cover_for_another_district_closes_its_gap_and_opens_none_at_home(at) -> None:
    now = at(10, 8)
    night = hours(now, "n", 11, 23, kind=ShiftKind.NIGHT, district_codes=("173",))
    plan = [
        Doctor("day", district_codes=("173",), shifts=(hours(now, "d", 0, 11),), shift_id="d"),
        Doctor("far", district_codes=("164",), shifts=(night,), on_duty=False),
        Doctor("home", district_codes=("164",)),
    ]

    assert duty_plan.gaps(plan, [HERE, FAR], now, now + timedelta(hours=23)) == ()


def test_nurses_and_who_left_early_cover_nobody_until_the_next_period(at) -> None:
    now = at(10, 8)
    left = Doctor(
        "left",
        district_codes=("173",),
        shifts=(hours(now, "a", -2, 4), hours(now, "b", 6, 8)),
        shift_id="a",
        on_duty=False,
    )
    nurse = Doctor("nurse", district_codes=("173",), profession="nurse")

    found = duty_plan.gaps([left, nurse], [HERE], now, now + timedelta(hours=8))

    assert missing(found, now) == [("173", 0, 6, "nobody")]


def test_who_came_by_hand_stays_until_the_plan_speaks(at) -> None:
    now = at(10, 8)
    came = Doctor("one", district_codes=("173",), shifts=(hours(now, "a", 3, 5),))

    found = duty_plan.gaps([came], [HERE], now, now + timedelta(hours=8))

    assert missing(found, now) == [("173", 5, 8, "nobody")]
    assert duty_plan.on_duty_at(came, now + timedelta(hours=2), now)
    assert found[0].kind is GapKind.NOBODY


async def kept(house, doctor_id: str, **more: Any) -> None:
    body = {"name": f"BS. {doctor_id}", "phone": "0987654321", "district_codes": ["173"], **more}
    reply = await house.client.put(f"/v1/doctors/{doctor_id}", json=body, headers=ADMIN)
    assert reply.status_code == 200, reply.text


async def plan_of(house, who: dict[str, str], **query: Any) -> Any:
    reply = await house.client.get("/v1/duty-plan", params=query, headers=who)
    assert reply.status_code == 200, reply.text
    return reply.json()


def period(house, begin: float, end: float) -> dict[str, str]:
    now = house.clock.now()
    return {
        "from_at": (now + timedelta(hours=begin)).isoformat(),
        "until_at": (now + timedelta(hours=end)).isoformat(),
    }


async def test_an_officer_sees_the_own_district_and_what_it_will_miss(house) -> None:
    await kept(house, "day")
    await kept(house, "elsewhere", district_codes=["164"])
    await house.client.put("/v1/doctors/day/shifts/a", json=period(house, 0, 4), headers=OFFICER)

    plan = await plan_of(house, OFFICER, days=1)

    [day] = plan["doctors"]
    assert (day["doctor_id"], day["may_change"], day["capacity_now"], day["load"]) == ("day", True, 50, 0)
    assert day["places"] == [{"code": "173", "name": "Huyện Phú Bình"}]
    assert plan["districts"] == day["places"]
    [gap] = plan["gaps"]
    assert (gap["is_whole_district"], gap["communes"], gap["kind"]) == (True, [], "elsewhere")
    assert gap["until_at"] == plan["until_at"]


async def test_a_lead_doctor_plans_for_the_own_area_only(house) -> None:
    await kept(house, "lead", is_lead=True)
    await kept(house, "one")
    await kept(house, "far", district_codes=["164"])
    lead, one = bearer("doctor", ("19",), sub="lead"), bearer("doctor", ("173",), sub="one")

    async def planned(doctor_id: str, who: dict[str, str]) -> int:
        url = f"/v1/doctors/{doctor_id}/shifts/s-{doctor_id}"
        return (await house.client.put(url, json=period(house, 1, 5), headers=who)).status_code

    assert [await planned(who, lead) for who in ("one", "far")] == [200, 403]
    assert [await planned(who, one) for who in ("lead", "one")] == [403, 200]
    seen = {d["doctor_id"]: d["may_change"] for d in (await plan_of(house, one))["doctors"]}
    assert seen == {"lead": False, "one": True}


@pytest.mark.parametrize("days", [0, 15])
async def test_no_further_than_two_weeks(house, days: int) -> None:
    reply = await house.client.get("/v1/duty-plan", params={"days": days}, headers=OFFICER)

    assert reply.status_code == 422


async def test_who_is_no_staff_sees_no_plan(house) -> None:
    assert (await house.client.get("/v1/duty-plan")).status_code == 401
    assert (await house.client.get("/v1/duty-plan", headers=bearer("citizen"))).status_code == 403
