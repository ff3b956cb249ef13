"""MongoDB with sign-in: each service has an account of its own, and no key to its neighbour's database."""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from common.mongo import accounts
from common.mongo.stale import VALIDATOR, refuse_stale_writes
from deploy.local.checkout import HOST, free_ports
from deploy.local.mongod import find_mongod

pytestmark = pytest.mark.mongo
Client = MongoClient[dict[str, Any]]
SERVICES = ("quarantine", "permit", "ioc-aggregation")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A mongod as compose.yaml runs it: key file, sign-in, one member; gives host:port."""
    folder: Path = tmp_path_factory.mktemp("guarded")
    key = folder / "key"
    key.write_text("a" * 64)
    key.chmod(0o400)
    (folder / "data").mkdir()
    port = free_ports().mongo
    options = ("--replSet", "lachan", "--keyFile", key, "--dbpath", folder / "data", "--port", port)
    words = [find_mongod(), *map(str, options), "--bind_ip", HOST, "--nounixsocket", "--quiet"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log)
    try:
        _first_account(port)
        yield f"{HOST}:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _first_account(port: int) -> None:
    # The image of MongoDB makes it in the same way, before anybody can connect from outside.
    deadline = time.monotonic() + 60
    with Client(HOST, port, directConnection=True, serverSelectionTimeoutMS=500) as admin:
        while True:
            try:
                accounts.ensure_replica_set(admin, "lachan", f"{HOST}:{port}")
                accounts.wait_for_writes(admin, 30)
                admin.admin.command("createUser", "root", pwd="root-password", roles=["root"])
            except PyMongoError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.3)
            else:
                return


def _prepare(place: str, passwords: dict[str, str]) -> None:
    accounts.prepare(
        f"mongodb://root:root-password@{place}/?directConnection=true", "lachan", place, passwords
    )


def _as(place: str, service: str, password: str) -> Client:
    return Client(
        f"mongodb://{service}:{password}@{place}/?replicaSet=lachan&authSource=admin",
        serverSelectionTimeoutMS=5_000,
    )


@pytest.fixture(scope="module")
def place(guarded: str) -> str:
    _prepare(guarded, {service: f"{service}-password" for service in SERVICES})
    return guarded


def test_a_service_does_what_it_needs_in_its_own_database(place: str):
    with (
        _as(place, "permit", "permit-password") as client,
        client["permit"].watch(max_await_time_ms=500) as stream,
    ):
        client["permit"]["permits"].create_index("plate")
        client["permit"]["permits"].insert_one({"_id": 1, "plate": "20A-000.01"})

        assert next(stream)["operationType"] in ("create", "createIndexes", "insert")
        assert client.admin.command("ping")["ok"]


def test_a_service_makes_its_collections_refuse_stale_writes(place: str):
    async def refuse() -> None:
        client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(
            f"mongodb://permit:permit-password@{place}/?replicaSet=lachan&authSource=admin"
        )
        await client["permit"]["made-before"].insert_one({"_id": 1})
        for name in ("made-before", "new"):
            await refuse_stale_writes(client["permit"][name])
            assert (await client["permit"][name].options())["validator"] == VALIDATOR
        client.close()

    asyncio.run(refuse())


@pytest.mark.parametrize("stranger", ["quarantine", "admin", "ioc_aggregation"])
def test_a_service_sees_nothing_of_another(place: str, stranger: str):
    with _as(place, "permit", "permit-password") as client:
        with pytest.raises(OperationFailure, match="not authorized"):
            client[stranger]["people"].find_one()
        with pytest.raises(OperationFailure, match="not authorized"):
            client[stranger]["people"].insert_one({"a": 1})


def test_nobody_without_an_account_reads_anything(place: str):
    with (
        Client(f"mongodb://{place}/?directConnection=true") as client,
        pytest.raises(OperationFailure, match="auth"),
    ):
        client["permit"]["permits"].find_one()


def test_the_figures_may_be_made_again_beside_the_running_ones(place: str):
    with _as(place, "ioc-aggregation", "ioc-aggregation-password") as client:
        client["ioc_aggregation_replay"]["totals"].insert_one({"_id": 1})
        client.drop_database("ioc_aggregation_replay")


def test_run_again_it_changes_passwords_and_loses_nothing(place: str):
    with _as(place, "quarantine", "quarantine-password") as client:
        client["quarantine"]["cases"].insert_one({"_id": "kept"})

    _prepare(place, {"quarantine": "another-password"})

    with _as(place, "quarantine", "another-password") as client:
        assert client["quarantine"]["cases"].find_one({"_id": "kept"})
    with (
        _as(place, "quarantine", "quarantine-password") as client,
        pytest.raises(OperationFailure, match="Authentication"),
    ):
        client["quarantine"]["cases"].find_one()


def test_a_missing_password_is_said_before_anything_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.delenv("PERMIT_MONGO_PASSWORD", raising=False)

    assert accounts.main(["--uri", "mongodb://nowhere", "--member", "mongo:27017", "permit"]) == 2
    assert "PERMIT_MONGO_PASSWORD" in capsys.readouterr().err
