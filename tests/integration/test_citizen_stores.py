"""Phones, callbacks, look-ups by number and retention do on MongoDB what they do in memory."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from common.clocks import FrozenClock
from common.geo import data_folder
from common.kernel.areas import Actor, Area
from common.kernel.ids import derived_id
from common.work.engine import Work
from common.work.ledger import Ledger
from common.work.model import Cause, Heart
from quarantine.domain import callbacks, enrolment
from quarantine.domain.commands import OrderQuarantine, RecordReport, ReleaseFromQuarantine
from quarantine.domain.decide import decide
from quarantine.domain.model import Category, DeclaredBy, Outcome, Person, Place
from quarantine.domain.reports import Declarants, record
from quarantine.domain.retention import Anonymise
from quarantine.rulebook import read_rules
from quarantine.store import MongoCases, MongoReports
from quarantine.store.callbacks import MongoCallbacks
from quarantine.store.enrolments import MongoAnswered, MongoEnrolments
from quarantine.translate import to_event

HERE = Area("05443", "164")
OFFICER = Actor("cb", frozenset({"health_officer"}), frozenset({"05443"}))
MORNING = datetime(2021, 8, 2, 1, tzinfo=UTC)


def cause(*parts: str) -> Cause:
    return Cause(derived_id(*parts))


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(MORNING)


async def test_a_code_is_used_by_one_phone_however_many_try_at_once(
    database: Any, clock: FrozenClock
) -> None:
    store = MongoEnrolments(database)
    await store.ensure_indexes()
    work: Work[Any, Any] = Work(Heart("enrolment", enrolment.decide, to_event, lambda: ()), store, clock)
    other: Work[Any, Any] = Work(
        Heart("enrolment", enrolment.decide, to_event, lambda: ()), MongoEnrolments(database), clock
    )
    await work.run(enrolment.GiveCode("e1", OFFICER, ("p1", "p2"), HERE), cause("give"))

    async def tried(door: Work[Any, Any], number: int) -> bool:
        bind = enrolment.BindPhone("e1", f"key-{number}.y", frozenset())
        try:
            await door.run(bind, cause("bind", str(number)))
        except enrolment.CodeNotGood:
            return False
        return True

    won = await asyncio.gather(*(tried((work, other)[n % 2], n) for n in range(10)))

    assert sum(won) == 1
    [kept] = await store.of_person("p2")
    assert kept == await store.get("e1")
    assert kept.phone is not None
    assert kept.phone.public_key == f"key-{won.index(True)}.y"
    assert await store.purge(MORNING + timedelta(days=4000)) == 0  # a phone in use never goes
    await work.run(enrolment.RevokePhone("e1", OFFICER), cause("revoke"))
    assert await store.purge(MORNING) == 0
    assert await store.purge(MORNING + timedelta(seconds=1)) == 1
    assert await store.get("e1") is None


async def test_a_challenge_counts_once_for_all_processes(database: Any) -> None:
    one, other = MongoAnswered(database), MongoAnswered(database)
    await one.ensure_indexes()

    answers = await asyncio.gather(*((one, other)[n % 2].is_first("c1", MORNING) for n in range(8)))

    assert sum(answers) == 1


async def test_who_waits_for_a_call_is_found_by_area(database: Any, clock: FrozenClock) -> None:
    store = MongoCallbacks(database)
    await store.ensure_indexes()
    work: Work[Any, Any] = Work(Heart("callback", callbacks.decide, to_event, lambda: None), store, clock)
    for number in range(3):
        await work.run(callbacks.AskCallback(f"p{number}", HERE), cause("ask", str(number)))
        clock.move(timedelta(minutes=1))
    await work.run(callbacks.NoteCalled("p0", OFFICER), cause("called"))

    assert [one.person_id for one in await store.waiting({"164"}, limit=9)] == ["p1", "p2"]
    assert await store.waiting({"165"}, limit=9) == []


async def test_files_are_found_by_number_and_go_in_their_time(database: Any, clock: FrozenClock) -> None:
    rules = read_rules(data_folder() / "rules" / "quarantine")
    reports = MongoReports(database)
    cases = MongoCases(database, reports)
    for store in (reports, cases):
        await store.ensure_indexes()
    work: Work[Any, Any] = Work(Heart("case", decide, to_event, lambda: rules), cases, clock)

    async def declarants(commands: list[Any]) -> dict[str, Declarants]:
        found = await cases.many({one.person_id for one in commands})
        return {one.report_id: Declarants(found[one.person_id]) for one in commands}

    ledger: Ledger[Any, Any] = Ledger(
        Heart("report", record, to_event, lambda: rules), reports, clock, declarants
    )
    for number in range(3):
        person = Person(HERE, "sealed", (f"phone-{number % 2}",), f"home-{number}")
        order = OrderQuarantine(f"p{number}", OFFICER, person, Category.F1, Place.HOME, date(2021, 8, 1))
        await work.run(order, cause("order", str(number)))
    brought = RecordReport("r1", "p0", OFFICER, DeclaredBy.OFFICER, MORNING, channel="sms")
    await ledger.run(replace(brought, report_id=derived_id("r")), cause("report"))
    await work.run(ReleaseFromQuarantine("p0", OFFICER, Outcome.LOST, "sealed"), cause("release"))

    assert {one.person_id for one in await cases.with_tokens({"phone-0"})} == {"p0", "p2"}
    [row] = await reports.latest_of("p0", limit=5)
    assert row.channel == "sms"
    assert await reports.purge(MORNING + timedelta(days=1)) == 0  # its fact still waits to be sent
    await reports.clear(await reports.unsent(10))
    assert await reports.purge(MORNING) == 0
    assert await reports.purge(MORNING + timedelta(days=1)) == 1
    assert await cases.ended_before(date(2021, 8, 15), limit=9, after="") == []
    assert await cases.ended_before(date(2021, 8, 16), limit=9, after="") == ["p0"]
    await work.run(Anonymise("p0", date(2021, 8, 16)), cause("forget"))
    assert await cases.ended_before(date(2021, 8, 16), limit=9, after="") == []
    kept = await cases.get("p0")
    assert kept is not None
    assert kept.person is None
