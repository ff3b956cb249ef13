"""The rules of the room, on two instances of the service that share what they keep."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

from common.testing.sign_in import bearer
from f0_monitoring.domain.consultation import Quality
from f0_monitoring.views.meeting.guest import LineClosed, quality_of

Clinic = import_module("services.f0-monitoring.tests.test_consultation_api").Clinic
DOCTOR = bearer("doctor", ("173",), sub="doctor-173")


class Browser:
    """The other end of a line: what it is told, and what it says."""

    def __init__(self) -> None:
        self.said: asyncio.Queue[Any] = asyncio.Queue()
        self.heard: list[dict[str, Any]] = []
        self.code: int | None = None

    async def receive(self) -> Any:
        message = await self.said.get()
        if message is None:
            raise LineClosed
        return message

    async def send(self, message: dict[str, Any]) -> None:
        self.heard.append(message)

    async def close(self, code: int) -> None:
        self.code = code
        self.said.put_nowait(None)

    def say(self, **message: Any) -> None:
        self.said.put_nowait(message)

    def hang_up(self) -> None:
        self.said.put_nowait(None)

    async def hears(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """Wait for a message; earlier ones count."""
        for _ in range(2000):
            for message in self.heard:
                if message["type"] == kind and wanted.items() <= message.items():
                    return message
            await asyncio.sleep(0.01)
        raise AssertionError(f"{kind} {wanted} was not heard, but {self.heard}")


class Ward:
    """A consultation whose two sides are served by two instances."""

    def __init__(self, clinic: Any, doctors: Any, patients: Any) -> None:
        self.clinic, self.doctors, self.patients = clinic, doctors, patients
        self.tasks: list[asyncio.Task[None]] = []

    async def open(self) -> "Ward":
        self.id = (await self.clinic.wish())["consultation_id"]
        return self

    async def ticket(self, who: dict[str, str]) -> str:
        return str((await self.clinic.ask("POST", f"/v1/consultations/{self.id}/entry", who))["ticket"])

    async def enter(self, who: dict[str, str], instance: Any, page: str = "page") -> Browser:
        return self.open_line(await self.ticket(who), instance, page)

    def open_line(self, ticket: str, instance: Any, page: str = "page", room: str = "") -> Browser:
        browser = Browser()
        browser.say(type="enter", ticket=ticket, page=page)
        self.tasks.append(asyncio.create_task(instance.serve(room or self.id, browser)))
        return browser

    async def both(self) -> tuple[Browser, Browser]:
        """Both are in, the patient let in."""
        doctor = await self.enter(DOCTOR, self.doctors, "d1")
        patient = await self.enter(self.clinic.citizen, self.patients, "p1")
        await doctor.hears("room", peer_page="p1")
        doctor.say(type="admit")
        await doctor.hears("room", may_connect=True)
        await patient.hears("room", may_connect=True)
        return doctor, patient

    @property
    def kept(self) -> Any:
        return self.clinic.house.consulting.consultations.aggregates[self.id].state


@pytest.fixture
async def ward(house: Any) -> AsyncIterator[Ward]:
    clinic = await Clinic(house).open()
    one = house.service.parts["signalling"]
    other = house.another_instance().parts["signalling"]
    await other.start()
    await asyncio.sleep(0)
    ward = await Ward(clinic, one, other).open()
    yield ward
    for task in ward.tasks:
        task.cancel()
    await asyncio.gather(*ward.tasks, return_exceptions=True)
    await other.stop()


def peer_of(browser: Browser) -> str:
    return str([m for m in browser.heard if m["type"] == "room"][-1]["peer"])


async def test_nothing_passes_before_the_doctor_lets_the_patient_in(ward: Ward) -> None:
    doctor = await ward.enter(DOCTOR, ward.doctors)
    patient = await ward.enter(ward.clinic.citizen, ward.patients)
    await patient.hears("room", is_admitted=False, may_connect=False)
    await doctor.hears("room", is_admitted=False, may_connect=False)
    seen = await doctor.hears("room", may_connect=False)
    assert seen["polite"] is False
    while not peer_of(doctor) or not peer_of(patient):
        await asyncio.sleep(0.01)
    patient.say(type="admit")  # letting in is not the patient's to do
    patient.say(type="signal", to=peer_of(patient), body={"description": "offer"})
    doctor.say(type="signal", to=peer_of(doctor), body={"description": "offer"})
    await asyncio.sleep(0.1)
    assert not [m for m in doctor.heard + patient.heard if m["type"] == "signal"]


async def test_signals_cross_from_one_instance_to_the_other_in_their_order(ward: Ward) -> None:
    doctor, patient = await ward.both()
    for number in range(20):
        patient.say(type="signal", to=peer_of(patient), body={"candidate": number})
    await doctor.hears("signal", body={"candidate": 19})
    assert [m["body"]["candidate"] for m in doctor.heard if m["type"] == "signal"] == list(range(20))
    doctor.say(type="signal", to=peer_of(doctor), body={"description": "answer"})
    await patient.hears("signal", body={"description": "answer"})
    doctor.say(type="admit", let_in=False)
    for _ in range(100):
        if [m for m in patient.heard if m["type"] == "room"][-1]["may_connect"] is False:
            break
        await asyncio.sleep(0.01)
    patient.say(type="signal", to=peer_of(patient), body={"candidate": "after"})
    await asyncio.sleep(0.1)
    assert not [m for m in doctor.heard if m.get("body") == {"candidate": "after"}]


async def test_a_third_person_finds_the_seat_taken(ward: Ward) -> None:
    await ward.both()
    daughter = await ward.enter(ward.clinic.daughter, ward.doctors)
    refused = await daughter.hears("refused")
    assert (refused["slug"], daughter.code) == ("seat-taken", 4403)


async def test_a_seat_whose_browser_died_is_free_after_three_silent_beats(ward: Ward) -> None:
    await ward.both()
    ward.clinic.house.clock.forward(seconds=50)
    daughter = await ward.enter(ward.clinic.daughter, ward.doctors, "p2")
    await daughter.hears("room", you="patient", is_admitted=False)


async def test_the_same_person_in_another_tab_takes_over_and_stays_admitted(ward: Ward) -> None:
    doctor, patient = await ward.both()
    second = await ward.enter(ward.clinic.citizen, ward.doctors, "p2")
    await second.hears("room", may_connect=True)
    await patient.hears("replaced")
    await doctor.hears("room", peer_page="p2", may_connect=True)


async def test_a_line_that_comes_back_is_the_same_page(ward: Ward) -> None:
    doctor, patient = await ward.both()
    before = peer_of(doctor)
    patient.hang_up()
    back = await ward.enter(ward.clinic.citizen, ward.patients, "p1")
    await back.hears("room", may_connect=True)
    for _ in range(100):
        if peer_of(doctor) not in ("", before):
            break
        await asyncio.sleep(0.01)
    last = [m for m in doctor.heard if m["type"] == "room"][-1]
    assert last["peer"] != before
    assert last["peer_page"] == "p1"


@pytest.mark.parametrize("fault", ["unknown", "other-room", "too-old", "over", "not-an-entry"])
async def test_who_has_no_ticket_for_this_room_stays_outside(ward: Ward, fault: str) -> None:
    ticket, room = await ward.ticket(DOCTOR), ""
    if fault == "unknown":
        ticket = "z" * 43
    if fault == "other-room":
        room = "another"
    if fault == "too-old":
        ward.clinic.house.clock.forward(hours=2, minutes=1)
    if fault == "over":
        url = f"/v1/consultations/{ward.id}/cancellation"
        await ward.clinic.ask("POST", url, DOCTOR, {"reason": "not-reached"})
    browser = Browser()
    browser.say(**({"type": "hello"} if fault == "not-an-entry" else {"type": "enter", "ticket": ticket}))
    await ward.doctors.serve(room or ward.id, browser)
    assert browser.heard[0]["type"] == "refused"
    assert browser.code == 4403
    assert (await ward.clinic.house.consulting.rooms.read(ward.id)).doctor is None


async def test_the_doctor_ends_it_both_are_told_and_the_fact_says_how_long(ward: Ward) -> None:
    doctor, patient = await ward.both()
    patient.say(type="end")  # ending is not the patient's to do
    doctor.say(type="end")
    assert (await doctor.hears("problem"))["slug"] == "never-connected"
    patient.say(
        type="call", state="connected", way="audio", loss_percent=9, round_trip_ms=40, is_relayed=True
    )
    doctor.say(type="call", state="connected", way="video", loss_percent=0.5, round_trip_ms=30)
    while ward.kept.call.way != "video":
        await asyncio.sleep(0.01)
    ward.clinic.house.clock.forward(seconds=40)
    doctor.say(type="end", loss_percent=0.5, round_trip_ms=30)

    for browser in (doctor, patient):
        ended = await browser.hears("ended")
        assert (ended["state"], ended["duration_seconds"]) == ("held", 40)
    await asyncio.gather(*ward.tasks)
    assert (doctor.code, patient.code) == (4410, 4410)
    assert ward.kept.call.quality == Quality(9.0, 40, is_relayed=True)
    assert ward.clinic.house.consulting.consultations.facts()[-1].type.endswith("consultation-held.v1")


async def test_a_patient_who_leaves_breaks_the_call_off_until_they_return(ward: Ward) -> None:
    doctor, patient = await ward.both()
    doctor.say(type="call", state="connected", way="video")
    while ward.kept.call.connected_since is None:
        await asyncio.sleep(0.01)
    ward.clinic.house.clock.forward(seconds=30)
    patient.say(type="leave")
    while ward.kept.call.connected_since is not None:
        await asyncio.sleep(0.01)
    assert ward.kept.call.seconds == 30
    assert not ward.kept.is_over


async def test_who_waits_is_seen_by_the_doctor_alone(ward: Ward) -> None:
    await ward.enter(ward.clinic.citizen, ward.patients)
    while not ward.clinic.house.consulting.rooms.board.rooms.get(ward.id):
        await asyncio.sleep(0.01)
    url = "/v1/consultations/waiting"
    assert (await ward.clinic.ask("GET", url, DOCTOR))["items"] == {ward.id: ["patient"]}
    other = bearer("doctor", ("173",), sub="doctor-other")
    assert (await ward.clinic.ask("GET", url, other))["items"] == {}
    ward.clinic.house.clock.forward(seconds=41)
    assert (await ward.clinic.ask("GET", url, DOCTOR))["items"] == {}


@pytest.mark.parametrize(
    ("message", "quality"),
    [
        ({"loss_percent": 150, "round_trip_ms": -3}, Quality(100.0, 0)),
        ({"loss_percent": float("nan"), "round_trip_ms": 3}, None),
        ({"loss_percent": "5", "round_trip_ms": 3}, None),
        ({"loss_percent": True, "round_trip_ms": 3}, None),
        ({"loss_percent": 1}, None),
        ({"loss_percent": 1.234, "round_trip_ms": 1e9, "is_relayed": 1}, Quality(1.23, 60_000)),
    ],
)
def test_what_a_browser_says_it_measured_is_bounded(message: Any, quality: Quality | None) -> None:
    assert quality_of(message) == quality


def test_hours_are_beats() -> None:
    from f0_monitoring.views.meeting import own_room, signalling

    beats = timedelta(seconds=signalling.BEAT_SECONDS)
    assert 2 * beats < own_room.HEARD_WITHIN
    assert 3 * beats <= signalling.GONE_AFTER
