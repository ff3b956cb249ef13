"""Merges on MongoDB: killed after any write, two at once, the same pair both ways; the look-ups equal memory's."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from common.clocks import FrozenClock
from common.geo import data_folder
from common.kernel.areas import Actor, Area
from common.work.engine import Work
from common.work.model import Cause, Heart
from quarantine.domain.commands import OrderQuarantine
from quarantine.domain.contacts import Closeness, Meeting, RecordContact, Setting, decide_contact
from quarantine.domain.decide import decide
from quarantine.domain.joining import Joining, Keeps
from quarantine.domain.merges import Stage, StartMerge, UndoMerge, decide_merge
from quarantine.domain.model import Category, Person, Place
from quarantine.domain.standing import is_open
from quarantine.ports import Search
from quarantine.rulebook import read_rules
from quarantine.store import MongoCases, MongoReports
from quarantine.store.contacts import MongoContacts
from quarantine.store.merges import MongoMerges
from quarantine.store.people import MongoPeople
from quarantine.translate import to_event
from quarantine.views.merge_runner import MergeRunner
from services.quarantine.tests.memory import MemoryCases, MemoryContacts, MemoryPeople, MemoryReports

HERE, THERE = Area("05443", "164"), Area("05509", "165")
OFFICER = Actor("cb-19", frozenset({"health_officer"}), frozenset({"19"}))
MORNING = datetime(2021, 8, 2, 1, tzinfo=UTC)
ORDERED, ENDED = "quarantine.quarantine-ordered.v1", "quarantine.quarantine-ended.v1"


class Killed(BaseException):
    """The process is gone: nobody catches it, nothing is tidied up."""


@dataclass
class Process:
    """A process of the service: nothing in it survives it."""

    cases: MongoCases
    files: Work[Any, Any]
    records: Work[Any, Any]
    runner: MergeRunner


@dataclass
class Province:
    """A database and processes that come and go."""

    database: Any
    rules: Any
    clock: FrozenClock

    def process(self, dies_at: int = -1) -> Process:
        cases = MongoCases(self.database, MongoReports(self.database))
        merges, written = MongoMerges(self.database), count()
        files: Work[Any, Any] = Work(Heart("case", decide, to_event, lambda: self.rules), cases, self.clock)
        records: Work[Any, Any] = Work(
            Heart("merge", decide_merge, to_event, lambda: None), merges, self.clock
        )

        def mortal(work: Work[Any, Any]) -> Any:
            class Mortal:
                read = staticmethod(work.read)

                @staticmethod
                async def run(command: Any, cause: Cause) -> Any:
                    answer = await work.run(command, cause)
                    if next(written) == dies_at:
                        raise Killed
                    return answer

            return Mortal()

        runner = MergeRunner(mortal(files), mortal(records), merges, self.clock)
        return Process(cases, files, records, runner)

    async def order(self, person_id: str, **changes: Any) -> None:
        person = Person(HERE, f"sealed-{person_id}", (f"name-{person_id}",), f"home-{person_id}", (), (7, 8))
        command = OrderQuarantine(person_id, OFFICER, person, Category.F1, Place.HOME, date(2021, 8, 1))
        await self.process().files.run(replace(command, **changes), Cause(f"order-{person_id}"))

    async def begin(self, merge_id: str, survivor_id: str, other_id: str) -> None:
        one = self.process()
        found = await one.cases.many([survivor_id, other_id])
        survivor, other = found[survivor_id], found[other_id]
        joining = Joining(merge_id, survivor, other, survivor.person, Keeps.SURVIVOR)
        await one.records.run(StartMerge(merge_id, joining, OFFICER), Cause(f"start-{merge_id}"))

    async def facts(self) -> dict[str, int]:
        """Who is in quarantine as those see it who add and subtract."""
        sums: dict[str, int] = {}
        async for document in self.database["cases"].find():
            for entry in document.get("outbox", []):
                step = {ORDERED: 1, ENDED: -1}.get(entry.get("type", entry.get("t")), 0)
                sums[document["_id"]] = sums.get(document["_id"], 0) + step
        return sums

    async def open_files(self) -> set[str]:
        found = await self.process().cases.many(["pa", "pb"])
        return {key for key, case in found.items() if is_open(case)}


@pytest.fixture
async def province(database) -> Province:
    rules = read_rules(data_folder() / "rules" / "quarantine")
    for store in (
        MongoCases(database, MongoReports(database)),
        MongoMerges(database),
        MongoContacts(database),
    ):
        await store.ensure_indexes()
    await MongoPeople(database).ensure_indexes()
    made = Province(database, rules, FrozenClock(MORNING))
    await made.order("pa")
    await made.order("pb")
    return made


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("is_undone", [False, True])
async def test_killed_after_any_write_the_next_process_finishes(province, at, is_undone):
    await province.begin("m1", "pa", "pb")
    if is_undone:
        await province.process().runner.advance("m1")
        await province.process().records.run(UndoMerge("m1", OFFICER), Cause("undo"))
    with pytest.raises(Killed):
        await province.process(dies_at=at).runner.advance("m1")

    province.clock.move(timedelta(seconds=11))
    assert await province.process().runner.sweep() == (0 if at == 2 else 1)
    merge = await province.process().records.read("m1")
    assert merge.stage is (Stage.UNDONE if is_undone else Stage.DONE)
    assert await province.open_files() == ({"pa", "pb"} if is_undone else {"pa"})
    assert await province.facts() == {"pa": 1, "pb": int(is_undone)}


async def test_many_processes_that_carry_out_one_merge_do_it_once(province):
    await province.begin("m1", "pa", "pb")
    merges = await asyncio.gather(*[province.process().runner.advance("m1") for _ in range(6)])

    assert {merge.stage for merge in merges} == {Stage.DONE}
    assert await province.facts() == {"pa": 1, "pb": 0}


async def test_the_same_pair_both_ways_at_once_never_makes_a_circle(province):
    for number in range(5):
        there, back = f"there-{number}", f"back-{number}"
        await province.begin(there, "pa", "pb")
        await province.begin(back, "pb", "pa")
        merges = await asyncio.gather(
            *[province.process().runner.advance(key) for key in (there, back, there, back)]
        )
        done = {merge.merge_id for merge in merges if merge.stage is Stage.DONE}
        assert len(done) <= 1
        assert len(await province.open_files()) == 2 - len(done)
        assert sum((await province.facts()).values()) == 2 - len(done)
        for merge_id in done:
            await province.process().records.run(UndoMerge(merge_id, OFFICER), Cause(f"undo-{merge_id}"))
            await province.process().runner.advance(merge_id)
        assert await province.open_files() == {"pa", "pb"}


async def test_people_households_and_contacts_are_found_as_in_memory(province):
    await province.order("pc", person=Person(THERE, "s", ("name-pc", "phone"), "home-pa", (), (8, 9)))
    kept = MemoryReports()
    twin_cases, twin = MemoryCases(kept), MemoryContacts()
    one = province.process()
    twin_cases.aggregates |= await one.cases.load(["pa", "pb", "pc"])
    real, people = MongoContacts(province.database), MemoryPeople(twin_cases)
    meeting = Meeting(date(2021, 8, 1), Setting.HOME, Closeness.TOUCHED, 5)
    for store in (real, twin):
        work: Work[Any, Any] = Work(
            Heart("contact", decide_contact, to_event, lambda: None), store, province.clock
        )
        for number, area in enumerate((HERE, THERE, HERE)):
            met = replace(meeting, met_on=date(2021, 7, 20 + number))
            who = "pb" if number else ""
            command = RecordContact(f"c{number}", OFFICER, "pa", area, met, "sealed", who)
            await work.run(command, Cause(f"met-{number}"))

    asked = MongoPeople(province.database)
    for codes in ({"19"}, {"165"}, {"05443"}, set()):
        for words, tokens in (([{7}], []), ([{8}, {9}], []), ([], ["name-pc", "phone"]), ([{1}], [])):
            found = await asked.like(codes, words, tokens, limit=9)
            assert found == await people.like(codes, words, tokens, limit=9)
        search = Search(codes, date(2021, 8, 2))
        assert await asked.households(search, limit=9) == await people.households(search, limit=9)
        assert await real.in_areas(codes, limit=9) == await twin.in_areas(codes, limit=9)
    assert await real.of_index({"pa"}, limit=9) == await twin.of_index({"pa"}, limit=9)
    assert await real.one("c1") == await twin.one("c1")
