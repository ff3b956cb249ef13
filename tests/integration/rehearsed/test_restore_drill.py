"""
The restore drill: a province's system is lost whole and comes back from last night's backup.

Databases, topics and keys are saved while people go on declaring; then everything is thrown away. An empty
system is filled from the backup, and it must be the one that was lost: the same documents, indexes, figures,
readable names, an unbroken record of decisions. Then life goes on in it.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from common.mongo.sealing import SealBroken, Vault
from deploy.local import backup, keys, mongo_tools, seed
from deploy.local import services as local
from deploy.local.checkout import ROOT, free_ports
from deploy.local.stack import Servers, Stack
from tests.conftest import UNAVAILABLE, give_up, make_servers, run_stack
from tests.integration.burst import SETTLE_SECONDS, Burst
from tests.integration.drivers import Town
from tests.integration.facts import FactLog
from tests.integration.figures import ioc
from tests.integration.people import Person, communes
from tests.integration.raw_documents import ALIVE, DATABASES, connected
from tests.integration.services import Services, eventually
from tests.integration.settled import all_quiet

pytestmark = [pytest.mark.mongo, pytest.mark.kafka]
PASSPHRASE = "mười hai chữ của buổi diễn tập"
PEOPLE, REPORTS, IN_QUARANTINE = 12, 2, 3
GO_ON = {"alerts_escalated"}
"""An alert that nobody takes climbs by itself, before a loss as after a restore."""
REMADE = {"facts", "totals", "alerts", "directives"}


@pytest.fixture(scope="module")
def tools() -> None:
    for name in ("mongodump", "mongorestore"):
        try:
            mongo_tools.find(name)
        except (mongo_tools.NoMongoTools, subprocess.CalledProcessError) as fault:
            give_up(fault)


@contextlib.contextmanager
def servers_in(folder: Path, config: pytest.Config) -> Iterator[Servers]:
    folder.mkdir(exist_ok=True)
    ports = free_ports()
    make_mongo, make_kafka = make_servers(folder, ports, config.getoption("--stack"))
    servers: Servers | None = None
    try:
        try:
            servers = Servers(folder, ports, make_mongo(), make_kafka())
            servers.start()
        except UNAVAILABLE as fault:  # a fault of the drill itself is no reason to skip it
            give_up(fault)
        yield servers
    finally:
        if servers is not None:
            servers.stop()


running = contextlib.contextmanager(run_stack)


class Life:
    """What happened before the backup, and what must be there after it."""

    def __init__(self, services: Services) -> None:
        areas = iter(communes())
        self.burst = Burst(services, areas, people=PEOPLE, reports=REPORTS)
        self.town, self.busy = Town(services, next(areas)), Town(services, next(areas))
        self.contacts = [self.town.somebody() for _ in range(IN_QUARANTINE)]
        self.meanwhile: list[Person] = []
        self.totals: dict[str, Any] = {}
        self.shape: dict[str, Any] = {}
        self.names: dict[str, str] = {}

    async def live(self, log: FactLog) -> None:
        """Let it happen, and look at it when all is quiet."""
        await self.burst.prepare(log)
        await self.burst.play()
        for person in self.contacts:
            await self.town.officer.quarantines(person, confirm=True)
            await self.town.citizen.checks_in(person)
        await self.town.checkpoint.scans(self.burst.patients[0].paper)
        await self.burst.nothing_is_lost_or_doubled(log)
        stack = self.town.services.stack
        self.totals = await ioc(stack, "totals")
        self.shape = await shape_of(stack.place.mongo_uri)
        for patient in self.burst.patients:
            record = await patient.town.officer.record_of(patient.person)
            self.names[patient.person.person_id] = record["person"]["full_name"]

    async def goes_on(self, until: asyncio.Event) -> None:
        """Declare one after the other in one commune for as long as the backup lasts."""
        while not until.is_set():
            person = self.busy.somebody()
            await self.busy.officer.declares(person)
            self.meanwhile.append(person)

    def elsewhere(self, totals: dict[str, Any]) -> dict[str, Any]:
        """Leave out the commune in which people went on declaring, and what time alone counts on."""
        return {
            key: {name: count for name, count in row.items() if name not in GO_ON}
            for key, row in totals.items()
            if self.busy.area.commune_code not in key
        }


async def shape_of(uri: str) -> dict[str, Any]:
    """Return documents and indexes of every collection, without those that are made anew or change by themselves."""
    found: dict[str, Any] = {}
    async with connected(uri) as client:
        for database in DATABASES:
            for name in await client[database].list_collection_names():
                if name in ALIVE or (database == "ioc_aggregation" and name in REMADE):
                    continue
                indexes = await client[database][name].index_information()
                kept = {index: {**about, "v": 2} for index, about in sorted(indexes.items())}
                count = await client[database][name].count_documents({})
                found[f"{database}.{name}"] = (count, json.loads(json.dumps(kept, default=str)))
    return found


async def test_a_lost_system_comes_back_from_its_backup_and_life_goes_on(
    tools: None, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    kept, lost, empty = tmp_path / "backup", tmp_path / "lost", tmp_path / "empty"
    with servers_in(lost, pytestconfig) as servers, running(servers) as stack:
        assert not [step for step in seed.seed(stack) if "FAILED" in step]
        services = Services(stack)
        async with FactLog(servers.kafka.bootstrap, since_the_beginning=True) as log:
            life = Life(services)
            await life.live(log)
            taken = await saved_while_life_goes_on(life, servers, kept)
            after = await life.town.officer.declares(life.town.somebody())
        await services.close()
    secrets = (lost / "keys" / "person").read_text("ascii")
    assert all(secrets.encode() not in file.read_bytes() for file in kept.iterdir())

    backup.unseal_keys(kept, empty / "keys", PASSPHRASE)
    with servers_in(empty, pytestconfig) as servers:
        taken += await asyncio.to_thread(backup.restore, servers.mongod.uri, servers.kafka.bootstrap, kept)
        nothing_is_loaded_twice(servers, kept)
        with running(servers) as stack:
            services = Services(stack)
            async with FactLog(servers.kafka.bootstrap, since_the_beginning=True) as log:
                await all_quiet(servers.mongod.uri, log, seconds=SETTLE_SECONDS)
                await it_is_the_same(life, services, servers)
                gone = f"/v1/patients/{after['person_id']}"
                answer = await services.ask("GET", "f0_monitoring", gone, **life.town.officer.who)
                assert answer.status_code == 404, "declared after the backup: it must be entered again"
                await life_goes_on(life, services, log)
            await services.close()
        await wrong_keys_open_nothing(stack, life)
    documents = sum(count for count, _ in life.shape.values())
    told = json.loads((kept / backup.MOMENT).read_text("utf-8"))
    print(
        f"{documents} documents before the backup, {told['records']} records, {len(life.meanwhile)} people meanwhile"
    )
    for each in taken:
        print(f"{each.step}: {each.seconds:.1f} s, {each.size_bytes / 1024:.0f} KiB")


async def saved_while_life_goes_on(life: Life, servers: Servers, kept: Path) -> list[backup.Taken]:
    enough = asyncio.Event()
    going_on = asyncio.create_task(life.goes_on(enough))
    await eventually(lambda: asyncio.sleep(0, len(life.meanwhile)), lambda seen: seen > 2)
    taken = await asyncio.to_thread(backup.save, servers.mongod.uri, servers.kafka.bootstrap, kept)
    enough.set()
    await going_on
    backup.seal_keys(servers.folder / "keys", kept, PASSPHRASE)
    return taken


def nothing_is_loaded_twice(servers: Servers, kept: Path) -> None:
    moment = json.loads((kept / backup.MOMENT).read_text("utf-8"))["moment"]
    options = ("--bootstrap", servers.kafka.bootstrap, "--mongo", servers.mongod.uri, "--moment", moment)
    command = (sys.executable, "-m", "common.backup", "load", str(kept / backup.TOPICS), *options)
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert "not empty" in again.stderr


async def it_is_the_same(life: Life, services: Services, servers: Servers) -> None:
    stack = services.stack
    assert life.elsewhere(await ioc(stack, "totals")) == life.elsewhere(life.totals)
    assert (await ioc(stack, "replay"))["equal"]
    shape = await shape_of(servers.mongod.uri)
    assert shape.keys() >= life.shape.keys()
    for place, (count, indexes) in life.shape.items():
        now, indexes_now = shape[place]
        assert indexes_now == indexes, place
        assert now >= count, place  # people went on declaring in one commune
        assert now - count <= 8 * len(life.meanwhile), place
    for patient in life.burst.patients:
        again = Town(services, patient.town.area)
        record = await again.officer.record_of(patient.person)
        assert record["person"]["full_name"] == life.names[patient.person.person_id]
    audited = await asyncio.to_thread(audit, stack)
    assert audited.returncode == 0, audited.stdout
    assert audited.stdout.startswith("ok:")
    await those_of_the_last_minute(life, services, stack)


def audit(stack: Stack) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **local.environment(stack.place)}
    environment |= local.own_environment(stack.place, "permit", stack.place.ports.permit)
    command = (sys.executable, "-m", "permit.audit", "verify")
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


async def those_of_the_last_minute(life: Life, services: Services, stack: Stack) -> None:
    """Whoever was declared while the backup ran is there wholly or not at all, the first ones surely."""
    busy = Town(services, life.busy.area)
    there = []
    for person in life.meanwhile:
        path = f"/v1/patients/{person.person_id}"
        answer = await services.ask("GET", "f0_monitoring", path, **busy.officer.who)
        there.append(answer.status_code == 200)
    assert there[:3] == [True] * 3
    assert there == sorted(there, reverse=True), "a moment, not a mixture"
    assert (await busy.ioc.figures())["f0_total"] == sum(there)


async def life_goes_on(life: Life, services: Services, log: FactLog) -> None:
    """Everybody declares once more; somebody well turns red, and the doctor is told."""
    again = [Town(services, patient.town.area) for patient in life.burst.patients]
    counted = await again[0].ioc.counted("reports_f0", "19")
    well = next(n for n, patient in enumerate(life.burst.patients) if not patient.is_red)
    for number, (town, patient) in enumerate(zip(again, life.burst.patients, strict=True)):
        bad = {"spo2_percent": 90, "spo2_repeat_percent": 90} if number == well else {}
        await town.citizen.reports(patient.person, **bad)
    await eventually(
        lambda: again[0].ioc.counted("reports_f0", "19"),
        lambda seen: seen == counted + len(again),
        seconds=SETTLE_SECONDS,
    )
    await eventually(
        lambda: again[well].doctor.alerts_of(life.burst.patients[well].person), seconds=SETTLE_SECONDS
    )
    town = Town(services, life.town.area)
    newcomer = town.somebody()
    await town.officer.declares(newcomer)
    await all_quiet(services.stack.place.mongo_uri, log, seconds=SETTLE_SECONDS)
    assert (await ioc(services.stack, "replay"))["equal"]


async def wrong_keys_open_nothing(stack: Stack, life: Life) -> None:
    """With other keys a service refuses to start, and what is sealed stays closed."""
    place = stack.place
    own = local.own_environment(place, "f0_monitoring", place.ports.f0_monitoring)
    right = own["F0_MONITORING_VAULT_KEYS"]
    other = keys.named_key(place.folder / "other-keys", "vault")
    for wrong in ({"F0_MONITORING_VAULT_KEYS": other}, {"LACHAN_PERSON_KEY": other.split(":")[1]}):
        environment = {**os.environ, **local.environment(place), **own, **wrong}
        command = (sys.executable, "-m", "f0_monitoring", "api")
        started = await asyncio.to_thread(
            subprocess.run, command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600
        )
        assert started.returncode != 0
        assert "keys that this database was not written with" in started.stdout + started.stderr
    async with connected(place.mongo_uri) as client:
        person_id = life.burst.patients[0].person.person_id
        document = await client["f0_monitoring"]["patients"].find_one({"_id": person_id})
    sealed = next(text for text in json.dumps(document, default=str).split('"') if text.startswith("s1."))
    assert Vault.parse(right).open(sealed, person_id=person_id)
    with pytest.raises(SealBroken):
        Vault.parse(other).open(sealed, person_id=person_id)
