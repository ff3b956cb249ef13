"""A system whose clock began two weeks ago and runs fast: deadlines come within seconds."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from common.clocks import RehearsalClock
from common.kernel.areas import Area
from deploy.local.seed import seed
from deploy.local.stack import Servers, Stack
from tests.conftest import servers_in
from tests.integration.facts import FactLog
from tests.integration.people import communes
from tests.integration.services import Services

SPEED = 2_000
"""A day passes in 43 seconds."""
BEGAN = timedelta(days=21)
START_SECONDS = 180.0
MARKS = ("mongo", "kafka")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the stories of this folder."""
    for item in items:
        if "rehearsed" in getattr(item, "fixturenames", ()):
            for mark in MARKS:
                item.add_marker(mark)


@dataclass
class Rehearsed:
    """The system and the clock that all its services show."""

    stack: Stack
    clock: RehearsalClock
    areas: Iterator[Area]


def three_weeks_ago(speed: float) -> str:
    """Return the setting of a clock that begins then and runs *speed* times as fast as life."""
    anchor = datetime.now(UTC)
    return f"{(anchor - BEGAN).isoformat()}@{anchor.isoformat()}*{speed}"


@pytest.fixture(scope="package")
def rehearsed(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Rehearsed]:
    """Return servers and services of their own on a fast clock."""
    with servers_in(tmp_path_factory.mktemp("rehearsed"), pytestconfig) as servers:
        text = three_weeks_ago(SPEED)
        stack = Stack(servers.place({"LACHAN_REHEARSAL": text}))
        stack.add_all()
        try:
            stack.start()
            stack.wait_ready(START_SECONDS)
            list(seed(stack))
            yield Rehearsed(stack, RehearsalClock(text), iter(communes()))
        finally:
            stack.stop()


@pytest.fixture
async def services(rehearsed: Rehearsed) -> AsyncIterator[Services]:
    """Return the services on the fast clock."""
    services = Services(rehearsed.stack)
    yield services
    await services.close()


@pytest.fixture
async def log(rehearsed: Rehearsed) -> AsyncIterator[FactLog]:
    """Return their log."""
    async with FactLog(rehearsed.stack.place.kafka_bootstrap) as log:
        yield log


@pytest.fixture
def own_servers(tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[Servers]:
    """Servers of this story alone."""
    with servers_in(tmp_path, pytestconfig) as servers:
        yield servers
