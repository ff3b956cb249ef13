r"""
A fresh MongoDB made ready: one replica set, and one account per service that may touch its own database only.

    python -m common.mongo.accounts --uri mongodb://root:...@mongo:27017/?directConnection=true \
        --replica-set lachan --member mongo:27017 quarantine permit ...

The password of an account is read from `<SERVICE>_MONGO_PASSWORD`. Run again it makes what is missing and
takes over changed passwords and roles; it removes nothing. On Kubernetes the operator of MongoDB does this.
"""

import argparse
import os
import sys
import time
from typing import Any, Final

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

Admin = MongoClient[dict[str, Any]]
_NOT_YET_INITIATED: Final = 94
_USER_EXISTS: Final = 51003
PATIENCE_SECONDS: Final = 120.0


class NotReady(Exception):
    """The server took no writes in time."""


def roles_of(service: str) -> list[dict[str, str]]:
    """
    Return the roles of *service* (deployed name): its database; the IOC also that of its replays.

    `dbAdmin`, because a service sets the rule by which its collections refuse stale writes
    (`common.mongo.stale`), and `replay` drops its own database.
    """
    databases = [service.replace("-", "_")]
    if service == "ioc-aggregation":
        databases.append(f"{databases[0]}_replay")
    return [{"db": database, "role": role} for database in databases for role in ("readWrite", "dbAdmin")]


def ensure_replica_set(admin: Admin, name: str, member: str) -> None:
    """Make the server a replica set of one *member* (host:port) if it is none yet."""
    try:
        admin.admin.command("replSetGetStatus")
    except OperationFailure as error:
        if error.code != _NOT_YET_INITIATED:
            raise
        admin.admin.command("replSetInitiate", {"_id": name, "members": [{"_id": 0, "host": member}]})


def ensure_account(admin: Admin, service: str, password: str) -> None:
    """Make the account of *service*, or give the one that exists this password and these roles."""
    account: dict[str, Any] = {"pwd": password, "roles": roles_of(service), "mechanisms": ["SCRAM-SHA-256"]}
    try:
        admin.admin.command({"createUser": service, **account})
    except OperationFailure as error:
        if error.code != _USER_EXISTS:
            raise
        admin.admin.command({"updateUser": service, **account})


def wait_for_writes(admin: Admin, seconds: float = PATIENCE_SECONDS) -> None:
    """Return when the server is the primary; raises `NotReady`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if admin.admin.command("hello").get("isWritablePrimary"):
                return
        except PyMongoError:
            pass
        time.sleep(0.3)
    raise NotReady(f"no primary after {seconds:.0f} s")


def prepare(uri: str, replica_set: str, member: str, passwords: dict[str, str]) -> None:
    """Do all of it: the set, then the account of every service in *passwords*."""
    with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=30_000) as admin:
        ensure_replica_set(admin, replica_set, member)
        wait_for_writes(admin)
        for service, password in passwords.items():
            ensure_account(admin, service, password)


def main(words: list[str] | None = None) -> int:
    """Run from the command line; 2 when a password is missing."""
    parser = argparse.ArgumentParser(prog="python -m common.mongo.accounts", description=__doc__)
    parser.add_argument("--uri", default=os.environ.get("LACHAN_MONGO_ADMIN_URI", ""))
    parser.add_argument("--replica-set", default="lachan")
    parser.add_argument("--member", required=True, help="host:port under which clients reach the server")
    parser.add_argument("services", nargs="+", help="deployed names")
    given = parser.parse_args(words)
    names = {each: f"{each.upper().replace('-', '_')}_MONGO_PASSWORD" for each in given.services}
    missing = [name for name in names.values() if not os.environ.get(name)]
    if missing or not given.uri:
        sys.stderr.write(f"missing: {', '.join(missing) or '--uri or LACHAN_MONGO_ADMIN_URI'}\n")
        return 2
    passwords = {each: os.environ[name] for each, name in names.items()}
    prepare(given.uri, given.replica_set, given.member, passwords)
    sys.stdout.write(f"{len(passwords)} accounts ready\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
