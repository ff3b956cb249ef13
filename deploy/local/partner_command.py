"""`python -m deploy.local partner`: what partners of the running stack may read."""

import argparse
import asyncio
import sys

from aiokafka.errors import KafkaError

from common.messaging.catalogue import load
from deploy.local import running
from deploy.local.partners import PROVINCE, NotGranted, Partners, command_line
from deploy.local.services import Place


def add_to(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("name", nargs="?", help="the partner; without one all are listed")
    parser.add_argument(
        "--topic",
        action="append",
        default=[],
        help="what it may read, and nothing else; ioc.areas.v1 if none",
    )
    parser.add_argument(
        "--area", action="append", default=[], help="whose figures over HTTP; the province if none"
    )
    parser.add_argument("--revoke", action="store_true", help="take every right back")


def main(given: argparse.Namespace) -> int:
    """Do it; say what to hand over."""
    found = running.read()
    if found is None:
        print("Nothing runs from this checkout: `make run` first.", file=sys.stderr)
        return 1
    partners = Partners(Place(found.folder, found.ports, "", found.kafka_bootstrap))
    try:
        asyncio.run(_do(partners, given))
    except (NotGranted, ValueError) as fault:
        print(fault, file=sys.stderr)
        return 2
    except (KafkaError, OSError) as fault:
        print(f"Kafka refused: {fault}", file=sys.stderr)
        return 1
    return 0


async def _do(partners: Partners, given: argparse.Namespace) -> None:
    if given.name is None:
        await _list(partners)
    elif given.revoke:
        await partners.revoke(given.name)
        print(f"{given.name} reads nothing any more. Its token for HTTP is good until it expires (12 h).")
    else:
        topics = given.topic or ["ioc.areas.v1"]
        folder = await partners.grant(given.name, topics, given.area or [PROVINCE])
        print(
            f"{given.name} may read {', '.join(topics)}. Hand over this folder, it holds the key:\n  {folder}"
        )
        print(f"First records:\n  {command_line(folder, topics[0])}\nThen: docs/partner-quickstart.md")


async def _list(partners: Partners) -> None:
    known = await partners.all()
    for partner in known:
        print(f"{partner.name:<24} {', '.join(partner.topics) or 'nothing'}")
    if not known:
        print(f"No partners. Topics for partners: {', '.join(load().for_partners)}")
