"""A whole system that may be hurt: servers and services of its own, killable by name."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from common.kernel.areas import Area
from deploy.local.seed import seed
from deploy.local.stack import Server, Servers, Stack
from tests.conftest import run_stack, servers_in
from tests.integration.people import communes

RESTART_SECONDS = 120.0
SERVERS = ("kafka", "mongod")
SERVICES = ("quarantine", "f0-monitoring", "permit", "alerting", "ioc-aggregation")


@dataclass
class Arena:
    """Servers, services, and communes in which nothing has happened yet."""

    servers: Servers
    stack: Stack
    areas: Iterator[Area]

    async def kill_and_restart(self, victim: str, *, dead_seconds: float = 1.0) -> None:
        """End a service, the broker (kafka) or the database (mongod) as a power cut would; start it again."""
        if victim in SERVERS:
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


def run_arena(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config, name: str
) -> Iterator[Arena]:
    """Start an arena; stop it at the end."""
    with servers_in(tmp_path_factory.mktemp(name), pytestconfig) as servers:
        for stack in run_stack(servers):
            steps = list(seed(stack))
            assert not [step for step in steps if "FAILED" in step], steps
            yield Arena(servers, stack, iter(communes()))
