"""The quarantine service alone, with servers of its own, on a clock that a story sets."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from common.clocks import RehearsalClock
from deploy.local import services as programs
from deploy.local.process import Program
from deploy.local.stack import Servers, Stack
from tests.conftest import servers_in

RESTART_SECONDS = 180.0


@dataclass
class Alone:
    """Another clock must not share groups and timers with the services of the other stories."""

    servers: Servers
    stack: Stack
    clock: RehearsalClock

    def kill(self) -> None:
        """End the service as a power cut would."""
        self.stack.children["quarantine"].kill()

    def start(self) -> None:
        """Start it again, without waiting."""
        self.stack.children["quarantine"].start()

    async def ready(self) -> None:
        """Wait until it has all that it depends on."""
        await asyncio.to_thread(self.stack.children["quarantine"].wait_ready, RESTART_SECONDS)

    async def begin_at(self, shown: datetime, *, speed: float) -> None:
        """Stop it gently and go on at another hour."""
        await asyncio.to_thread(self.stack.children["quarantine"].stop)
        self.clock, program = _program(self.servers, shown, speed)
        self.stack.add(program)
        self.start()


@contextmanager
def quarantine_alone(
    folder: Path, config: pytest.Config, shown: datetime, *, speed: float
) -> Iterator[Alone]:
    """Start servers and the service; its clock shows *shown* and runs *speed* times as fast as life."""
    with servers_in(folder, config) as servers:
        clock, program = _program(servers, shown, speed)
        stack = Stack(servers.place())
        stack.add(programs.start_page(stack.place))
        stack.add(program)
        try:
            stack.start()
            stack.wait_ready(RESTART_SECONDS)
            yield Alone(servers, stack, clock)
        finally:
            stack.stop()


def _program(servers: Servers, shown: datetime, speed: float) -> tuple[RehearsalClock, Program]:
    text = f"{shown.isoformat()}@{datetime.now(UTC).isoformat()}*{speed}"
    place = servers.place({"LACHAN_REHEARSAL": text})
    return RehearsalClock(text), programs.service(place, "quarantine")
