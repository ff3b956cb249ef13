"""
Fill the running province: `python -m tests.load.province --days 7 --scale 0.3`.

Reads the rehearsal clock from `LACHAN_REHEARSAL` (as the services do); without it everything happens at
real speed. Ends with what happened against what the system says; `--stay` then lives on.
"""

import argparse
import asyncio
import os
import sys
import time
from datetime import datetime
from pathlib import Path

import uvloop
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from common.clocks import clock_for
from common.geo import Units
from common.kernel.clock import VIETNAM
from common.oidc_local.minting import DEFAULT_ISSUER, Minter
from tests.load.province import promptness, stations
from tests.load.province.callers import Addresses, Caller
from tests.load.province.comparison import Row, compare, system_totals
from tests.load.province.moments import midnight
from tests.load.province.summary import TOLERABLE_LAG_SECONDS, barred, show
from tests.load.province.world import World

console = Console()
FASTEST = 1000.0
"""Times real time: the speed of `make demo`."""


def main() -> int:
    """Run the simulated week; the exit code is 1 when the system's numbers differ from the truth."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(_parser().parse_args()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.load.province", description=__doc__)
    parser.add_argument("--days", type=int, default=7, help="whole days from the next midnight on")
    parser.add_argument(
        "--scale", type=float, help="1 is the real curve of 15-21 January 2022 (default: what fits)"
    )
    parser.add_argument("--seed", type=int, default=2022)
    parser.add_argument("--rehearsal", default=os.environ.get("LACHAN_REHEARSAL", ""))
    parser.add_argument("--key-file", type=Path, default=Path(".lachan/oidc-key.json"))
    parser.add_argument("--issuer", default=DEFAULT_ISSUER)
    parser.add_argument("--stay", action="store_true", help="go on at real speed afterwards")
    return parser


async def _run(given: argparse.Namespace) -> int:
    clock = clock_for(given.rehearsal)
    call = Caller(Addresses(), Minter.from_file(given.key_file, issuer=given.issuer))
    posts = await call.get(f"{call.at.permit}/v1/checkpoints", role="checkpoint_officer", area="19")
    scale = given.scale or scale_that_fits(os.cpu_count() or 1, getattr(clock, "speed", 1.0))
    world = World(call, clock, Units.load(), posts["items"], seed=given.seed, scale=scale)
    before, start = await system_totals(call), clock.now()
    users = stations.users_of(await stations.scoreboard(call))
    end = world.begin(start, given.days)
    began = time.monotonic()
    await _with_progress(world, start, end)
    seconds = time.monotonic() - began
    narrowed = Row("permits_narrowed", len(world.orders.narrowed), await world.orders.told())
    rows = [*await compare(call, world.happened, before), narrowed, barred(world.truth)]
    rows += await stations.rows(call, world.stations, users)
    noticed = await promptness.waits(call, world.truth.promptness, getattr(clock, "speed", 1.0))
    rows += promptness.rows(*noticed)
    show(console, world, rows, seconds, promptness.sentences(*noticed))
    if given.stay:
        await _stay(world, end, given.days)
    await call.close()
    matches = all(row.happened == row.told for row in rows)
    in_time = promptness.are_met(*noticed) or world.agenda.greatest_lag_seconds > TOLERABLE_LAG_SECONDS
    return 0 if matches and in_time and not world.agenda.faults else 1


def scale_that_fits(cores: int, speed: float) -> float:
    """
    Return how much of the province a machine can play at *speed* times real time, at most all of it.

    Measured on two busy cores at a thousand times real speed: a fifth (24,000 deeds in a week) is never more than
    eight seconds late; three tenths with an older, heavier client fell two minutes behind.
    """
    return round(min(1.0, 0.1 * cores * FASTEST / speed), 2)


async def _with_progress(world: World, start: datetime, end: datetime) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=(end - start).total_seconds())

        def step(now: datetime) -> None:
            shown = now.astimezone(VIETNAM).strftime("%d/%m %H:%M")
            text = f"{shown}  F0 {sum(world.truth.f0_now.values())}  {world.agenda.done} việc"
            progress.update(task, completed=(now - start).total_seconds(), description=text)

        await world.agenda.run_until(end, step)


async def _stay(world: World, morning: datetime, number: int) -> None:
    """Live on until interrupted, at the clock's speed: soon that of life; each day is planned when it begins."""
    console.print("Tỉnh sống tiếp theo giờ thật; Ctrl-C để dừng mô phỏng.")
    while True:
        world.plan_day(morning, number)
        morning, number = midnight(morning, days=1), number + 1
        await world.agenda.run_until(morning)


if __name__ == "__main__":
    sys.exit(main())
