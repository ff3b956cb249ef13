"""The lists for scanners on MongoDB: made from what changed, by several workers, also when one is killed."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from common.credential import revocation, serial
from common.credential.keys import LocalSigner, VerificationKey
from common.credential.listing import Listing, Mark, week_of
from common.credential.narrowing import Narrowing
from common.credential.travel_permit import SignedWindow
from common.kernel.decision import TimerFired
from common.mongo.changes import ChangedIds
from common.work.engine import Work
from common.work.model import Cause, Heart
from permit.domain.commands import Reevaluate, Revoke
from permit.domain.decide import decide
from permit.domain.flags import ClearFlag, Kind, NoteEvidence
from permit.domain.flags import decide as decide_flag
from permit.domain.gate_actions import LOGGED, Act, GateAction
from permit.domain.model import Source
from permit.domain.shifts import Counts, Shift
from permit.domain.signals import Evidence, Signal
from permit.store import MongoHolders
from permit.store.gate import MongoGateActions, MongoShifts
from permit.store.lists import MongoJournal, MongoStandings
from permit.store.watch import MongoFlags
from permit.translate import to_event
from permit.views.list_builder import ListBuilder
from permit.views.lists import Lists
from services.permit.tests.memory import MemoryGateActions, MemoryShifts
from services.permit.tests.samples import (
    CHECKPOINT,
    HOUR,
    NOW,
    OFFICER,
    RULES,
    Frozen,
    application,
    standing,
    terms,
)
from services.permit.tests.watching import RULES as SIGNAL_RULES

ROOT = LocalSigner.generate()
NUMBERS = [f"0123456789ABCDE{letter}" for letter in "0123456789"]
SIGN = Evidence("e1", Signal.TWO_PLACES_AT_ONCE, NOW, ("s1", "s2"), ("chot-mau",))


class Desk:
    """The one thing that building asks of the signing desk: the root key."""

    async def root_key(self) -> VerificationKey:
        return VerificationKey(ROOT.spki, NOW, NOW, NOW)

    async def root_signer(self) -> LocalSigner:
        return ROOT


@dataclass
class Town:
    """Files of people, and as many list builders as one likes."""

    database: Any
    clock: Frozen
    work: Work[Any, Any]
    journal: MongoJournal
    flags: MongoFlags
    flag_work: Work[Any, Any]

    def builder(self) -> ListBuilder:
        standings, changes = MongoStandings(self.database, self.clock), ChangedIds(self.database, "holders")
        return ListBuilder(standings, changes, self.flags, self.journal, Desk(), self.clock)  # type: ignore[arg-type]

    async def hear(self, person: int, command: Any) -> None:
        await self.work.run(command, Cause(f"{person}-{type(command).__name__}-{self.clock.at}"))
        self.clock.at += HOUR / 3600

    async def issue(self, person: int) -> None:
        await self.hear(person, application(person_id=f"p{person}", permit_id=NUMBERS[person]))

    async def bar(self, person: int, sequence: int, *, is_barred: bool) -> None:
        from dataclasses import replace

        command = replace(standing(Source.F0, sequence, is_barred=is_barred), person_id=f"p{person}")
        await self.hear(person, command)

    async def watched(self) -> set[int]:
        """Return whom a fresh scanner looks at with care."""
        listing = await self.listing()
        return {n for n, k in enumerate(NUMBERS) if listing.is_watched(serial.cti_of(k))}

    async def marks(self) -> dict[int, Mark]:
        """Return whom a fresh scanner stops."""
        listing = await self.listing()
        found = {n: listing.mark_of(serial.cti_of(k)) for n, k in enumerate(NUMBERS)}
        return {number: mark for number, mark in found.items() if mark}

    async def listing(self) -> Listing:
        """Return what a fresh scanner knows: one full list and the changes since."""
        lists = Lists(self.journal, Desk())  # type: ignore[arg-type]
        root = await Desk().root_key()
        head, listing = revocation.read_full((await lists.full()).body, root)
        newest = revocation.read_head((await lists.head()).body, root)
        if newest.sequence > head.sequence:
            body = (await lists.changes(head.sequence + 1, newest.sequence)).body
            for signed in messages(body):
                listing, head = revocation.apply(listing, head, revocation.read_delta(signed, root))
        assert head.list_hash == newest.list_hash
        return listing


def messages(body: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(body):
        size = int.from_bytes(body[at : at + 4], "big")
        yield body[at + 4 : at + 4 + size]
        at += 4 + size


@pytest.fixture
async def town(database: Any) -> AsyncIterator[Town]:
    clock, holders = Frozen(), MongoHolders(database)
    await holders.ensure_indexes()
    work: Work[Any, Any] = Work(Heart("holder", decide, to_event, lambda: RULES), holders, clock)
    flags = MongoFlags(database, "permit_flags")
    await flags.ensure_indexes()
    heart: Heart[Any, Any] = Heart("flag", decide_flag, to_event, lambda: SIGNAL_RULES)
    flag_work: Work[Any, Any] = Work(heart, flags, clock)
    yield Town(database, clock, work, MongoJournal(database), flags, flag_work)
    await work.stop()
    await flag_work.stop()


async def test_lists_follow_the_files_and_permits_leave_them_again(town: Town) -> None:
    for person in range(4):
        await town.issue(person)
    await town.bar(0, 1, is_barred=True)
    builder = town.builder()
    await builder.round()
    assert await town.marks() == {0: Mark.SUSPENDED}
    await town.bar(0, 2, is_barred=False)
    await town.hear(1, Revoke("p1", NUMBERS[1], OFFICER))
    await town.bar(2, 1, is_barred=True)
    await builder.round()
    assert await town.marks() == {1: Mark.REVOKED, 2: Mark.SUSPENDED}


async def test_new_terms_of_a_permit_are_on_the_list_until_its_oldest_code_ends(town: Town) -> None:
    long = terms(category="delivery", valid_until=NOW + 500 * HOUR)
    asked = application(person_id="p0", permit_id=NUMBERS[0], directive="19", terms=long)
    await town.hear(0, asked)
    await town.hear(0, Reevaluate("p0", ((NUMBERS[0], "16"),), NOW))
    for person in range(1, 3):
        await town.issue(person)
    await town.builder().round()
    [(week, shard)] = (await town.listing()).shards.items()
    assert week == week_of(long.valid_until)
    told = (await town.listing()).narrowing_of(serial.cti_of(NUMBERS[0]))
    assert told == Narrowing(valid_until=NOW + 72 * HOUR, windows=(SignedWindow(127, 360, 1200),))
    await town.database["revocation_bases"].delete_many({})
    await town.database["revocations"].delete_many({})
    await town.builder().round()  # made anew from the index
    assert (await town.listing()).shards == {week: shard}
    town.clock.at = NOW + 100 * HOUR
    await town.hear(0, TimerFired("p0", f"expiry:{NUMBERS[0]}", NOW + 72 * HOUR))
    await town.builder().round()
    listing = await town.listing()
    assert listing.narrowing_of(serial.cti_of(NUMBERS[0])) == told
    assert not listing.mark_of(serial.cti_of(NUMBERS[0]))
    standings = MongoStandings(town.database, town.clock)
    assert await standings.ends([NUMBERS[0]]) == {NUMBERS[0]: long.valid_until}


async def test_flags_are_the_watch_list_and_one_that_was_cleared_leaves_it(town: Town) -> None:
    for person in range(2):
        await town.issue(person)
    builder = town.builder()
    await builder.round()
    for number, subject in enumerate((NUMBERS[1], NUMBERS[1], "F" * 16)):  # twice, and one not on file
        note = NoteEvidence(subject, Kind.PERMIT, CHECKPOINT.area, (SIGN,))
        await town.flag_work.run(note, Cause(f"note-{number}"))
    assert await town.flags.flagged([NUMBERS[0], NUMBERS[1]]) == {NUMBERS[1]}
    assert await town.flags.flagged() == {NUMBERS[1], "F" * 16}
    standings = MongoStandings(town.database, town.clock)
    assert await standings.ends(await town.flags.flagged()) == {NUMBERS[1]: terms().valid_until}
    for _ in range(2):
        await builder.round()
        assert await town.watched() == {1}
    entries = await town.journal.after(0)
    await town.flag_work.run(ClearFlag(NUMBERS[1], OFFICER, "sealed"), Cause("clear"))
    for _ in range(2):
        await builder.round()
        assert await town.watched() == set()
    assert len(await town.journal.after(0)) == len(entries) + 1


async def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(town: Town) -> None:
    for person in range(3):
        await town.issue(person)
    await town.builder().round()
    await town.bar(0, 1, is_barred=True)
    await town.bar(1, 1, is_barred=True)
    dying = town.builder()
    task = asyncio.create_task(dying.round())
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await town.bar(1, 2, is_barred=False)
    await town.hear(2, Revoke("p2", NUMBERS[2], OFFICER))
    await town.builder().round()
    assert await town.marks() == {0: Mark.SUSPENDED, 2: Mark.REVOKED}


async def test_several_workers_make_one_history_while_files_change(town: Town) -> None:
    for person in range(5):
        await town.issue(person)
    workers = [town.builder() for _ in range(3)]
    for sequence in range(1, 6):
        changes = [town.bar(p, sequence, is_barred=(p + sequence) % 2 == 0) for p in range(5)]
        await asyncio.gather(*(worker.round() for worker in workers), *changes)
    await asyncio.gather(*(worker.round() for worker in workers))
    await workers[0].round()
    assert await town.marks() == dict.fromkeys((1, 3), Mark.SUSPENDED)
    numbers = [entry.sequence for entry in await town.journal.after(0)]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_lost_history_is_made_up_by_looking_at_every_file(town: Town) -> None:
    await town.issue(0)
    await town.builder().round()
    await town.bar(0, 1, is_barred=True)
    await town.database["revocations"].update_many({}, {"$set": {"token": "82FF"}})
    await town.database["revocation_bases"].update_many({}, {"$set": {"token": "82FF"}})
    await town.builder().round()
    assert await town.marks() == {0: Mark.SUSPENDED}


async def test_the_log_and_the_shifts_read_the_same_as_in_memory(database: Any) -> None:
    from common.work.memory import MemoryRecords
    from common.work.model import Change, NewRecord, Stored

    actions, twins = MongoGateActions(database), MemoryGateActions()
    await actions.ensure_indexes()
    rows = [
        GateAction(f"a{n}", act, CHECKPOINT, "mau", "other", "", None, None, "", NOW + n * HOUR, NOW)
        for n, act in enumerate(Act)
    ]
    for store in (actions, twins):
        await store.append([NewRecord(row.action_id, row, {}) for row in rows])
    for officer in (None, "mau", "khac"):
        for after in (None, (NOW + 3 * HOUR, "a3")):
            wanted = {"officer": officer, "limit": 9, "after": after}
            found = await actions.find({"164"}, LOGGED, **wanted)  # type: ignore[arg-type]
            assert found == await twins.find({"164"}, LOGGED, **wanted)  # type: ignore[arg-type]
    assert await actions.find({"172"}, LOGGED, limit=9) == []
    for since in (NOW, NOW + 3 * HOUR):
        summed = [await store.tally({"164"}, LOGGED, since) for store in (actions, twins)]
        assert set(summed[0]) == set(summed[1]) != set()
    assert await actions.tally({"172"}, LOGGED, NOW) == []
    shifts, memory = MongoShifts(database), MemoryShifts(MemoryRecords())
    await shifts.ensure_indexes()
    told = [
        Shift(f"s{n}", "mau", CHECKPOINT, NOW + n * HOUR, NOW + 2 * HOUR if n else None, Counts(n))
        for n in range(3)
    ]
    for each in (shifts, memory):
        await each.save([Change(shift.shift_id, Stored(shift, 1), 0) for shift in told])  # type: ignore[attr-defined]
    assert await shifts.find({"19"}, limit=9) == await memory.find({"19"}, limit=9)
    assert await shifts.received(told[1], NOW) == 0
