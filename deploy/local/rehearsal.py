"""The demonstration: services live on a fast clock for a week while a simulated province acts on them."""

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from common.kernel.clock import VIETNAM, local_day
from deploy.local.checkout import ROOT
from deploy.local.process import Child, Program
from deploy.local.stack import Stack

DAYS = 7
SPEED = 1000
START_UP = timedelta(seconds=60)
"""How long the services may take to start; the fast clock runs meanwhile."""
SIMULATOR = "tests.load.province"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A clock that started in the past (`common.clocks.RehearsalClock`)."""

    text: str


def last_week(speed: int = SPEED, now: datetime | None = None) -> Rehearsal:
    """
    Begin so long ago that a whole week is left when the services are up; *speed* times as fast as life.

    They are up before a Vietnamese midnight, so each day is a whole one; one more is left for slow starts.
    """
    anchor = now or datetime.now(UTC)
    first_midnight = datetime.combine(local_day(anchor) - timedelta(days=DAYS + 1), time.min, VIETNAM)
    begin = first_midnight - START_UP * speed
    return Rehearsal(f"{begin.isoformat()}@{anchor.isoformat()}*{speed}")


class Player(Child):
    """The simulator, writing its progress to this terminal."""

    def start(self) -> None:
        """Start it in the foreground of the terminal: no log file, its own progress bar."""
        environment = {**os.environ, **self.program.environment}
        self.process = subprocess.Popen(  # the terminal's Ctrl-C is ours to pass on
            self.program.command, cwd=self.program.folder, env=environment, start_new_session=True
        )


def start(stack: Stack, rehearsal: Rehearsal) -> Child:
    """Let the simulated province live its week, and then go on at real speed."""
    place = stack.place
    options = ("--days", str(DAYS), "--stay", "--key-file", str(place.key_file), "--issuer", place.issuer)
    program = Program(
        name="province",
        command=(sys.executable, "-m", SIMULATOR, *options),
        log=place.folder / "logs" / "province.log",
        is_ready=lambda: True,
        environment={"LACHAN_REHEARSAL": rehearsal.text},
        folder=ROOT,
    )
    player = Player(program)
    player.start()
    return player


def ended(player: Child) -> str:
    """Say what became of the simulation."""
    if player.exit_code == 0:
        return "the simulated week is over; the system goes on"
    return f"the simulated province ended with code {player.exit_code}; the system goes on"
