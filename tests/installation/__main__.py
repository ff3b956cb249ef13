"""
deploy/compose.yaml started for real by podman and used: `make compose-check`.

Takes the images that are there (`make images`, `python -m deploy.local.standins`, or the official ones). A service whose image is not
there is left out and named. Prints each promise with its answer and what was measured; ends with 1 if one is not kept.
Everything is taken down and its volumes removed afterwards, unless --keep.
"""

import argparse
import json
import socket
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from deploy.local import compose, standins
from deploy.local.checkout import STATE
from deploy.local.services import PACKAGES
from tests.browser.devices import launch
from tests.installation.engine import Engine, Fault, explained, within
from tests.installation.person import certificate_of
from tests.installation.story import Story

OURS: Final = tuple(package.replace("_", "-") for package in PACKAGES)
PICTURES: Final = STATE / "compose-check"
_BINDING_REQUEST, _BINDING_ANSWER, _COOKIE = 0x0001, 0x0101, 0x2112A442
_OTHERS = (
    "import os, pymongo, sys; c = pymongo.MongoClient(os.environ['LACHAN_MONGO_URI'], serverSelectionTimeoutMS=30000)\n"
    "for name in sys.argv[1:]:\n"
    "    try: c[name].probe.insert_one({}); c[name].probe.drop(); print(name, 'open')\n"
    "    except pymongo.errors.OperationFailure: print(name, 'closed')\n"
)
_OUTSIDE = (
    "import socket\n"
    "try: socket.create_connection(('198.51.100.7', 80), 2); print('reached')\n"
    "except OSError as fault: print(fault.errno)\n"
)
_ENETUNREACH = "101"


class Log:
    """What was promised and found."""

    def __init__(self) -> None:
        self.broken = 0

    def say(self, promise: str, holds: bool = True, figure: str = "") -> None:
        """Print one promise."""
        self.broken += not holds
        print(f"{'yes' if holds else 'NO ':3}  {promise}{f': {figure}' if figure else ''}", flush=True)


def examined(engine: Engine, log: Log) -> None:
    """Examine what runs: rights at MongoDB, networks, door, relay, limits of the containers."""
    for name in OURS:
        others = [each.replace("-", "_") for each in OURS if each != name] + ["admin"]
        own = name.replace("-", "_")
        lines = engine.inside(name, "python", "-c", _OTHERS, own, *others).splitlines()
        kept = lines == [f"{own} open", *(f"{other} closed" for other in others)]
        log.say(f"{name} writes into its own database only", kept)
    said = engine.inside("permit", "python", "-c", _OUTSIDE).strip()
    log.say("permit has no way out of the inner network", said == _ENETUNREACH, f"errno {said}")
    for name in OURS:
        told = engine.state(name)
        host = told["HostConfig"]
        user = engine.inside(name, "id", "-u").strip()
        log.say(
            f"{name} runs as 10001 on a read-only root without capabilities",
            user == "10001" and host["ReadonlyRootfs"] and not told["EffectiveCaps"],
        )
    authority = engine.inside("proxy", "cat", "/data/caddy/pki/authorities/local/root.crt")
    for host in (*compose.HOSTS.values(), "dang-nhap"):
        log.say(
            f"the door proves to be {host}.localhost", True, certificate_of(f"{host}.localhost", authority)
        )
    log.say("the relay of calls tells a browser its address", stun(8478))
    if "prometheus" in engine.services:
        log.say("Prometheus reads all five services", measured(engine) == len(OURS))


def stun(port: int) -> bool:
    """Ask the relay on this machine for the address that it sees (RFC 8489)."""
    asked = struct.pack("!HHI12s", _BINDING_REQUEST, 0, _COOKIE, b"la-chan-test")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.settimeout(10)
        door.sendto(asked, ("127.0.0.1", port))
        kind, _, cookie = struct.unpack("!HHI", door.recv(2048)[:8])
    return (kind, cookie) == (_BINDING_ANSWER, _COOKIE)


def measured(engine: Engine) -> int:
    """Count the services that Prometheus scrapes well, waiting for its first rounds."""

    def up() -> int:
        query = "http://127.0.0.1:9090/api/v1/query?query=up"
        said = json.loads(engine.inside("prometheus", "wget", "-q", "-O", "-", query))
        return sum(row["value"][1] == "1" for row in said["data"]["result"])

    within(120, lambda: up() == len(OURS), "Prometheus does not read all five")
    return up()


def started(engine: Engine, log: Log) -> float:
    """Start everything in its own order; return the seconds until all was well."""
    last = 0.0
    for name, last in engine.up():
        log.say(f"{name} is well", True, f"{last:.0f} s")
    return last


def killed(engine: Engine, log: Log) -> Iterator[str]:
    """Kill each service in turn; it must come back by itself. Yields the name when it is well again."""
    for name in ("f0-monitoring", "alerting", "mongo", "kafka", "keycloak", "proxy"):
        since, before = time.monotonic(), engine.state(name)["State"]["StartedAt"]
        engine.kill(name)
        within(60, lambda: engine.state(name)["State"]["StartedAt"] != before, f"{name} is not started again")  # noqa: B023
        engine.wait_well(name)
        log.say(f"{name} is killed and comes back", True, f"{time.monotonic() - since:.0f} s")
        yield name


def checked(engine: Engine, log: Log) -> None:
    """Go through all of it."""
    log.say("everything is well", True, f"{started(engine, log):.0f} s")
    examined(engine, log)
    realm = json.loads((compose.FOLDER / f"realm-{compose.REALM}.json").read_text("utf-8"))
    citizen = next(user["username"] for user in realm["users"] if "person_id" in user["attributes"])
    with sync_playwright() as play:
        browser = launch(play)
        story = Story(browser, PICTURES, citizen)
        story.prepares()
        story.declares()
        log.say("signed in at Keycloak, the health station declares an F0")
        took = story.reports_a_danger_sign()
        log.say("a danger sign reaches the doctor's inbox", True, f"{took:.1f} s")
        within(120, lambda: story.letters() > 0, "no letter")
        log.say("a letter reaches the mail sink", True, f"{story.letters()} letters")
        verdict = story.passes()
        log.say("a permit is issued and scanned", verdict == "allowed", verdict)
        story.wall_shows(1)
        log.say("the wall counts the F0")
        for _ in killed(engine, log):
            pass
        for name in OURS:
            engine.wait_well(name)
        story.finds_everything_again()
        log.say("after the kills everything is there")
        engine.down()
        log.say("taken down", not engine.container("mongo"))
        log.say("everything is well again", True, f"{started(engine, log):.0f} s")
        story.finds_everything_again()
        log.say("the data are there after down and up")
        log.say("no page reported a fault", not story.faults(), "; ".join(story.faults()))
        browser.close()


def main() -> int:
    """Check from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.installation", description=__doc__)
    parser.add_argument("--without", nargs="*", default=["grafana"], help="services that have no image here")
    parser.add_argument("--keep", action="store_true", help="leave everything running for a look")
    given = parser.parse_args()
    log = Log()
    environment = compose.write()
    if "LACHAN_DOMAIN=localhost" not in environment.read_text("utf-8").splitlines():
        raise SystemExit(f"{environment} is of a real installation: the check is for a laptop's names.")
    print(
        f"without: {', '.join(given.without) or 'nothing'}; stand-ins: {', '.join(standins.STAGES)}",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as scratch:
        engine = Engine(environment, Path(scratch), without=frozenset(given.without))
        try:
            with explained(engine):
                checked(engine, log)
        except Fault as fault:
            log.say(str(fault), holds=False)
        finally:
            if not given.keep:
                engine.down(volumes=True)
    return 1 if log.broken else 0


if __name__ == "__main__":
    sys.exit(main())
