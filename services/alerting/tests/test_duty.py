"""Whoever is on call is called first, substitutes a little later, and a missing plan leaves nobody out."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from alerting.domain.commands import Acknowledge, Escalate
from alerting.domain.duty import ByHand, Duty, Hours
from alerting.domain.errors import DutyTimeWrong
from alerting.domain.model import Kind
from alerting.domain.notices import NoticeState
from alerting.domain.recipients import LAPSES_AFTER, PlanDuty, SwapDuty
from common.clocks import FrozenClock
from common.kernel.areas import Actor
from common.kernel.clock import VIETNAM
from common.service import Mode
from common.testing.sign_in import bearer, client_of
from common.work.model import Cause
from services.alerting.tests.calls import NIGHT, town
from services.alerting.tests.stories import DOCTOR, NOON, PERSON, contact_missed, minutes, risk

OTHER = Actor("doctor-2", frozenset({"doctor"}), frozenset({"164"}))
THIRD = Actor("doctor-3", frozenset({"doctor"}), frozenset({"164"}))
TODAY = Hours(1, time(7), time(19))
"""NOON is a Tuesday."""
TONIGHT = Hours(1, time(19), time(7))


def at(day: int, clock: str) -> datetime:
    """Day of November 2021, by the clock in Vietnam; the 22nd is a Monday."""
    return datetime(2021, 11, day, *(int(part) for part in clock.split(":")), tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("hours", "on", "off"),
    [
        (
            Hours(0, time(7), time(19)),
            ["22 07:00", "22 18:59", "29 12:00"],
            ["22 06:59", "22 19:00", "23 12:00"],
        ),
        (
            Hours(4, time(19), time(7)),
            ["26 19:00", "26 23:59", "27 06:59"],
            ["26 18:59", "27 07:00", "26 06:00"],
        ),
        (Hours(6, time(20), time(8)), ["28 20:00", "29 07:59", "22 07:59"], ["29 08:00", "28 19:59"]),
        (Hours(2, time(7), time(7)), ["24 07:00", "25 06:59"], ["24 06:59", "25 07:00"]),
        (Hours(2, time(0), time(0)), ["24 00:00", "24 23:59"], ["23 23:59", "25 00:00"]),
    ],
    ids=["day", "night", "over-the-week", "round-the-clock", "calendar-day"],
)
def test_hours_of_the_week_are_those_of_the_vietnamese_clock(
    hours: Hours, on: list[str], off: list[str]
) -> None:
    def found(texts: list[str]) -> list[bool]:
        times = [at(int(day), clock) for day, clock in (text.split() for text in texts)]
        return [Duty((hours,)).is_on(each.astimezone(UTC)) for each in times]

    assert found(on) == [True] * len(on)
    assert found(off) == [False] * len(off)


def test_a_turn_ends_where_nothing_follows_it() -> None:
    duty = Duty((TODAY, TONIGHT, Hours(2, time(12), time(13))))
    assert duty.on_until(NOON) == at(24, "07:00")
    assert duty.on_until(at(24, "08:00")) is None
    always = Duty(tuple(Hours(day, time(7), time(7)) for day in range(7)))
    assert always.is_on(NOON)
    assert always.on_until(NOON) is None


def test_what_is_said_by_hand_counts_until_its_end_and_the_plan_after_it() -> None:
    ill = Duty((TODAY,), ByHand(False, at(23, "14:00")))
    assert [ill.is_on(each) for each in (NOON, at(23, "14:00"))] == [False, True]
    helps = Duty((TONIGHT,), ByHand(True, at(23, "20:00")))
    assert helps.is_on(NOON)
    assert helps.on_until(NOON) == at(24, "07:00")
    assert Duty((), ByHand(True, at(23, "20:00"))).on_until(NOON) == at(23, "20:00")


class Ward:
    """Doctors of one district, and an alert that calls them."""

    def __init__(self) -> None:
        self.town = town(FrozenClock(NOON), "sms")
        self.said = 0

    async def say(self, command: Any) -> None:
        self.said += 1
        await self.town.service.runtime.works[1].run(command, Cause(f"said-{self.said}"))

    async def doctors(self, *plans: tuple[Actor, tuple[Hours, ...]]) -> None:
        for who, hours in plans:
            await self.town.register(who, "sms")
            await self.say(PlanDuty(who, hours))

    async def called(self, *, after: timedelta = timedelta()) -> list[str]:
        """Return who has been called so far, a while later."""
        self.town.clock.move(after)
        await self.town.rounds()
        return sorted(message.to["subject"] for message in self.town.channels["sms"].sent)


@pytest.fixture
def ward() -> Ward:
    return Ward()


async def test_who_is_on_call_is_called_at_once_and_substitutes_after_two_minutes(ward: Ward) -> None:
    await ward.doctors((DOCTOR, (TODAY,)), (OTHER, (TONIGHT,)), (THIRD, ()))
    await ward.town.hear(risk("very_high", 1))
    assert await ward.called() == ["doctor-1"]
    assert await ward.called(after=timedelta(seconds=119)) == ["doctor-1"]
    assert await ward.called(after=timedelta(seconds=2)) == ["doctor-1", "doctor-2", "doctor-3"]


async def test_a_substitute_is_not_disturbed_for_what_somebody_took(ward: Ward) -> None:
    await ward.doctors((DOCTOR, (TODAY,)), (OTHER, ()))
    await ward.town.hear(risk("very_high", 1))
    assert await ward.called() == ["doctor-1"]
    condition = ward.town.condition_of(Kind.RISK_RISING)
    assert condition is not None
    assert condition.alert is not None
    await ward.town.hear(Acknowledge(condition.key, condition.alert.alert_id, DOCTOR))
    assert await ward.called(after=minutes(5)) == ["doctor-1"]
    assert [(n.subject, n.state, n.is_substitute) for n in ward.town.notices] == [
        ("doctor-1", NoticeState.SENT, False),
        ("doctor-2", NoticeState.DROPPED, True),
    ]


async def test_a_substitute_who_holds_the_next_rung_is_called_when_it_is(ward: Ward) -> None:
    # The first rung of a contact's silence is the station, the second the district: one person may hold both.
    both = Actor("nurse-2", frozenset({"health_officer"}), frozenset({"05437", "164"}))
    station = Actor("nurse-1", frozenset({"health_officer"}), frozenset({"05437"}))
    await ward.doctors((station, (TODAY,)), (both, ()))
    await ward.town.hear(contact_missed(3, 1))
    assert await ward.called() == ["nurse-1"]
    condition = ward.town.condition_of(Kind.CONTACT_SILENT)
    assert condition is not None
    assert condition.alert is not None
    await ward.say(PlanDuty(both, (TODAY,)))
    await ward.town.hear(Escalate(condition.key, condition.alert.alert_id, station))
    assert await ward.called() == ["nurse-1", "nurse-2"]


@pytest.mark.parametrize("hours", [(), (TONIGHT,)], ids=["no-plan", "not-now"])
async def test_where_nobody_is_on_call_everybody_is_called_at_once(
    ward: Ward, hours: tuple[Hours, ...]
) -> None:
    await ward.doctors((DOCTOR, hours), (OTHER, ()))
    await ward.town.hear(risk("very_high", 1))
    assert await ward.called() == ["doctor-1", "doctor-2"]


async def test_somebody_on_call_whom_no_channel_reaches_holds_up_nobody(ward: Ward) -> None:
    await ward.doctors((OTHER, ()))
    await ward.town.register(DOCTOR)
    await ward.say(PlanDuty(DOCTOR, (TODAY,)))
    await ward.town.hear(risk("very_high", 1))
    assert await ward.called() == ["doctor-2"]


async def test_nor_does_somebody_who_has_left_without_taking_their_plan_along(ward: Ward) -> None:
    everyday = tuple(Hours(day, time(0), time(0)) for day in range(7))
    await ward.doctors((DOCTOR, everyday))
    ward.town.clock.move(LAPSES_AFTER)
    await ward.doctors((OTHER, ()))
    await ward.town.hear(risk("very_high", 1, at=ward.town.clock.now()))
    assert await ward.called() == ["doctor-2"]


async def test_the_quiet_hours_of_a_substitute_count_from_their_turn_on(ward: Ward) -> None:
    ward.town.clock.move(at(23, "21:55") - NOON)
    await ward.doctors((DOCTOR, (TONIGHT,)))
    await ward.town.register(OTHER, "sms", quiet=NIGHT)
    await ward.town.hear(risk("high", 1, at=ward.town.clock.now()))
    await ward.called()
    held = {one.subject: one.try_at for one in ward.town.notices if one.state is NoticeState.WAITING}
    assert held == {"doctor-2": at(24, "05:00")}


@pytest.mark.parametrize(
    ("plan", "called"),
    [((), ["doctor-1"]), ((TODAY,), ["doctor-1"]), ((TONIGHT,), ["doctor-2"])],
    ids=["no-plan", "on-call", "off-call"],
)
async def test_a_patients_own_doctor_is_called_alone_unless_off_call(
    ward: Ward, plan: tuple[Hours, ...], called: list[str]
) -> None:
    await ward.doctors((DOCTOR, plan), (OTHER, (TODAY,)))
    await ward.town.hear(risk("very_high", 1, carer_id="doctor-1"))
    assert await ward.called() == called
    later = ["doctor-1"] if called == ["doctor-1"] else ["doctor-1", "doctor-2"]
    assert await ward.called(after=minutes(3)) == later


async def test_a_patient_whose_doctor_never_registered_is_heard_by_the_others(ward: Ward) -> None:
    await ward.doctors((OTHER, ()))
    await ward.town.hear(risk("very_high", 1, carer_id="doctor-1"))
    assert await ward.called() == ["doctor-2"]


@pytest.mark.parametrize("until", [NOON, NOON - minutes(1), NOON + timedelta(days=8)])
async def test_by_hand_is_for_the_coming_week(ward: Ward, until: datetime) -> None:
    with pytest.raises(DutyTimeWrong):
        await ward.say(SwapDuty(DOCTOR, True, until))


async def test_the_plan_is_kept_shown_and_changed_over_http(ward: Ward) -> None:
    app = ward.town.service.app(Mode.API)
    me, mine = bearer("doctor", ("164",), sub="doctor-1"), "/v1/recipients/me/duty"
    await ward.town.register(DOCTOR, "sms")
    await ward.town.register(OTHER, "sms")
    async with client_of(app) as client:

        async def ask(method: str, path: str, status: int = 200, **more: Any) -> Any:
            answer = await client.request(method, path, headers=me, **more)
            assert answer.status_code == status, answer.text
            return answer.json()

        seen = await ask("GET", mine)
        assert (seen["is_on"], seen["hours"], seen["by_hand"]) == (False, [], None)
        night = {"weekday": 1, "start": "19:00", "end": "07:00"}
        day = {"weekday": 1, "start": "07:00", "end": "19:00"}
        seen = await ask("PUT", mine, json={"hours": [night, day, night]})
        assert (seen["is_on"], seen["hours"]) == (True, [day, night])
        assert datetime.fromisoformat(seen["until"]) == at(24, "07:00")
        until = at(23, "15:00").isoformat()
        seen = await ask("POST", f"{mine}/by-hand", json={"is_on": False, "until": until})
        assert (seen["is_on"], seen["by_hand"]["is_on"]) == (False, False)
        [unit] = (await ask("GET", "/v1/on-call"))["items"]
        assert (unit["code"], unit["role"], unit["on_call"]) == ("164", "doctor", [])
        seen = await ask("DELETE", f"{mine}/by-hand")
        assert (seen["is_on"], seen["by_hand"]) == (True, None)
        [unit] = (await ask("GET", "/v1/on-call"))["items"]
        assert [one["subject"] for one in unit["on_call"]] == ["doctor-1"]
        assert [one["subject"] for one in unit["substitutes"]] == ["doctor-2"]
        for wrong in (
            {"weekday": 7, "start": "07:00", "end": "19:00"},
            {"weekday": 0, "start": "7", "end": "19:00"},
        ):
            await ask("PUT", mine, 422, json={"hours": [wrong]})
        refused = await ask("POST", f"{mine}/by-hand", 422, json={"is_on": True, "until": NOON.isoformat()})
        assert "bảy ngày" in refused["title"]
        assert (await ask("GET", mine))["hours"] == [day, night]


async def test_who_is_on_call_is_seen_in_ones_own_area_alone(ward: Ward) -> None:
    nurse = Actor("nurse-1", frozenset({"health_officer"}), frozenset({"05437"}))
    await ward.doctors((DOCTOR, (TODAY,)), (nurse, ()))
    async with client_of(ward.town.service.app(Mode.API)) as client:
        for areas, seen in (
            (("19",), ["164", "05437"]),
            (("164",), ["164", "05437"]),
            (("05437",), ["05437"]),
            (("165",), []),
        ):
            answer = await client.get("/v1/on-call", headers=bearer("health_officer", areas, sub="who"))
            assert [unit["code"] for unit in answer.json()["items"]] == seen
    assert PERSON not in answer.text
