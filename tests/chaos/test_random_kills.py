"""Random kill -9 of services, broker and database under load: nothing lost, nothing doubled, replay equal."""

import asyncio
import logging
import os
import random
import time
from collections.abc import Iterator

import pytest

from tests.integration.arena import SERVERS, SERVICES, Arena, run_arena
from tests.integration.burst import Burst
from tests.integration.facts import FactLog
from tests.integration.figures import ioc
from tests.integration.services import Services

pytestmark = pytest.mark.chaos
SECONDS = float(os.environ.get("CHAOS_SECONDS", "90"))
PEOPLE, REPORTS = 400, 8
PAUSE_SECONDS = (1.0, 6.0)


@pytest.fixture
def arena(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Arena]:
    """Return servers and services that may be killed."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    yield from run_arena(tmp_path_factory, pytestconfig, "chaos")


async def test_whatever_is_killed_what_was_accepted_counts_once(arena: Arena) -> None:
    chance = random.Random(seed := int(os.environ.get("CHAOS_SEED", str(time.time_ns() % 100_000))))
    services = Services(arena.stack)
    async with FactLog(arena.stack.place.kafka_bootstrap) as log:
        burst = Burst(services, arena.areas, people=PEOPLE, reports=REPORTS)
        await burst.prepare(log)
        playing = asyncio.create_task(burst.play())
        killed = await kill_at_random(arena, chance)
        burst.is_over = True
        await playing
        print(f"seed {seed}: {len(burst.accepted)} accepted while {len(killed)} died: {killed}")

        assert burst.accepted
        await burst.nothing_is_lost_or_doubled(log)
        replayed = await ioc(arena.stack, "replay")
    assert replayed["equal"], replayed["differences"]
    await services.close()


async def kill_at_random(arena: Arena, chance: random.Random) -> list[str]:
    """Kill and restart one thing after the other for a while; return what died."""
    killed, end = [], time.monotonic() + SECONDS
    while time.monotonic() < end:
        await asyncio.sleep(chance.uniform(*PAUSE_SECONDS))
        victim = chance.choice((*SERVICES, *SERVERS))
        killed.append(victim)
        await arena.kill_and_restart(victim, dead_seconds=chance.uniform(0, 2))
    return killed
