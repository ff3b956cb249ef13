"""
Are the figures the truth? `totals` prints them; `replay` reads the whole log again and compares.

    python -m ioc_aggregation totals [--database NAME]
    python -m ioc_aggregation replay [--database NAME] [--no-compare]

A replay fills an empty database of its own (`<database>_replay` unless named), without joining the
consumer group: the running service is not disturbed. It ends with status 1 and the differences if
the two do not agree. Facts that arrive meanwhile may be in one of them only: compare while nothing
is being written, or look twice.
"""

import argparse
import asyncio
import json
from typing import Any

from common.messaging.replay import replay
from common.mongo.client import open_client, open_database
from common.settings import load
from ioc_aggregation.consumers import subscriptions
from ioc_aggregation.domain.province import Province
from ioc_aggregation.settings import IocSettings
from ioc_aggregation.store import Fold, MongoTotals

Totals = dict[str, dict[str, int]]
SHOWN = 50


def main(arguments: list[str]) -> int:
    """Run one of the two commands; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m ioc_aggregation", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("command", choices=("totals", "replay"))
    parser.add_argument("--database", default="", help="which database; by default the service's own")
    parser.add_argument("--json", action="store_true", help="machine readable; totals are always so")
    parser.add_argument(
        "--no-compare", action="store_true", help="replay only: do not look at the live totals"
    )
    given = parser.parse_args(arguments)
    settings = load(IocSettings)
    if given.command == "totals":
        print(json.dumps(asyncio.run(_totals(settings, given.database or settings.database_name)), indent=1))  # noqa: T201
        return 0
    into = given.database or f"{settings.database_name}_replay"
    return asyncio.run(_replay(settings, into, compare=not given.no_compare))


async def _totals(settings: IocSettings, database: str) -> Totals:
    client = open_client(settings.mongo_uri.get_secret_value(), app_name="ioc-totals")
    try:
        documents = await MongoTotals(open_database(client, database)).all_documents()
        return Province(documents).totals()
    finally:
        client.close()


async def _replay(settings: IocSettings, into: str, *, compare: bool) -> int:
    if into == settings.database_name:
        print("a replay needs a database of its own")  # noqa: T201
        return 2
    client = open_client(settings.mongo_uri.get_secret_value(), app_name="ioc-replay")
    try:
        await client.drop_database(into)
        store = MongoTotals(open_database(client, into))
        await store.ensure_indexes()
        [subscription] = subscriptions(Fold(store))
        report = await replay(settings.kafka_bootstrap, subscription)
    finally:
        client.close()
    told: dict[str, Any] = {"records": report.records, "unreadable": report.refused, "database": into}
    differences = {}
    if compare:
        replayed, live = await _totals(settings, into), await _totals(settings, settings.database_name)
        differences = difference(live, replayed)
        told |= {"equal": not differences, "differences": dict(list(differences.items())[:SHOWN])}
    print(json.dumps(told, indent=1))  # noqa: T201
    return 1 if differences else 0


def difference(live: Totals, replayed: Totals) -> dict[str, dict[str, list[int]]]:
    """Return, by commune and day, the figures that differ: [live, replayed]."""
    found: dict[str, dict[str, list[int]]] = {}
    for key in sorted(live.keys() | replayed.keys()):
        one, other = live.get(key, {}), replayed.get(key, {})
        names = sorted(name for name in one.keys() | other.keys() if one.get(name, 0) != other.get(name, 0))
        if names:
            found[key] = {name: [one.get(name, 0), other.get(name, 0)] for name in names}
    return found
