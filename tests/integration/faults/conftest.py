"""Servers and services of these stories alone: they are killed."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest

from common.kernel.areas import Area
from deploy.local.checkout import free_ports
from deploy.local.seed import seed
from deploy.local.stack import Server, Servers, Stack
from tests.conftest import UNAVAILABLE, give_up, make_servers, run_stack
from tests.integration.facts import FactLog
from tests.integration.people import communes
from tests.integration.services import Services

RESTART_SECONDS = 120.0
MARKS = ("mongo", "kafka")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the stories of this folder."""
    for item in items:
        if "arena" in getattr(item, "fixturenames", ()):
            for mark in MARKS:
                item.add_marker(mark)


@dataclass
class Arena:
    """A whole system that may be hurt."""

    servers: Servers
    stack: Stack
    areas: Iterator[Area]

    async def kill_and_restart(self, victim: str, *, dead_seconds: float = 1.0) -> None:
        """End a service, the broker (kafka) or the database (mongod) as a power cut would; start it again."""
        if victim in ("kafka", "mongod"):
            server: Server = getattr(self.servers, victim)
            server.kill()
            await asyncio.sleep(dead_seconds)
            await asyncio.to_thread(server.start_and_wait, RESTART_SECONDS)
            return
        child = self.stack.children[victim]
        child.kill()
        await asyncio.sleep(dead_seconds)
        child.start()
        await asyncio.to_thread(child.wait_ready, RESTART_SECONDS)


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
    """Return servers and services of their own for the stories of this folder."""
    folder, ports = tmp_path_factory.mktemp("faults"), free_ports()
    make_mongo, make_kafka = make_servers(folder, ports, pytestconfig.getoption("--stack"))
    try:
        servers = Servers(folder, ports, make_mongo(), make_kafka())
        servers.start()
    except UNAVAILABLE as fault:
        give_up(fault)
    for stack in run_stack(servers):
        steps = list(seed(stack))
        assert not [step for step in steps if "FAILED" in step], steps
        yield Arena(servers, stack, iter(communes()))
    servers.stop()


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
