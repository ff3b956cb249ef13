"""Services killed with -9 in the middle of a burst: nothing accepted is lost, nothing happens twice."""

import asyncio

from tests.integration.arena import Arena
from tests.integration.burst import Burst
from tests.integration.facts import FactLog
from tests.integration.services import Services

PEOPLE, REPORTS = 80, 8
VICTIMS = ("f0-monitoring", "permit", "ioc-aggregation", "alerting")


async def test_services_killed_one_after_the_other_in_a_burst_lose_and_double_nothing(
    arena: Arena, services: Services, log: FactLog
) -> None:
    burst = Burst(services, arena.areas, people=PEOPLE, reports=REPORTS)
    await burst.prepare(log)

    playing = asyncio.create_task(burst.play())
    for number, victim in enumerate(VICTIMS, start=1):
        await burst.reached(0.2 * number)
        await arena.kill_and_restart(victim)
    await playing

    assert len(burst.accepted) == PEOPLE * REPORTS
    await burst.nothing_is_lost_or_doubled(log)
