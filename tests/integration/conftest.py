"""What the stories are told with: the services, a town of one's own, the log of facts."""

from collections.abc import AsyncIterator, Iterator

import pytest

from common.kernel.areas import Area
from deploy.local.seed import seed
from deploy.local.stack import Stack
from tests.integration.drivers import Town
from tests.integration.facts import FactLog
from tests.integration.people import UNUSED
from tests.integration.services import Services

MARKS = ("mongo", "kafka")
STACKS = ("town", "log", "services")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the stories that reach the stack through one of our own fixtures."""
    for item in items:
        if any(name in getattr(item, "fixturenames", ()) for name in STACKS):
            for mark in MARKS:
                item.add_marker(mark)


@pytest.fixture(scope="session")
def unused_communes() -> Iterator[Area]:
    """Communes in which nothing has happened yet."""
    return UNUSED


@pytest.fixture(scope="session")
def seeded(stack: Stack) -> Stack:
    """Return the running stack once it knows its doctors and checkpoints."""
    steps = list(seed(stack))
    assert not [step for step in steps if "FAILED" in step], steps
    return stack


@pytest.fixture
async def services(seeded: Stack) -> AsyncIterator[Services]:
    """Return the services of the shared stack."""
    services = Services(seeded)
    yield services
    await services.close()


@pytest.fixture
def town(services: Services, unused_communes: Iterator[Area]) -> Town:
    """Return a commune in which nothing has happened yet, with everybody who acts there."""
    return Town(services, next(unused_communes))


@pytest.fixture
async def log(stack: Stack) -> AsyncIterator[FactLog]:
    """Return the log of the shared stack."""
    async with FactLog(stack.place.kafka_bootstrap) as log:
        yield log
