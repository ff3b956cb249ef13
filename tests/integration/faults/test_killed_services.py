"""A service killed with -9 in the middle of a burst: nothing accepted is lost, nothing happens twice."""

import asyncio

import pytest

from tests.integration.arena import Arena
from tests.integration.burst import Burst
from tests.integration.facts import FactLog
from tests.integration.services import Services


@pytest.mark.parametrize(
    ("victim", "people", "reports"),
    [
        ("f0-monitoring", 100, 10),
        ("ioc-aggregation", 60, 5),
        ("permit", 60, 5),
        ("alerting", 60, 5),
    ],
)
async def test_a_service_killed_in_a_burst_loses_and_doubles_nothing(
    arena: Arena, services: Services, log: FactLog, victim: str, people: int, reports: int
) -> None:
    burst = Burst(services, arena.areas, people=people, reports=reports)
    await burst.prepare(log)

    playing = asyncio.create_task(burst.play())
    await burst.reached(0.3)
    await arena.kill_and_restart(victim)
    await playing

    assert len(burst.accepted) == people * reports
    await burst.nothing_is_lost_or_doubled(log)
