"""The record of decisions in a real mongod: whatever is done to it is found; and a change that is cut short goes on."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from common.contracts.permit import DECISIONS, DecisionRecorded
from common.mongo.trails import Audit, audit
from common.testing.sign_in import sample_settings
from common.work.engine import Work
from common.work.ledger import Ledger
from common.work.model import Cause, Heart
from permit.audit import told, verify
from permit.domain import filing, rollouts
from permit.domain.commands import Revoke, Suspend
from permit.domain.decide import decide
from permit.domain.directives import AreaDirective, Order
from permit.domain.model import Source, Status
from permit.domain.rollouts import PlanRollout
from permit.domain.rules import Directive
from permit.ports import Queue, Search
from permit.settings import PermitSettings
from permit.store import MongoDirectives, MongoHolders
from permit.store.changes import MongoRollouts, heads_of, record_of
from permit.translate import recorded_decision, to_event
from permit.views import reach
from permit.views.reach import Reach, RolloutRunner
from permit.works import trail_key
from services.permit.tests.memory import MemoryHolders
from services.permit.tests.samples import (
    HOUR,
    NOW,
    OFFICER,
    RULEBOOK,
    RULES,
    Frozen,
    application,
    standing,
    terms,
)

KEY = b"a key that is not in the database"
KEYED = replace(RULES, trail_key=KEY)


@dataclass
class Town:
    """Files, their record and the changes going through them, on a real database."""

    database: Any
    clock: Frozen
    holders: MongoHolders
    works: dict[str, Any]

    async def do(self, command: Any) -> None:
        await self.works["holders"].run(command, Cause(f"cause-{command!r}"))

    async def file(self) -> None:
        """Do what relay and consumer do."""
        for unsent in await self.holders.unsent(10_000):
            for fact in unsent.entries:
                if fact.topic == DECISIONS:
                    entry: Any = SimpleNamespace(data=DecisionRecorded.model_validate_json(fact.data))
                    await self.works["record"].run(recorded_decision(entry), Cause(fact.id))
            await self.holders.clear([unsent])

    async def audit(self, *, later: timedelta = HOUR) -> Audit:
        return await audit(record_of(self.database), heads_of(self.database), KEY, self.clock.at + later)


@pytest.fixture
async def town(database: Any) -> AsyncIterator[Town]:
    clock, holders, changes, record = (
        Frozen(),
        MongoHolders(database),
        MongoRollouts(database),
        record_of(database),
    )
    for store in (holders, changes, record):
        await store.ensure_indexes()
    record_heart: Heart[Any, Any] = Heart("record", filing.decide, to_event, lambda: None)
    works: dict[str, Any] = {
        "holders": Work(Heart("holder", decide, to_event, lambda: KEYED), holders, clock),
        "rollouts": Work(Heart("rollout", rollouts.decide, to_event, lambda: None), changes, clock),
        "record": Ledger(record_heart, record, clock),
    }
    yield Town(database, clock, holders, works)
    for work in works.values():
        await work.stop()


async def three_people(town: Town) -> None:
    for number in range(3):
        person, permit = f"pmau000{number}", f"MAU000000000000{number}"
        await town.do(application(person_id=person, permit_id=permit))
        await town.do(Suspend(person, permit, OFFICER, "s1.ly-do"))
        await town.do(Revoke(person, permit, OFFICER, "s1.ly-do"))
    await town.file()


async def test_a_record_that_nobody_touched_holds(town: Town) -> None:
    await three_people(town)
    report = await town.audit()
    assert (report.entries, report.chains, report.breaks) == (9, 3, [])
    assert told(report).startswith("ok: 9 entries")


@pytest.mark.parametrize(
    ("tamper", "where", "why"),
    [
        ("alter", 2, "altered"),
        ("delete", 2, "missing"),
        ("insert", 4, "altered"),
        ("cut", 3, "missing"),
        ("forge", 3, "altered"),
        ("empty", 1, "missing"),
        ("orphan", 3, "gone"),
    ],
)
async def test_whatever_is_done_to_an_entry_is_found_and_named(
    town: Town, tamper: str, where: int, why: str
) -> None:
    await three_people(town)
    rows, chain = town.database["decisions"], {"chain_id": "pmau0001"}
    third = await rows.find_one({**chain, "position": 3})
    if tamper == "alter":
        await rows.update_one({**chain, "position": 2}, {"$set": {"body.by": "can-bo-khac"}})
    elif tamper == "delete":
        await rows.delete_one({**chain, "position": 2})
    elif tamper == "insert":
        forged = {**third, "_id": "pmau0001:4", "position": 4, "previous": third["digest"]}
        await rows.insert_one(forged)
    elif tamper == "cut":
        await rows.delete_one({**chain, "position": 3})
    elif tamper == "forge":  # a whole entry made anew, with another key, and the head moved to it
        from common.kernel.trail import digest_of

        body = {**third["body"], "act": "reinstated"}
        made = digest_of("pmau0001", 3, third["recorded_at"], body, third["previous"], b"another key")
        await rows.update_one({**chain, "position": 3}, {"$set": {"body": body, "digest": made}})
        await town.database["holders"].update_one({"_id": "pmau0001"}, {"$set": {"state.trail.head": made}})
    elif tamper == "empty":
        await rows.delete_many(chain)
    else:
        await town.database["holders"].delete_one({"_id": "pmau0001"})
    [found] = (await town.audit()).breaks
    assert (found.chain_id, found.position) == ("pmau0001", where)
    assert why in found.why


async def test_the_command_verifies_a_database_and_fails_when_it_is_broken(
    town: Town, mongo_uri: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = sample_settings(PermitSettings, mongo_uri=mongo_uri, mongo_database=town.database.name)
    monkeypatch.setitem(globals(), "KEYED", replace(RULES, trail_key=trail_key(settings)))
    await three_people(town)
    assert (await verify(settings)).breaks == []
    await town.database["decisions"].delete_one({"_id": "pmau0002:2"})
    report = await verify(settings)
    assert told(report) == "BROKEN: 1 of 8 entries in 3 chains, 0 seals\n  pmau0002 entry 2: missing\n"


async def test_entries_on_their_way_are_not_called_missing(town: Town) -> None:
    await town.do(application())
    assert (await town.audit(later=timedelta(minutes=1))).breaks == []
    assert len((await town.audit()).breaks) == 1
    await town.file()
    assert (await town.audit()).breaks == []


async def test_a_whole_chain_that_is_gone_with_its_file_is_found_by_the_seal(town: Town) -> None:
    await three_people(town)
    record = record_of(town.database)
    assert await record.seal_next(KEY, town.clock.at) is None
    later = town.clock.at + 3 * HOUR
    first, second = await record.seal_next(KEY, later), await record.seal_next(KEY, later)
    assert (first.count, second.count) == (9, 0)  # type: ignore[union-attr]
    assert (await town.audit(later=3 * HOUR)).breaks == []
    await town.database["decisions"].delete_many({"chain_id": "pmau0001"})
    await town.database["holders"].delete_one({"_id": "pmau0001"})
    [found] = (await town.audit(later=3 * HOUR)).breaks
    assert found.why == "altered: 6 entries on file, 9 when it was sealed"
    await town.database["decisions_seals"].delete_one({"_id": first.since})  # type: ignore[union-attr]
    assert (await town.audit(later=3 * HOUR)).breaks


async def test_a_change_that_is_cut_short_goes_on_and_nothing_is_doubled(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "BATCH", 10)
    for number in range(25):
        asked = application(
            person_id=f"pmau{number:04d}",
            permit_id=f"MAU{number:013d}",
            directive="15",
            terms=terms(category="personal" if number % 5 == 0 else "medical-visit", plate=""),
        )
        await town.do(replace(asked, directive="19"))
    await town.do(standing_of("pmau0005"))
    units = SimpleNamespace(unit=lambda code: SimpleNamespace(parent_code="", level="province", code=code))
    directives = MongoDirectives(town.database)
    monkeypatch.setattr(reach, "within", lambda _units, _code: {"164"})
    known = {"164": AreaDirective("164", (Order(Directive.DIRECTIVE_16, NOW, "CV", "lanh-dao"),))}
    runtime: Any = SimpleNamespace(units=units, clock=town.clock)
    changes = MongoRollouts(town.database)

    def runner() -> RolloutRunner:
        found = Reach(runtime, town.holders, directives)
        monkeypatch.setattr(found, "known", lambda: _known(known))
        return RolloutRunner(runtime, found, changes, RULEBOOK, town.works)

    plan = PlanRollout("164", NOW, "CV")
    await town.works["rollouts"].run(plan, Cause("plan"))
    [due] = await changes.due(NOW, list(range(16)), 10)
    await town.works["rollouts"].run(due, Cause("minute"))
    await runner().step()
    noting = town.works["rollouts"].run
    monkeypatch.setattr(town.works["rollouts"], "run", _killed)
    with pytest.raises(ConnectionError):
        await runner().step()  # the second batch is re-evaluated, and its note is lost
    monkeypatch.setattr(town.works["rollouts"], "run", noting)
    while await runner().step():
        pass
    [done] = await changes.latest(1)
    assert (done.seen, done.stops, done.narrows, done.returns) == (25, 5, 0, 0)
    assert done.finished_at == NOW
    facts = [e for unsent in await town.holders.unsent(100) for e in unsent.entries]
    suspended = [
        fact for fact in facts if fact.type == "permit.permit-suspended.v1" and "directive" in fact.data
    ]
    assert len(suspended) == 4  # the fifth was suspended already, for another reason
    await town.file()
    assert (await town.audit()).breaks == []


async def test_queues_are_in_the_same_order_in_both_stores(town: Town) -> None:
    twin = MemoryHolders()
    works = [town.works["holders"], Work(Heart("holder", decide, to_event, lambda: KEYED), twin, town.clock)]
    for number, category in enumerate(("worker", "family-emergency", "return-home", "delivery")):
        asked = application(
            person_id=f"pmau000{number}",
            permit_id=f"MAU000000000000{number}",
            terms=terms(category=category, windows=()),
        )
        for work in works:
            await work.run(asked, Cause(f"c{number}"))
    for issuers in (None, ["commune-police"], ["transport"], []):
        search = Search(area_codes={"164"}, issuers=issuers)
        found = await town.holders.waiting(search, Queue.APPLICATIONS, limit=9)
        assert found == await twin.waiting(search, Queue.APPLICATIONS, limit=9)
        if found:
            due = found[0].permits[0].ruling.answer_by
            after = (due, found[0].person_id)
            assert await town.holders.waiting(search, Queue.APPLICATIONS, limit=9, after=after) == found[1:]  # type: ignore[arg-type]
        for at in (NOW, NOW + 13 * HOUR):
            mine = await town.holders.tally(search, Queue.APPLICATIONS, at)
            assert mine == await twin.tally(search, Queue.APPLICATIONS, at)
    first = await town.holders.waiting(Search(area_codes={"19"}), Queue.APPLICATIONS, limit=1)
    assert first[0].permits[0].terms.category == "family-emergency"
    assert first[0].status_of(first[0].permits[0]) is Status.QUEUED
    assert await town.holders.reached({"165"}, limit=2) == await twin.reached({"165"}, limit=2)


def standing_of(person_id: str) -> Any:
    return replace(standing(Source.QUARANTINE, 1, is_barred=True), person_id=person_id)


async def _known(known: Any) -> Any:
    return known


async def _killed(*_: Any) -> None:
    raise ConnectionError("killed")
