"""Consultations, rooms and keys on a real MongoDB: races, round trips, deadlines, and two instances in one call."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest

from common.testing.sign_in import client_of
from common.work.model import Cause
from common.work.timers import TimerLoop
from f0_monitoring.domain.consultation import Quality, State, Way
from f0_monitoring.domain.consultation_errors import HourTaken
from f0_monitoring.domain.diary import Book, Booking
from f0_monitoring.parts.consulting import ConsultingStores
from f0_monitoring.ports.meeting import Link, Occupant, RoomChanged, Seat, Signal, Ticket
from f0_monitoring.store.consultations import MongoConsultations, MongoDiaries
from f0_monitoring.store.meeting import MongoRoomKeys, MongoRooms, MongoSignals

pytestmark = pytest.mark.mongo

TESTS = "services.f0-monitoring.tests"
rooms_story = import_module(f"{TESTS}.test_rooms")
House = import_module(f"{TESTS}.conftest").House
NOW = datetime(2022, 2, 10, 8, 30, tzinfo=UTC)


@pytest.fixture
async def stores(database: Any) -> ConsultingStores:
    house_patients = import_module(f"{TESTS}.conftest").MemoryPatients()
    rooms = MongoRooms(database)
    made = ConsultingStores(
        MongoConsultations(database, house_patients, rooms),
        MongoDiaries(database),
        rooms,
        MongoSignals(database),
        MongoRoomKeys(database),
    )
    for store in (made.consultations, made.diaries, made.rooms, made.signals, made.keys):
        await store.ensure_indexes()
    return made


@pytest.fixture
async def ward(stores: ConsultingStores) -> AsyncIterator[Any]:
    """A consultation whose two sides are served by two instances that share MongoDB alone."""
    house = House()
    stores.consultations._patients = house.patients  # type: ignore[attr-defined]
    house.consulting = stores
    house.service = house.another_instance()
    other = house.another_instance().parts["signalling"]
    house.app = house.service.app(import_module("common.service").Mode.API)
    async with client_of(house.app) as client:
        house.client = client
        await other.start()
        clinic = await rooms_story.Clinic(house).open()
        ward = await rooms_story.Ward(clinic, house.service.parts["signalling"], other).open()
        yield ward
        for task in ward.tasks:
            task.cancel()
        await asyncio.gather(*ward.tasks, return_exceptions=True)
        await other.stop()


async def test_two_instances_carry_one_call_from_the_waiting_room_to_its_fact(ward: Any) -> None:
    doctor, patient = await ward.both()
    for number in range(30):
        patient.say(type="signal", to=rooms_story.peer_of(patient), body={"candidate": number})
    await doctor.hears("signal", body={"candidate": 29})
    told = [m["body"]["candidate"] for m in doctor.heard if m["type"] == "signal"]
    assert told == list(range(30))

    patient.hang_up()  # their network changes: the same page comes back on the other instance
    back = await ward.enter(ward.clinic.citizen, ward.doctors, "p1")
    await back.hears("room", may_connect=True)
    doctor.say(type="call", state="connected", way="video", loss_percent=1, round_trip_ms=50)
    consultations = ward.clinic.house.consulting.consultations
    while (await consultations.one(ward.id)).call.connected_since is None:
        await asyncio.sleep(0.02)
    ward.clinic.house.clock.forward(seconds=95)
    doctor.say(type="end", loss_percent=1, round_trip_ms=50)
    for browser in (doctor, back):
        assert (await browser.hears("ended"))["duration_seconds"] == 95
    kept = await consultations.one(ward.id)
    assert (kept.state, kept.call.quality) == (State.HELD, Quality(1.0, 50))
    [unsent] = await consultations.unsent(10)
    assert unsent.entries[-1].type == "f0-monitoring.consultation-held.v1"
    assert '"duration_seconds":95' in unsent.entries[-1].data


async def test_a_third_person_stays_outside_whichever_instance_they_reach(ward: Any) -> None:
    await ward.both()
    for instance in (ward.doctors, ward.patients):
        daughter = await ward.enter(ward.clinic.daughter, instance)
        assert (await daughter.hears("refused"))["slug"] == "seat-taken"


async def test_a_call_whose_instances_and_browsers_died_is_held_by_the_watch(ward: Any) -> None:
    doctor, _ = await ward.both()
    doctor.say(type="call", state="connected", way="video")
    house, consultations = ward.clinic.house, ward.clinic.house.consulting.consultations
    while (await consultations.one(ward.id)).call.connected_since is None:
        await asyncio.sleep(0.02)
    for task in ward.tasks:
        task.cancel()
    await asyncio.gather(*ward.tasks, return_exceptions=True)
    work = house.service.parts["consultation_desk"]._work
    loop = TimerLoop(work, consultations, house.clock)
    for _ in range(8):
        house.clock.forward(minutes=3)
        await loop.fire_due()
    kept = await consultations.one(ward.id)
    assert kept.state is State.HELD
    assert kept.duration_seconds <= 90


async def test_of_many_who_come_at_once_one_has_the_seat(stores: ConsultingStores) -> None:
    def occupant(number: int) -> Occupant:
        return Occupant(f"c{number}", f"h{number}", NOW)

    gone = NOW - timedelta(seconds=45)
    took = await asyncio.gather(
        *(stores.rooms.sit("r", Seat.PATIENT, occupant(n), gone_before=gone) for n in range(30))
    )
    assert sum(took) == 1
    there = (await stores.rooms.read("r")).patient
    assert there is not None
    assert not await stores.rooms.beat("r", Seat.PATIENT, replace(there, connection="other"))
    later = NOW + timedelta(minutes=1)
    newcomer = Occupant("new", "h-new", later)
    assert await stores.rooms.sit("r", Seat.PATIENT, newcomer, gone_before=later - timedelta(seconds=45))
    await stores.rooms.stand("r", Seat.PATIENT, there.connection)  # the one who was gone takes nothing away
    assert (await stores.rooms.read("r")).patient == newcomer
    assert await stores.rooms.last_present(["r", "none"]) == {"r": later}
    await stores.rooms.stand("r", Seat.PATIENT, "new")
    assert await stores.rooms.last_present(["r"]) == {"r": later}


async def test_both_sides_may_open_a_room_at_the_same_moment(stores: ConsultingStores) -> None:
    came = [
        stores.rooms.sit(f"r{number}", seat, Occupant(f"{seat}-{number}", seat.value, NOW), gone_before=NOW)
        for number in range(100)
        for seat in Seat
    ]
    assert all(await asyncio.gather(*came))


async def test_a_link_is_used_once_however_many_open_it_at_once(stores: ConsultingStores) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    await stores.keys.put_link("first", Link("c", "doctor", now + timedelta(hours=1)))
    await stores.keys.put_link("d", Link("c", "doctor", now + timedelta(hours=1)))
    seen = await asyncio.gather(*(stores.keys.use_link("d", now) for _ in range(30)))
    assert sum(link is not None and link.used_at is None for link in seen) == 1
    withdrawn = await stores.keys.use_link("first", now)
    assert withdrawn is not None
    assert withdrawn.is_withdrawn
    assert await stores.keys.use_link("never", now) is None
    ticket = Ticket("c", Seat.DOCTOR, "h", now)
    await stores.keys.put_ticket("t", ticket)
    assert await stores.keys.ticket("t") == ticket
    assert await stores.keys.ticket("d") is None  # a link is no ticket


async def test_signals_and_changes_of_rooms_reach_whoever_follows(stores: ConsultingStores) -> None:
    heard: list[Any] = []

    async def follow() -> None:
        async for news in stores.signals.hear():
            heard.append(news)

    task = asyncio.create_task(follow())
    while not heard:
        await asyncio.sleep(0.02)
    await stores.rooms.sit("r", Seat.DOCTOR, Occupant("c", "h", NOW), gone_before=NOW)
    sent = [Signal("r", "to", "from", {"candidate": {"sdpMid": str(n)}}) for n in range(10)]
    for signal in sent:
        await stores.signals.send(signal)
    while len(heard) < 12:
        await asyncio.sleep(0.02)
    task.cancel()
    assert heard == [None, RoomChanged("r"), *sent]


async def test_one_hour_of_a_doctor_is_given_once_under_concurrent_wishes(
    stores: ConsultingStores, ward: Any
) -> None:
    diaries = ward.clinic.house.service.parts["consultation_desk"]._diaries
    other = ward.clinic.house.another_instance().parts["consultation_desk"]._diaries

    async def book(number: int) -> bool:
        booking = Booking(f"c{number}", NOW, NOW + timedelta(minutes=20))
        try:
            await (diaries, other)[number % 2].run(Book("doctor:d", booking), Cause(f"book-{number}"))
        except HourTaken:
            return False
        return True

    assert sum(await asyncio.gather(*(book(n) for n in range(60)))) == 1


async def test_lists_are_found_by_who_takes_part(ward: Any) -> None:
    consultations, kept = ward.clinic.house.consulting.consultations, None
    kept = await consultations.one(ward.id)
    since = kept.requested_at - timedelta(days=1)
    assert [c.consultation_id for c in await consultations.of_persons([kept.person_id], limit=5)] == [ward.id]
    assert await consultations.of_doctor("doctor-173", [], since=since, limit=5) == [kept]
    assert await consultations.of_doctor("doctor-x", [kept.person_id], since=since, limit=5) == [kept]
    assert await consultations.of_doctor("doctor-x", [], since=since, limit=5) == []
    assert await consultations.of_areas(["173"], since=since, limit=5) == [kept]
    assert await consultations.of_areas(["164"], since=since, limit=5) == []
    assert kept.way is Way.VIDEO
