"""The broker or the database killed with -9 under load and started again: what was accepted arrives."""

import asyncio

import pytest

from tests.integration.arena import Arena
from tests.integration.burst import Burst
from tests.integration.facts import FactLog
from tests.integration.services import Services

PEOPLE, REPORTS = 40, 5


@pytest.mark.parametrize("victim", ["kafka", "mongod"])
async def test_a_server_killed_under_load_loses_and_doubles_nothing(
    arena: Arena, services: Services, log: FactLog, victim: str
) -> None:
    burst = Burst(services, arena.areas, people=PEOPLE, reports=REPORTS)
    await burst.prepare(log)

    playing = asyncio.create_task(burst.play())
    await burst.reached(0.3)
    await arena.kill_and_restart(victim)
    await playing

    assert len(burst.accepted) == PEOPLE * REPORTS
    await burst.nothing_is_lost_or_doubled(log)
