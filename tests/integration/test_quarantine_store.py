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
    ApplyProtocol,
    NoteDeclaredF0,
    NoteReport,
    OrderQuarantine,
    RecordReport,
    ReleaseFromQuarantine,
)
from quarantine.domain.decide import decide
from quarantine.domain.model import Category, DeclaredBy, Immunity, Outcome, Person, Place
from quarantine.domain.outlook import Effect, outlook
from quarantine.domain.reports import Declarants, record
from quarantine.domain.rules import QuarantineRules
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


@pytest.fixture(scope="module")
def rules() -> QuarantineRules:
    return read_rules(data_folder() / "rules" / "quarantine")


@pytest.fixture
async def both(database, rules) -> Both:
    clock = FrozenClock(MORNING)
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


async def test_open_stays_are_the_same_in_the_same_order_whoever_asks_and_page_by_page(both):
    await a_busy_day(both)

    for codes in (frozenset({"05443"}), frozenset({"165"}), frozenset({"19", "164"}), frozenset()):
        for commune in (None, "05443", "05509"):
            search = Search(codes, date(2021, 8, 2), commune_code=commune)
            found = await both.real.cases.open_stays(search, limit=50)
            assert found == await both.twin.cases.open_stays(search, limit=50), search
            paged, after = [], None
            while page := await both.real.cases.open_stays(search, limit=2, after=after):
                paged += page
                after = (page[-1].stay.ends_on.isoformat(), page[-1].person_id)
            assert paged == found
    everybody = await both.real.cases.open_stays(Search({"19"}, date(2021, 8, 2)), limit=50)
    assert {held.person_id for held in everybody} == {f"p{number}" for number in range(8)} - {"p4", "p5"}


async def test_open_stays_are_read_along_an_index_without_sorting(both):
    await a_busy_day(both)
    for codes in ({"05443"}, {"164", "165"}):
        search = Search(codes, date(2021, 8, 2))
        cursor = both.real.cases.open_query(search, after=("2021-08-14", "p1"))
        stages = str((await cursor.limit(50).explain())["queryPlanner"]["winningPlan"])
        assert "'indexName': 'worklist'" in stages
        assert "'SORT'" not in stages
        assert "COLLSCAN" not in stages


async def test_what_is_foreseen_on_mongo_is_what_applying_then_does(both, rules):
    both.clock.set(datetime(2021, 12, 15, 1, tzinfo=UTC))
    for number in range(12):
        exposed, doses = date(2021, 12, 15) - timedelta(days=number), number % 3
        await both.run(order(number, last_exposure_on=exposed, immunity=Immunity(doses)))
    search, on = Search({"19"}, date(2021, 12, 15)), date(2021, 12, 16)
    held = await both.real.cases.open_stays(search, limit=50)
    foreseen = {one.person_id: outlook(one.stay, one.area, rules, on) for one in held}
    assert {seen.effect for seen in foreseen.values()} == {Effect.MOVES, Effect.ENDS}

    both.clock.set(datetime(2021, 12, 15, 17, tzinfo=UTC))  # 00:00 on the 16th
    for person_id, seen in foreseen.items():
        await both.run(ApplyProtocol(person_id, PROVINCE, seen.ends_on))
    for person_id, seen in foreseen.items():
        case = await both.real.cases.get(person_id)
        assert (case.stay.ends_on, case.stay.test_days) == (seen.ends_on, seen.test_days)
        assert case == await both.twin.cases.get(person_id)
    left = await both.real.cases.open_stays(search, limit=50)
    assert {held.person_id for held in left} == {
        key for key, seen in foreseen.items() if seen.effect is Effect.MOVES
    }
    assert {outlook(one.stay, one.area, rules, on).effect for one in left} == {Effect.UNCHANGED}
