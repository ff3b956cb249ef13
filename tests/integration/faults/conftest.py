"""The stories of this folder share an arena of their own."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.integration.arena import Arena, run_arena
from tests.integration.facts import FactLog
from tests.integration.services import Services

MARKS = ("mongo", "kafka")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the stories of this folder."""
    for item in items:
        if "arena" in getattr(item, "fixturenames", ()):
            for mark in MARKS:
                item.add_marker(mark)


@pytest.fixture(autouse=True)
def quiet_clients() -> Iterator[None]:
    """Keep the story's own client quiet about a broker that is dead on purpose."""
    logger = logging.getLogger("aiokafka")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(before)


@pytest.fixture(scope="package")
def arena(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Arena]:
    """Return servers and services that may be killed."""
    yield from run_arena(tmp_path_factory, pytestconfig, "faults")


@pytest.fixture
async def services(arena: Arena) -> AsyncIterator[Services]:
    """Return the services of the arena."""
    services = Services(arena.stack)
    yield services
    await services.close()


@pytest.fixture
async def log(arena: Arena) -> AsyncIterator[FactLog]:
    """Return the log of the arena."""
    async with FactLog(arena.stack.place.kafka_bootstrap) as log:
        yield log
