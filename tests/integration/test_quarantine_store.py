"""Quarantine's look-ups give the same answers on MongoDB as in memory, and due timers know the ledger."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from common.clocks import FrozenClock
from common.geo import data_folder
from common.kernel.areas import Actor, Area
from common.kernel.ids import derived_id
from common.work.engine import Work
from common.work.ledger import Ledger
from common.work.model import SHARDS, Cause, Heart
from common.work.timers import TimerLoop
from quarantine.domain.commands import (
    NoteDeclaredF0,
    NoteReport,
    OrderQuarantine,
    RecordReport,
    ReleaseFromQuarantine,
)
from quarantine.domain.decide import decide
from quarantine.domain.model import Category, DeclaredBy, Outcome, Person, Place
from quarantine.domain.reports import Declarants, record
from quarantine.ports import Search, Worklist
from quarantine.rulebook import read_rules
from quarantine.store import MongoCases, MongoReports
from quarantine.translate import to_event
from services.quarantine.tests.memory import MemoryCases, MemoryReports

HERE, THERE = Area("05443", "164"), Area("05509", "165")
PROVINCE = Actor("cb-19", frozenset({"health_officer"}), frozenset({"19"}))
MORNING = datetime(2021, 8, 2, 1, tzinfo=UTC)
DEADLINE = datetime(2021, 8, 2, 10, tzinfo=UTC)


@dataclass
class Side:
    """One implementation with its unit of work and ledger."""

    cases: Any
    reports: Any
    work: Work[Any, Any]
    ledger: Ledger[Any, Any]
    timers: TimerLoop


@dataclass
class Both:
    """The same commands at the same times on MongoDB and in memory."""

    clock: FrozenClock
    real: Side
    twin: Side
    count: int = 0

    async def run(self, command: Any) -> None:
        self.count += 1
        cause = Cause(id=derived_id("cause", str(self.count)))
        for side in (self.real, self.twin):
            door = side.ledger if isinstance(command, RecordReport) else side.work
            await door.run(command, cause)

    async def fire(self) -> tuple[int, int]:
        return await self.real.timers.fire_due(), await self.twin.timers.fire_due()


def side(cases: Any, reports: Any, rules: Any, clock: FrozenClock) -> Side:
    async def declarants(commands: list[Any]) -> dict[str, Declarants]:
        found = await cases.many({command.person_id for command in commands})
        return {command.report_id: Declarants(found.get(command.person_id)) for command in commands}

    work: Work[Any, Any] = Work(Heart("case", decide, to_event, lambda: rules), cases, clock)
    ledger: Ledger[Any, Any] = Ledger(
        Heart("report", record, to_event, lambda: rules), reports, clock, declarants
    )
    return Side(cases, reports, work, ledger, TimerLoop(work, cases, clock))


@pytest.fixture
async def both(database) -> Both:
    clock = FrozenClock(MORNING)
    rules = read_rules(data_folder() / "rules" / "quarantine")
    reports = MongoReports(database)
    cases = MongoCases(database, reports)
    for store in (reports, cases):
        await store.ensure_indexes()
    kept = MemoryReports()
    return Both(clock, side(cases, reports, rules, clock), side(MemoryCases(kept), kept, rules, clock))


def order(number: int, **changes: Any) -> OrderQuarantine:
    area = HERE if number % 3 else THERE
    person = Person(area, "sealed", (f"name-{number % 2}", f"phone-{number % 4}"), f"home-{number // 2}")
    command = OrderQuarantine(f"p{number}", PROVINCE, person, Category.F1, Place.HOME, date(2021, 8, 1))
    return replace(command, **changes)


def report(number: int, at: datetime) -> RecordReport:
    return RecordReport(
        derived_id("report", f"{number} {at}"), f"p{number}", PROVINCE, DeclaredBy.OFFICER, at
    )


async def a_busy_day(both: Both) -> None:
    """Eight people: some declare, some are ill, some miss the day, one ends, one becomes F0."""
    for number in range(8):
        await both.run(order(number, last_exposure_on=date(2021, 8, 2) - timedelta(days=number % 3)))
    both.clock.set(DEADLINE - timedelta(hours=1))
    for number in (1, 2, 3):
        await both.run(report(number, both.clock.now()))
        await both.run(NoteReport(f"p{number}", both.clock.now(), number == 2))
    await both.run(ReleaseFromQuarantine("p4", PROVINCE, Outcome.LOST, "sealed"))
    await both.run(NoteDeclaredF0("p5", 1, both.clock.now()))
    await both.run(NoteDeclaredF0("p-nobody", 1, both.clock.now()))


async def test_every_search_finds_the_same_people_in_the_same_order(both):
    await a_busy_day(both)
    both.clock.set(DEADLINE + timedelta(seconds=21))
    assert await both.fire() == (7, 7)

    areas = (frozenset({"05443"}), frozenset({"165"}), frozenset({"19"}), frozenset())
    days = (date(2021, 8, 2), date(2021, 8, 16))
    words = ((), ("name-1", "phone-3"))
    for codes, today, status, tokens, home in product(areas, days, (None, *Worklist), words, ("", "home-1")):
        search = Search(codes, today, status, None, tokens, home)
        found = [case.person_id for case in await both.real.cases.find(search, limit=50)]
        assert found == [case.person_id for case in await both.twin.cases.find(search, limit=50)], search
    for codes, today in product(areas, days):
        search = Search(codes, today)
        assert await both.real.cases.count(search) == await both.twin.cases.count(search)


async def test_pages_meet_without_gap_or_overlap(both):
    await a_busy_day(both)
    search, seen, after = Search({"19"}, date(2021, 8, 2)), [], None
    while page := await both.real.cases.find(search, limit=3, after=after):
        seen += [case.person_id for case in page]
        after = (page[-1].stay.ends_on.isoformat(), page[-1].person_id)

    assert len(seen) == len(set(seen)) == 8


async def test_likely_duplicates_are_open_and_equal_in_both_ways(both):
    await a_busy_day(both)
    for tokens, either in (
        (["name-1"], ["phone-3"]),
        (["name-0"], ["phone-0", "phone-2"]),
        ([], ["x"]),
        (["x"], []),
    ):
        real = {case.person_id for case in await both.real.cases.open_like(tokens, either, but="p7")}
        twin = {case.person_id for case in await both.twin.cases.open_like(tokens, either, but="p7")}
        assert real == (twin if tokens and either else set())


async def test_a_file_and_a_declaration_come_back_from_mongo_as_they_were(both):
    await a_busy_day(both)

    for number in range(8):
        assert await both.real.cases.get(f"p{number}") == await both.twin.cases.get(f"p{number}")
    [kept] = await both.real.reports.latest_of("p1", limit=5)
    [twin] = await both.twin.reports.latest_of("p1", limit=5)
    assert kept == twin


async def test_a_due_timer_knows_what_the_ledger_has_though_no_fact_has_travelled(both):
    await both.run(order(1))
    await both.run(order(2))
    both.clock.set(DEADLINE - timedelta(seconds=1))
    await both.run(report(1, both.clock.now()))
    both.clock.set(DEADLINE + timedelta(seconds=20))

    due = {
        fired.aggregate_id: fired
        for fired in await both.real.cases.due(both.clock.now(), list(range(SHARDS)), 10)
    }
    assert due["p1"].reported == (DEADLINE - timedelta(seconds=1),)
    assert due["p2"].reported == ()
    assert await both.fire() == (2, 2)
    assert (await both.real.cases.get("p1")).stay.duty.missed_on == ()
    assert (await both.real.cases.get("p2")).stay.duty.missed_on == (date(2021, 8, 2),)
