"""
Runs Lá Chắn on this machine: `python -m deploy.local run|stop|token|partner|dlq|audit|backup|page`.

The Makefile has a target for each; data, logs and development keys are in `.lachan/`.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from common.oidc_local.minting import Minter
from deploy.local import backup, compose, mongod, partner_command, run, running, start_page
from deploy.local.brokers import KINDS
from deploy.local.checkout import ROOT
from deploy.local.rehearsal import SPEED
from deploy.local.services import AUDIENCE, Place, environment, own_environment


def main() -> int:
    """Do what the command line asks."""
    given, rest = _parser().parse_known_args()
    if rest and given.command != "dlq":
        _parser().error(f"unknown: {' '.join(rest)}")
    match given.command:
        case "run":
            return run.run(
                kafka=given.kafka, demo_speed=given.speed if given.demo else 0, with_seed=not given.no_seed
            )
        case "stop":
            return _stop()
        case "token":
            return _token(given)
        case "dlq":
            return _dead_letters(rest)
        case "audit":
            return _audit()
        case "backup":
            return _backup(given.folder)
        case "partner":
            return partner_command.main(given)
        case "compose":
            print(compose.write())
            return 0
        case _:
            return start_page.serve_page()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    starting = commands.add_parser("run", help="start everything and keep it alive")
    starting.add_argument("--kafka", choices=["auto", *KINDS], default="auto", help="how Kafka runs")
    starting.add_argument("--demo", action="store_true", help="play a simulated week in a fresh province")
    starting.add_argument("--speed", type=int, default=SPEED, help="how fast the simulated week runs")
    starting.add_argument("--no-seed", action="store_true", help="leave staff and checkpoints alone")
    commands.add_parser("stop", help="stop what runs")
    token = commands.add_parser("token", help="print an access token of the running issuer")
    token.add_argument("--role", action="append", required=True)
    token.add_argument("--area", action="append", default=[])
    token.add_argument("--person-id")
    partner_command.add_to(
        commands.add_parser("partner", help="grant, revoke or list what partners may read")
    )
    commands.add_parser("dlq", help="dead letters: list, show, replay", add_help=False)
    commands.add_parser("audit", help="verify the record of permit decisions")
    saving = commands.add_parser("backup", help="save databases and topics of the running stack")
    saving.add_argument("folder", type=Path)
    commands.add_parser("compose", help="write what deploy/compose.yaml needs, print the environment file")
    commands.add_parser("page", help="serve the start page (done by run)")
    return parser


def _stop() -> int:
    found = running.read()
    if found is None:
        print("Nothing runs from this checkout.")
        return 0
    running.stop(found)
    print("Stopped. Data stays in", found.folder)
    return 0


def _token(given: argparse.Namespace) -> int:
    found = running.read()
    if found is None:
        print("Nothing runs from this checkout: `make run` first.", file=sys.stderr)
        return 1
    place = Place(found.folder, found.ports, "", found.kafka_bootstrap)
    minter = Minter.from_file(place.key_file, issuer=place.issuer, audience=AUDIENCE)
    try:
        print(minter.token(given.role, given.area, person_id=given.person_id))
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 2
    return 0


def _dead_letters(rest: list[str]) -> int:
    found = running.read()
    if found is None:
        print("Nothing runs from this checkout: `make run` first.", file=sys.stderr)
        return 1
    command = [sys.executable, "-m", "common.messaging.dlq", *rest, "--bootstrap", found.kafka_bootstrap]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _audit() -> int:
    found = running.read()
    if found is None:
        print("Nothing runs from this checkout: `make run` first.", file=sys.stderr)
        return 1
    place = Place(found.folder, found.ports, mongod.uri(found.ports.mongo), found.kafka_bootstrap)
    keys = environment(place) | own_environment(place, "permit", found.ports.permit)
    keys["LACHAN_REHEARSAL"] = found.rehearsal
    command = [sys.executable, "-m", "permit.audit", "verify"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **keys}, check=False).returncode


def _backup(folder: Path) -> int:
    found = running.read()
    if found is None:
        print("Nothing runs from this checkout: `make run` first.", file=sys.stderr)
        return 1
    for each in backup.save(mongod.uri(found.ports.mongo), found.kafka_bootstrap, folder):
        print(f"{each.step}: {each.seconds:.1f} s, {each.size_bytes / 1024:.0f} KiB")
    print(f"Keys are not in it: {found.folder / 'keys'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
