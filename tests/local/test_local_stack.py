"""What the local stack decides without starting a server: keys, ports, people, which broker it takes."""

import json
import os
import stat
from pathlib import Path

import pytest

from common.geo import Units
from common.keys import named_keys, secret_key
from deploy.local import backup, brokers, kafka_jars, keys, other_brokers, people, running, start_page
from deploy.local.checkout import ROOT, Ports, free_ports
from deploy.local.doors import DOORS
from deploy.local.partner_keys import Authority
from deploy.local.services import PACKAGES, Place, service


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, Ports(), "mongodb://127.0.0.1:1/", "127.0.0.1:2")


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path):
    first = keys.key(tmp_path / "keys", "person")

    assert keys.key(tmp_path / "keys", "person") == first
    assert len(secret_key(first, name="person")) == 32
    assert stat.S_IMODE((tmp_path / "keys/person").stat().st_mode) == 0o600


def test_every_service_has_a_vault_key_of_its_own_and_shares_the_person_key(place: Place):
    environments = [service(place, package).environment for package in PACKAGES]
    vaults = [
        environment[f"{package.upper()}_VAULT_KEYS"]
        for package, environment in zip(PACKAGES, environments, strict=True)
    ]

    assert len(set(vaults)) == len(PACKAGES)
    assert all(named_keys(vault, name="vault") for vault in vaults)
    assert len({environment["LACHAN_PERSON_KEY"] for environment in environments}) == 1


def test_ports_of_two_test_stacks_differ():
    first, second = free_ports(), free_ports()

    assert first != second
    assert first.busy() == {}


def test_without_java_and_docker_the_emulator_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(kafka_jars.shutil, "which", lambda _name: None)
    monkeypatch.setattr(other_brokers, "has_docker", lambda: False)
    monkeypatch.setattr(other_brokers, "has_noida", lambda: True)

    broker = brokers.choose("auto", tmp_path, 1, 2)

    assert isinstance(broker, other_brokers.NoidaKafka)


def test_without_java_docker_comes_before_the_emulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(kafka_jars.shutil, "which", lambda _name: None)
    monkeypatch.setattr(other_brokers, "has_docker", lambda: True)

    broker = brokers.choose("auto", tmp_path, 19092, 19093)

    assert isinstance(broker, other_brokers.DockerKafka)
    assert "127.0.0.1:19092:19092" in broker.program.command


def test_a_machine_that_can_run_no_broker_is_told_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(kafka_jars.shutil, "which", lambda _name: None)
    monkeypatch.setattr(other_brokers, "has_docker", lambda: False)
    monkeypatch.setattr(other_brokers, "has_noida", lambda: False)

    with pytest.raises(other_brokers.NoBroker, match="there is no Java"):
        brokers.choose("auto", tmp_path, 1, 2)


def test_a_running_stack_is_found_again_and_a_dead_one_is_forgotten(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(running, "FILE", tmp_path / "running.json")
    clock = "2022-01-15T00:00:00+00:00@2026-11-26T00:00:00+00:00*1000"
    me = running.Running(running.Process.of(os.getpid()), tmp_path, Ports(), "127.0.0.1:2", rehearsal=clock)
    running.write(me)

    assert running.read() == me

    document = json.loads((tmp_path / "running.json").read_text("utf-8"))
    document["supervisor"]["created"] -= 1000
    (tmp_path / "running.json").write_text(json.dumps(document), "utf-8")
    assert running.read() is None


def test_the_start_page_offers_every_page_with_people_who_may_use_it():
    users = people.users(Units.load(), "A" * 43)
    ports = {package: 8101 + number for number, package in enumerate(PACKAGES)}

    text = start_page.render(users, ports, dict.fromkeys(PACKAGES, False))

    assert all(start_page.chosen(door, users) for door in DOORS)
    pages = {f"/{page.stem}" for page in (ROOT / "services" / "permit").glob("src/permit/pages/*.html")}
    assert pages <= {door.path for door in DOORS}
    assert "chưa chạy" in text
    assert "style=" not in text
    assert "<script" not in text


def test_the_keys_of_partners_are_saved_and_come_back_with_the_others(tmp_path: Path):
    lost, kept, empty = tmp_path / "lost", tmp_path / "kept", tmp_path / "empty"
    kept.mkdir()
    person, authority = keys.key(lost, "person"), Authority(lost / "partners").text
    backup.seal_keys(lost, kept, "mười hai chữ")
    backup.unseal_keys(kept, empty, "mười hai chữ")

    assert keys.key(empty, "person") == person
    assert Authority(empty / "partners").text == authority
    assert stat.S_IMODE((empty / "partners/ca.pem").stat().st_mode) == 0o600
