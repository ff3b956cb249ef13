"""Permit files, directives, keys and scans give the same answers on MongoDB as in memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from common.work.engine import Work
from common.work.ledger import Ledger
from common.work.model import Cause, Errand, Heart, Outcome
from permit.domain import checkpoints, directives, keyring, scans
from permit.domain.checkpoints import PlaceCheckpoint
from permit.domain.commands import Revoke
from permit.domain.decide import decide
from permit.domain.directives import OrderDirective
from permit.domain.keyring import EstablishKeyring, RotateKey
from permit.domain.keys import NewKey
from permit.domain.model import Source, Status
from permit.domain.rules import Directive
from permit.domain.scans import RecordScan, Shown
from permit.ports import Search
from permit.store import MongoCheckpoints, MongoDirectives, MongoHolders, MongoKeyring, MongoScans
from permit.store.watch import MongoFlags
from permit.translate import to_event
from permit.views.gate import scan_contexts
from services.permit.tests.memory import MemoryHolders
from services.permit.tests.samples import (
    ADMIN,
    BA_HANG,
    CHECKPOINT,
    EMPLOYER,
    HOUR,
    NOW,
    OFFICER,
    OTHER_OFFICER,
    RULES,
    SCANNER,
    Frozen,
    application,
    standing,
    terms,
)

PERMIT = application().permit_id


@dataclass
class Both:
    """The same commands on two stores."""

    clock: Frozen
    real: MongoHolders
    twin: MemoryHolders
    works: list[Work[Any, Any]]
    count: int = 0

    async def hear(self, command: Any) -> None:
        self.count += 1
        for work in self.works:
            await work.run(command, Cause(f"cause-{self.count}"))
        self.clock.at += HOUR / 60


@pytest.fixture
async def both(database: Any) -> AsyncIterator[Both]:
    clock, real, twin = Frozen(), MongoHolders(database), MemoryHolders()
    await real.ensure_indexes()
    heart = Heart("holder", decide, to_event, lambda: RULES)
    works: list[Work[Any, Any]] = [Work(heart, real, clock), Work(heart, twin, clock)]
    yield Both(clock, real, twin, works)
    for work in works:
        await work.stop()


async def _fill(both: Both) -> None:
    other = {"person_id": "pmau0002", "area": BA_HANG, "blind": ("t1", "t2")}
    await both.hear(application())
    await both.hear(standing(Source.F0, 1, is_barred=True))
    await both.hear(application(permit_id="MAU0000000000001", terms=terms(category="return-home")))
    await both.hear(application(permit_id="MAU0000000000002", by=OTHER_OFFICER, **other))
    await both.hear(application(permit_id="MAU0000000000003", by=EMPLOYER, **other))
    await both.hear(Revoke("pmau0002", "MAU0000000000003", OTHER_OFFICER))


async def test_every_search_finds_the_same_files_in_the_same_order(both: Both) -> None:
    await _fill(both)
    places = (None, OFFICER.area_codes, OTHER_OFFICER.area_codes, frozenset({"19"}), frozenset[str]())
    statuses = (None, *Status)
    for codes, applicant, person, status, tokens in product(
        places, (None, EMPLOYER.subject), (None, "pmau0002"), statuses, ((), ("t1",), ("t1", "t2"))
    ):
        search = Search(codes, applicant, person, status, tokens)
        found = await both.real.find(search, limit=10)
        assert found == await both.twin.find(search, limit=10), search


async def test_pages_follow_each_other(both: Both) -> None:
    await _fill(both)
    [first] = await both.real.find(Search(), limit=1)
    after = (max(permit.applied_at for permit in first.permits), first.person_id)
    [second] = await both.real.find(Search(), limit=1, after=after)
    assert [first, second] == await both.real.find(Search(), limit=10)


async def test_a_permit_is_found_by_its_number_at_its_newest(both: Both) -> None:
    await _fill(both)
    holder = await both.real.of_permit(PERMIT)
    assert holder is not None
    assert holder.is_barred
    await both.hear(standing(Source.F0, 2, is_barred=False))
    files = await both.real.of_permits([PERMIT, "MAU0000000000003", "KHONGCO"])
    assert sorted(files) == [PERMIT, "MAU0000000000003"]
    assert files == await both.twin.of_permits([PERMIT, "MAU0000000000003", "KHONGCO"])
    assert not files[PERMIT].is_barred


async def test_expiry_timers_are_due_in_the_database(both: Both) -> None:
    await both.hear(application())
    [due] = await both.real.due(terms().valid_until, list(range(16)), 10)
    assert due.name == f"expiry:{PERMIT}"
    assert await both.real.due(NOW, list(range(16)), 10) == []


async def test_registers_are_read_as_they_were_kept(database: Any) -> None:
    clock = Frozen()
    posts, areas, ring = MongoCheckpoints(database), MongoDirectives(database), MongoKeyring(database)
    assert await ring.ring() is None
    new = NewKey("k1", "c3BraQ==", "s1.mau"), NewKey("k2", "c3BraQ==", "s1.mau")
    keys: Work[Any, Any] = Work(Heart("keyring", keyring.decide, to_event, lambda: None), ring, clock)
    await keys.run(EstablishKeyring(*new), Cause("1"))
    await keys.run(RotateKey(NewKey("k3", "c3BraQ==", "s1.mau"), ADMIN), Cause("2"))
    found = await ring.ring()
    assert found is not None
    assert (found.sequence, found.active.key.kid, len(found.keys)) == (2, "k3", 2)
    place: Work[Any, Any] = Work(Heart("post", checkpoints.decide, to_event, lambda: None), posts, clock)
    await place.run(PlaceCheckpoint(CHECKPOINT, ADMIN), Cause("3"))
    assert await posts.every() == [CHECKPOINT]
    order = OrderDirective("164", frozenset({"19"}), Directive.DIRECTIVE_16, NOW, "Công văn mẫu", ADMIN)
    work: Work[Any, Any] = Work(Heart("area", directives.decide, to_event, lambda: None), areas, clock)
    await work.run(order, Cause("4"))
    known = await areas.of_areas(["164", "165"])
    assert list(known) == ["164"]
    assert known["164"].in_force(NOW).directive is Directive.DIRECTIVE_16  # type: ignore[union-attr]


async def test_scans_are_appended_once_and_see_the_newest_file(both: Both, database: Any) -> None:
    posts, records = MongoCheckpoints(database), MongoScans(database)
    await records.ensure_indexes()
    place: Work[Any, Any] = Work(Heart("post", checkpoints.decide, to_event, lambda: None), posts, both.clock)
    await place.run(PlaceCheckpoint(CHECKPOINT, ADMIN), Cause("post"))
    heart = Heart("scan", scans.decide, to_event, lambda: RULES)
    ledger: Ledger[Any, Any] = Ledger(
        heart, records, both.clock, scan_contexts(both.real, posts, MongoFlags(database, "permit_flags"))
    )
    await both.hear(application())

    def scan(number: int) -> Errand:
        shown = Shown(PERMIT, terms())
        command = RecordScan(f"s{number}", SCANNER, CHECKPOINT.checkpoint_id, shown, "", both.clock.at)
        return Errand(command, Cause(command.scan_id))

    [first] = await ledger.run_batch([scan(1)])
    assert first.answer["verdict"] == "allowed"
    await both.hear(standing(Source.QUARANTINE, 1, is_barred=True))
    second, repeated = await ledger.run_batch([scan(2), scan(1)])
    assert second.answer["reason_code"] == "not-valid-now"
    assert (repeated.outcome, repeated.answer["verdict"]) == (Outcome.DUPLICATE, "allowed")
    assert await records.collection.count_documents({}) == 2
