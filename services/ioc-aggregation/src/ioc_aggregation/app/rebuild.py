"""
Are the figures the truth, and how to make them anew.

    python -m ioc_aggregation totals [--database NAME]
    python -m ioc_aggregation replay [--database NAME] [--no-compare]
    python -m ioc_aggregation check
    python -m ioc_aggregation rebuild [--resume] [--accept-differences]

`totals` prints every figure. `replay` reads the whole log into an empty database of its own
(`<database>_replay` unless named) and compares; `check` does the same and keeps the result, which the
service shows and measures. Neither joins the consumer group; both compare where the running figures stood
at one moment, so facts may go on coming. `rebuild` reads the log into another generation beside the running
one, compares and switches, without a stop; if the two differ it changes nothing unless differences are
accepted. It begins anew each time, or goes on with what the last one left (`--resume`).
Status 1 and the differences ([running, made anew]) tell that the two do not agree.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from common.clocks import SystemClock, clock_for
from common.messaging.replay import LogReader, Replayed
from common.mongo.client import Database, open_client, open_database
from common.settings import load
from ioc_aggregation.app.rebuilding import Differences, Figures, compared, rebuild
from ioc_aggregation.consumers import figures_from
from ioc_aggregation.domain.province import Province
from ioc_aggregation.ports import Check, Position, Totals
from ioc_aggregation.settings import IocSettings
from ioc_aggregation.store import Fold, FollowingTotals, MongoChecks, MongoGenerations, MongoTotals

COMMANDS = ("totals", "replay", "check", "rebuild")
SHOWN = 50
KEPT = timedelta(days=1)
"""For so long a generation that holds no more is kept: to be compared by hand, and for who still reads it."""


def main(arguments: list[str]) -> int:
    """Run one of the commands; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m ioc_aggregation", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--database", default="", help="totals, replay: which; by default the service's own")
    parser.add_argument("--json", action="store_true", help="machine readable; everything here is always so")
    parser.add_argument("--no-compare", action="store_true", help="replay: do not look at the live totals")
    parser.add_argument("--resume", action="store_true", help="rebuild: go on with what the last one left")
    parser.add_argument(
        "--accept-differences", action="store_true", help="rebuild: switch though the figures differ"
    )
    given = parser.parse_args(arguments)
    status, told = asyncio.run(_run(given, load(IocSettings)))
    print(json.dumps(told, indent=1))  # noqa: T201
    return status


async def _run(given: argparse.Namespace, settings: IocSettings) -> tuple[int, Any]:
    client = open_client(settings.mongo_uri.get_secret_value(), app_name=f"ioc-{given.command}")
    try:
        own = open_database(client, settings.database_name)
        if given.command == "totals":
            named = open_database(client, given.database or settings.database_name)
            return 0, await _totals(named)
        if given.command == "rebuild":
            return await _rebuild(settings, own, given)
        into = given.database or f"{settings.database_name}_replay"
        if into == settings.database_name:
            return 2, "a replay needs a database of its own"
        await client.drop_database(into)
        made = await _replay(settings, own, open_database(client, into), compare=not given.no_compare)
        if given.command == "check":
            await _keep(settings, own, made)
            await client.drop_database(into)
        return int(bool(made.differences)), made.told(into, is_compared=not given.no_compare)
    finally:
        client.close()


@dataclass(frozen=True, slots=True)
class Made:
    """What a replay found."""

    read: Replayed
    differences: Differences
    seconds: float
    generation: int

    def told(self, database: str, *, is_compared: bool) -> dict[str, Any]:
        """Return what is printed."""
        told: dict[str, Any] = {
            "records": self.read.records,
            "unreadable": self.read.refused,
            "database": database,
        }
        if is_compared:
            told |= {"equal": not self.differences, "differences": _some(self.differences)}
        return told


async def _totals(database: Database) -> Figures:
    return Province(await _running(database).all_documents()).totals()


def _running(database: Database) -> FollowingTotals:
    return FollowingTotals(
        MongoGenerations(database), lambda number: MongoTotals(database, generation=number)
    )


async def _replay(settings: IocSettings, own: Database, into: Database, *, compare: bool) -> Made:
    begun, read = time.monotonic(), [Replayed(0, 0)]
    anew, running = MongoTotals(into), _running(own)
    await anew.ensure_indexes()
    async with LogReader(settings.kafka_bootstrap, figures_from(Fold(anew))) as log:

        async def read_to(ends: Sequence[Position]) -> None:
            read.append(await log.read_to(ends))

        differences = await compared(running, anew, read_to, asyncio.sleep) if compare else {}
        await read_to(await log.ends())
    standing = await MongoGenerations(own).standing()
    total = Replayed(sum(each.records for each in read), sum(each.refused for each in read))
    return Made(total, differences, time.monotonic() - begun, standing.current)


async def _keep(settings: IocSettings, own: Database, made: Made) -> None:
    """Keep the result of a check, and drop generations that nobody reads any more."""
    now = clock_for(settings.rehearsal).now()
    check = Check(now, len(made.differences), made.read.records, round(made.seconds, 1), made.generation)
    await MongoChecks(own).put(check)
    await MongoGenerations(own).drop_old(SystemClock().now() - KEPT)


async def _rebuild(settings: IocSettings, own: Database, given: argparse.Namespace) -> tuple[int, Any]:
    generations = MongoGenerations(own)
    await generations.ensure()

    def open_totals(number: int) -> Totals:
        return MongoTotals(own, generation=number)

    def open_log(totals: Totals, start: Sequence[Position]) -> LogReader:
        return LogReader(settings.kafka_bootstrap, figures_from(Fold(totals)), start)

    made = await rebuild(
        generations,
        open_totals,
        open_log,
        asyncio.sleep,
        accepts_differences=given.accept_differences,
        resumes=given.resume,
    )
    dropped = await generations.drop_old(SystemClock().now() - KEPT)
    told = {
        "generation": made.generation,
        "switched": made.is_switched,
        "equal": not made.differences,
        "differences": _some(made.differences),
        "dropped": dropped,
    }
    return int(not made.is_switched), told


def _some(differences: Differences) -> Differences:
    return dict(list(differences.items())[:SHOWN])
