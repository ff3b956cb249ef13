"""Number plates are sealed in the files of people, also in those that an earlier version kept."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from bson import json_util

from common.mongo.sealing import SealBroken, Vault
from common.work.engine import Work
from common.work.model import Cause, Heart
from permit.domain.commands import Reevaluate
from permit.domain.decide import decide
from permit.domain.model import Source
from permit.store import MongoHolders
from permit.store.files import FORM
from permit.store.lists import MongoStandings
from permit.store.plates import Plates
from permit.store.upgrade import MongoUpgrade
from permit.translate import to_event
from permit.views.upgrading import Upgrader
from services.permit.tests.samples import HOUR, NOW, RULES, Frozen, application, standing, terms

PLATE = "20C12345"
LONG = terms(category="delivery", valid_until=NOW + 500 * HOUR)


def vault(*keys: str) -> Vault:
    return Vault({key: bytes(32 - len(key)) + key.encode() for key in keys})


async def dump(database: Any) -> str:
    rows = {
        name: await database[name].find({}).to_list(None) for name in await database.list_collection_names()
    }
    return json.dumps(rows, default=json_util.default)


async def play(store: MongoHolders, clock: Frozen, people: int) -> None:
    work: Work[Any, Any] = Work(Heart("holder", decide, to_event, lambda: RULES), store, clock)
    for number in range(people):
        person, permit = f"p{number}", f"MAUMAVMAV00000{number:02d}"
        asked = application(person_id=person, permit_id=permit, directive="19", terms=LONG)
        await work.run(asked, Cause(f"ask-{person}"))
        await work.run(Reevaluate(person, ((permit, "16"),), NOW), Cause(f"16-{person}"))
    await work.stop()


async def test_no_document_says_a_plate_and_decisions_still_know_it(database: Any) -> None:
    store, clock = MongoHolders(database, Plates(vault("k1"))), Frozen()
    await store.ensure_indexes()
    await play(store, clock, 2)
    assert PLATE not in await dump(database)
    holder = await store.of_permit("MAUMAVMAV0000001")
    assert holder is not None
    [permit] = holder.permits
    assert (permit.terms.plate, permit.granted.plate) == (PLATE, PLATE)
    found = await MongoHolders(database, Plates(vault("k2", "k1"))).of_permit("MAUMAVMAV0000001")
    assert found == holder, "another process, and after the key was changed"
    with pytest.raises(SealBroken):
        await MongoHolders(database, Plates(vault("k3"))).of_permit("MAUMAVMAV0000001")


async def test_a_file_written_for_another_reason_keeps_the_spelling_of_its_plate(database: Any) -> None:
    store, clock = MongoHolders(database, Plates(vault("k1"))), Frozen()
    await play(store, clock, 1)
    before = await database["holders"].find_one({"_id": "p0"})
    work: Work[Any, Any] = Work(Heart("holder", decide, to_event, lambda: RULES), store, clock)
    barred = replace(standing(Source.F0, 1, is_barred=True), person_id="p0")
    await work.run(barred, Cause("bar"))
    await work.stop()
    after = await database["holders"].find_one({"_id": "p0"})
    assert after["version"] == before["version"] + 1
    assert after["state"]["permits"] == before["state"]["permits"]


async def test_files_of_an_earlier_version_are_read_and_then_written_anew(database: Any) -> None:
    clock, plain = Frozen(), MongoHolders(database)
    await plain.ensure_indexes()
    await play(plain, clock, 5)
    await database["holders"].update_many({}, {"$unset": {"state.find.form": "", "state.find.barred": ""}})
    assert PLATE in await dump(database)
    store = MongoHolders(database, Plates(vault("k1")))
    expected = {f"p{n}": stored.state for n in range(5) for stored in (await plain.load([f"p{n}"])).values()}
    assert {key: one.state for key, one in (await store.load(sorted(expected))).items()} == expected

    upgrade = MongoUpgrade(database, store)
    assert await upgrade.some("", 2) == ("p1", 2)  # and killed here
    assert not await upgrade.is_done()
    await database["holders"].update_one({"_id": "p3"}, {"$inc": {"version": 1, "expected": 1}})
    await Upgrader(upgrade).run()
    assert await upgrade.is_done()
    text = await dump(database)
    assert PLATE not in text
    assert await database["holders"].count_documents({"state.find.form": FORM}) == 5
    assert {key: one.state for key, one in (await store.load(sorted(expected))).items()} == expected
    listed = await MongoStandings(database, clock).barred()
    assert len(listed) == 5, "their new terms travel to scanners, too"
    assert all(row.terms and row.terms.valid_until == datetime(2022, 1, 18, 3, tzinfo=UTC) for row in listed)
    await Upgrader(upgrade).run()
    assert json_util.loads(text) == json_util.loads(await dump(database)), "again it changes nothing"
