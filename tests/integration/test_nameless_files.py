"""Files lose their names on a real MongoDB: once, whole, also after a kill and after a restored backup."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

import alerting.app
import f0_monitoring.app
import permit.app
import permit.stores
from alerting.domain.commands import Acknowledge, Resolve
from alerting.domain.model import Resolution
from alerting.domain.recipients import Contact, SavePreferences
from alerting.parts import calling, overview, stations
from alerting.settings import AlertingSettings
from alerting.store import Conditions
from common.clocks import FrozenClock
from common.contracts.permit import DecisionRecorded
from common.kernel import messages
from common.kernel.areas import Actor, Area
from common.mongo.trails import audit
from common.retention import Purge
from common.service import Runtime, Service
from common.testing.sign_in import sample_jwks, sample_settings
from common.work.model import Cause
from f0_monitoring.domain.commands import ClosePatient, DeclarePatient
from f0_monitoring.domain.consultation import Party, Way
from f0_monitoring.domain.consultation_commands import CancelConsultation, RequestConsultation
from f0_monitoring.domain.model import CareState, Origin, Profile
from f0_monitoring.domain.revoking import RevokeCertificate
from f0_monitoring.domain.self_declared import AnswerDeclaration, Assay, DeclareOneself
from f0_monitoring.ports import Search
from f0_monitoring.settings import F0MonitoringSettings
from ioc_aggregation.store.aging import AgingFacts
from permit.domain.commands import Revoke
from permit.domain.flags import Clearing, Flag, Kind
from permit.settings import PermitSettings
from permit.store.changes import heads_of, record_of
from permit.translate import recorded_decision
from permit.works import trail_key
from services.alerting.tests.stories import DOCTOR, risk
from services.permit.tests.samples import NOW, OFFICER, PERSON, application
from tests.integration.purge_process import BATCH, BATCHES

pytestmark = pytest.mark.mongo

HERE = Area("05908", "173")
STATION = Actor("tram", frozenset({"health_officer"}), frozenset({"05908"}))
CITIZEN = Actor("lan", frozenset({"citizen"}), frozenset(), "p-1")
LATER = timedelta(days=7400)


class House:
    """One service on a database of its own, as a worker holds it; nothing of it is started."""

    def __init__(self, mongod: Any, database: Any) -> None:
        self.database, self.clock = database, FrozenClock(NOW)
        self._settings = {"mongo_uri": mongod.uri, "mongo_database": database.name}
        self.count = 0

    async def f0(self) -> "House":
        settings = sample_settings(F0MonitoringSettings, **self._settings)
        runtime = self._runtime(settings)
        made = f0_monitoring.app.compose(runtime, f0_monitoring.app.in_mongo(runtime), settings)
        return await self._ready(made)

    async def permit(self) -> "House":
        settings = sample_settings(PermitSettings, **self._settings)
        runtime = self._runtime(settings)
        return await self._ready(permit.app.compose(runtime, permit.stores.in_mongo(runtime), settings))

    async def alerting(self) -> "House":
        settings = sample_settings(AlertingSettings, **self._settings)
        runtime = self._runtime(settings)
        made = alerting.app.compose(
            settings,
            runtime,
            Conditions(runtime.database),
            calling.in_mongo(runtime),
            overview.in_mongo(runtime),
            stations.in_mongo(runtime),
        )
        return await self._ready(made)

    def _runtime(self, settings: Any) -> Runtime:
        return Runtime(settings, clock=self.clock, jwks=sample_jwks())

    async def _ready(self, service: Service) -> "House":
        self.service, self.parts = service, service.parts
        for store in (*service.runtime.stores, *service.stores):
            await store.ensure_indexes()
        [self.purge] = [each for each in service.worker_background if isinstance(each, Purge)]
        return self

    async def do(self, work: str, command: Any) -> dict[str, Any]:
        self.count += 1
        answer: dict[str, Any] = await self.parts[work].run(command, Cause(f"cause-{self.count}"))
        return answer

    async def round(self) -> dict[str, int]:
        return {code: count for code, count in (await self.purge.round()).items() if count}

    async def documents(self, name: str) -> list[dict[str, Any]]:
        return list(await self.database[name].find().sort("_id", 1).to_list(None))


@pytest.fixture
async def house(mongod: Any, database: Any) -> AsyncIterator[House]:
    made = House(mongod, database)
    yield made
    for work in made.service.runtime.works:
        await work.stop()
    for ledger in made.service.runtime.ledgers:
        await ledger.stop()
    made.service.runtime.client.close()


def declaration(person_id: str) -> DeclarePatient:
    return DeclarePatient(
        person_id,
        HERE,
        Profile(40 * 12),
        Origin.OFFICER,
        date(2022, 1, 15),
        None,
        STATION,
        guardian_ids=("p-daughter",),
        sealed=f"sealed-{person_id}",
        blind=("token", f"token-{person_id}"),
    )


async def closed(house: House, person_id: str) -> None:
    await house.do("work", declaration(person_id))
    outcome = CareState.WRONGLY_DECLARED
    await house.do("work", ClosePatient(person_id, outcome, "noted", "sealed-note", STATION))


async def test_a_record_loses_its_name_for_every_reader_and_a_restored_one_loses_it_again(
    house: House,
) -> None:
    await house.f0()
    await closed(house, "p-1")
    await house.do("work", declaration("p-2"))
    [backup, _] = await house.documents("patients")
    search = Search(area_codes=frozenset({"173"}), carer_id="-", is_open=False, tokens=("token",))
    patients = house.service.runtime.stores[0]
    assert [one.person_id for one in await patients.find(search, limit=9)] == ["p-1"]
    await house.service.runtime.access_log.note(STATION, ["p-1"], "Xem hồ sơ")
    house.clock.move(LATER)

    assert await house.round() == {"file-mistaken": 1}

    [one, other] = await house.documents("patients")
    state = one["state"]
    assert "sealed-" not in repr(one)
    assert (state["sealed"], state["blind"], state["guardians"]) == ("", [], [])
    assert state["profile"] == backup["state"]["profile"]
    assert "sealed-p-2" in repr(other)  # open, however old
    assert await patients.find(search, limit=9) == []
    [reading] = await house.service.runtime.access_log.readings_of("p-1", limit=9)
    assert reading.purpose == "Xem hồ sơ"
    assert await house.round() == {}

    await house.database["patients"].replace_one({"_id": "p-1"}, backup)
    assert await house.round() == {"file-mistaken": 1}
    assert "sealed-" not in repr((await house.documents("patients"))[0])


async def test_a_purge_that_is_killed_halfway_leaves_whole_files_and_is_finished_by_the_next(
    house: House, mongod: Any
) -> None:
    await house.f0()
    await closed(house, "p-0")
    [sample] = await house.documents("patients")
    sample["state"] |= {"care": "recovered"}
    count = 5 * BATCH
    await house.database["patients"].delete_many({})
    await house.database["patients"].insert_many(
        [
            {**sample, "_id": f"p-{n:03}", "state": {**sample["state"], "id": f"p-{n:03}"}}
            for n in range(count)
        ]
    )
    house.clock.move(LATER)
    when = house.clock.now().isoformat()
    asked = ("-m", "tests.integration.purge_process", mongod.uri, house.database.name, when)
    worker = await asyncio.create_subprocess_exec(sys.executable, *asked, stdout=asyncio.subprocess.PIPE)
    assert worker.stdout is not None
    try:
        assert await worker.stdout.readline() == b"halfway\n"
    finally:
        worker.kill()
        await worker.wait()

    kept = [
        ("sealed-" in repr(one), "forgotten_on" in one["state"]) for one in await house.documents("patients")
    ]
    assert kept == [(False, True)] * BATCH * BATCHES + [(True, False)] * (count - BATCH * BATCHES)

    assert await house.round() == {"file": count - BATCH * BATCHES}
    assert "sealed-" not in repr(await house.documents("patients"))


async def test_forms_words_of_talks_reasons_and_messages_go_in_their_time(house: House) -> None:
    await house.f0()
    form = DeclareOneself("p-1", CITIZEN, "d-1", HERE, Assay.PCR, date(2022, 1, 15), "sealed-form")
    await house.do("self_declarations", form)
    await house.do("self_declarations", AnswerDeclaration("p-1", STATION, "d-1", False, "sealed-why"))
    waiting = DeclareOneself("p-2", CITIZEN, "d-2", HERE, Assay.PCR, date(2022, 1, 15), "sealed-waits")
    await house.do("self_declarations", waiting)
    wish = RequestConsultation("c-1", "p-1", HERE, None, Way.PHONE, "sealed-wish", CITIZEN, Party.PATIENT)
    await house.do("consultations", wish)
    await house.do("consultations", CancelConsultation("c-1", "patient-better", CITIZEN, Party.PATIENT))
    await house.do("revocations", RevokeCertificate("ab", "p-1", HERE, NOW, "sealed-reason", STATION))
    soon = NOW + timedelta(hours=1)
    await house.do("messages", messages.QueueReminder("m-1", "p-1", "c-1", soon + timedelta(minutes=5)))
    await house.do("messages", messages.ClaimMessage("m-1", "worker"))
    await house.do("messages", messages.WriteMessage("m-1", "worker", "sealed-words"))
    await house.do("messages", messages.NoteSent("m-1", "gw-1"))
    await house.database["words"].insert_one({"_id": "w-1", "at": NOW, "sealed": "sealed-note"})
    assert await house.round() == {}
    house.clock.move(LATER)

    assert await house.round() == {
        "care": 1,
        "self-declarations": 1,
        "consultations": 1,
        "certificates": 1,
        "messages": 1,
    }

    names = ("self_declarations", "consultations", "certificate_revocations", "messages", "words")
    left = repr([await house.documents(name) for name in names])
    assert left.count("sealed-") == left.count("sealed-waits") == 1
    assert await house.round() == {}


async def heard(house: House) -> None:
    """Do what relay and consumer do with the record of decisions."""
    holders = house.service.runtime.stores[0]
    for unsent in await holders.unsent(100):
        for fact in unsent.entries:
            if fact.topic.endswith("decisions.v1"):
                entry: Any = SimpleNamespace(data=DecisionRecorded.model_validate_json(fact.data))
                await house.parts["record"].run(recorded_decision(entry), Cause(fact.id))
        await holders.clear([unsent])


async def test_a_file_of_permits_loses_its_name_and_the_audit_finds_nothing(house: House) -> None:
    await house.permit()
    ended = application(sealed=sealed(house, PERSON), details="s1.sealed-details", blind=("token",))
    await house.do("holders", ended)
    await house.do("holders", Revoke(PERSON, ended.permit_id, OFFICER, "sealed-reason"))
    await house.do("holders", application(person_id="p-open", permit_id="F" * 16, sealed="sealed-open"))
    await heard(house)
    # As an earlier version of the service kept it: without when it was over.
    old = {"$unset": {"state.find.over_at": ""}, "$set": {"state.find.form": 2}}
    await house.database["holders"].update_many({}, old)
    house.clock.move(LATER)
    assert await house.round() == {}
    [upgrade] = house.parts["upgrades"]
    await upgrade.run()
    await flagged(house)

    assert await house.round() == {"permits": 1, "flag-notes": 1}

    [kept, still] = sorted(await house.documents("holders"), key=lambda one: one["_id"] == "p-open")
    assert "sealed" not in repr({name: value for name, value in kept.items() if name != "outbox"})
    assert (
        "plate" not in repr(kept["state"]["permits"]) or kept["state"]["permits"][0]["terms"]["plate"] == ""
    )
    assert "sealed-open" in repr(still)
    assert await house.database["holders"].count_documents({"state.blind": "token"}) == 0
    report = await audit(
        record_of(house.database),
        heads_of(house.database),
        trail_key(house.service.runtime.settings),
        house.clock.now(),
    )
    assert (report.chains, report.breaks) == (2, [])
    assert report.entries == 3
    assert await house.round() == {}


def sealed(house: House, person_id: str) -> str:
    return str(house.service.runtime.vault.seal({"full_name": "Mẫu"}, person_id=person_id)) + "sealed"


async def flagged(house: House) -> None:
    flag = Flag("f-1", Kind.PERMIT, HERE, clearing=Clearing("cb", NOW, "sealed-why"))
    flags = house.parts["permit_flags"].store
    document = {"state": flags.to_document(flag), "version": 1, "marks": [], "results": [], "recent": b""}
    await flags.collection.insert_one({"_id": "f-1", **document, "timers": [], "seqs": {}, "shard": 0})


async def test_notes_of_alerts_and_addresses_of_who_left_go(house: House) -> None:
    await house.alerting()
    works = {"conditions": house.service.runtime.works[0], "recipients": house.parts["recipients"]}
    house.parts = {**house.parts, **works}
    await house.do("conditions", risk("very_high", 1, at=NOW))
    [condition] = await house.documents("conditions")
    alert_id = condition["state"]["alert"]["alert_id"]
    await house.do("conditions", Acknowledge(condition["_id"], alert_id, DOCTOR, "sealed-taken"))
    save = SavePreferences(DOCTOR, (Contact("sms", True, "sealed-number"),), None)
    await house.do("recipients", save)
    house.clock.move(LATER)
    assert await house.round() == {"addresses": 1}  # the alert is open
    end = Resolve(condition["_id"], alert_id, DOCTOR, Resolution.HANDLED, "sealed-ended")
    await house.do("conditions", end)
    house.clock.move(LATER)

    assert await house.round() == {"alert-notes": 1}

    left = repr([await house.documents(name) for name in ("conditions", "recipients")])
    assert "sealed-" not in left
    assert await house.round() == {}


async def test_facts_behind_figures_go_totals_stay(database: Any) -> None:
    old = datetime(2022, 1, 1, 23, tzinfo=UTC)
    rows = [
        {"_id": "old", "d": "2022-01-01", "r": old},
        {"_id": "late", "d": "2022-01-01", "r": old + timedelta(days=3)},
        {"_id": "young", "d": "2022-01-05", "r": old + timedelta(days=4)},
    ]
    await database["facts"].insert_many(rows)
    aging = AgingFacts(database)

    assert await aging.purge(old + timedelta(days=1)) == 1
    assert await aging.purge(old + timedelta(days=1)) == 0

    assert sorted(await database["facts"].distinct("_id")) == ["late", "young"]
