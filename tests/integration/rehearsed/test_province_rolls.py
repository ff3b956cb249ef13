"""
A new version is rolled out while the simulated province lives: three days pass, every process is replaced.

The people ask through a door that does what the gateway does: each request goes to the two processes of a service in
turn, and to the other one when a process is gone or going. Nobody may notice, and the sums must be those of the truth.
"""

import asyncio
import itertools
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from common.clocks import RehearsalClock
from common.geo import Units
from common.oidc_local.minting import Minter
from deploy.local import services as local
from deploy.local.seed import seed
from deploy.local.stack import Servers
from tests.integration.facts import FactLog
from tests.integration.figures import ioc
from tests.integration.rehearsed.conftest import START_SECONDS, Rehearsed, three_weeks_ago
from tests.integration.rehearsed.test_province import (
    differences,
    nothing_happens_any_more,
    what_came_before_is_counted,
)
from tests.integration.rollout import PAUSE_SECONDS, PROCESSES, STOP_SECONDS, TRIES, doubled, replaced
from tests.integration.services import eventually
from tests.load.province.callers import TIMEOUT_SECONDS, Addresses, Caller
from tests.load.province.comparison import system_totals
from tests.load.province.lines import LineLost, Lines
from tests.load.province.world import World

SPEED, DAYS, SCALE, SEED = 1000, 3, 0.03, 2022
FEWEST_DEEDS = 200


class Door(Lines):
    """Asks the processes of a service in turn; what one cannot answer now the other one is asked."""

    def __init__(self, twins: Mapping[str, str]) -> None:
        super().__init__(TIMEOUT_SECONDS)
        self._turns = {host: itertools.cycle([host, twin]) for host, twin in twins.items()}
        self.answered, self.asked_again = Counter[str](), Counter[str]()

    async def send(self, url: str, sent: bytes) -> tuple[int, bytes]:
        """Send until one process answers; every wish of the people has a key, so it may be sent twice."""
        host = urlsplit(url).netloc
        for attempt in range(1, TRIES + 1):
            try:
                status, body = await super().send(f"http://{next(self._turns[host])}/", sent)
            except LineLost:
                if attempt == TRIES:
                    raise
            else:
                if status != 503 or attempt == TRIES:
                    self.answered[host] += 1
                    return status, body
            self.asked_again[host] += 1
            await asyncio.sleep(PAUSE_SECONDS * (attempt % 2 == 0))
        raise AssertionError("unreachable")


@pytest.mark.mongo
@pytest.mark.kafka
async def test_a_province_does_not_notice_that_every_process_is_replaced(own_servers: Servers) -> None:
    text = three_weeks_ago(SPEED)
    stack, doubles = doubled(own_servers, {"LACHAN_REHEARSAL": text})
    rehearsed = Rehearsed(stack, RehearsalClock(text), iter(()))
    try:
        stack.start()
        await asyncio.to_thread(stack.wait_ready, START_SECONDS)
        assert not [step for step in seed(stack) if "FAILED" in step]
        await three_days_of_work(rehearsed, doubles)
    finally:
        stack.stop()


async def three_days_of_work(rehearsed: Rehearsed, doubles: Mapping[str, int]) -> None:
    place, clock = rehearsed.stack.place, rehearsed.clock
    at = Addresses(*(place.address(package) for package in local.PACKAGES))
    door = Door(
        {urlsplit(place.address(package)).netloc: f"127.0.0.1:{port}" for package, port in doubles.items()}
    )
    minter = Minter.from_file(place.key_file, issuer=place.issuer, audience=local.AUDIENCE)
    call = Caller(at, minter, lines=door)
    posts = await call.get(f"{call.at.permit}/v1/checkpoints", role="checkpoint_officer", area="19")
    world = World(call, clock, Units.load(), posts["items"], seed=SEED, scale=SCALE)
    await what_came_before_is_counted(rehearsed)
    before = await system_totals(call)
    end = world.begin(clock.now(), DAYS)
    living = asyncio.create_task(world.agenda.run_until(end))
    stops = await rolled_out(rehearsed, end)
    late = clock.now() > end
    await living
    told = f"{world.agenda.done} deeds; asked again {dict(door.asked_again)} of {dict(door.answered)}; stops {stops}"
    print(told)
    assert world.agenda.faults == [], told
    assert call.retried == 0, told
    assert world.agenda.done > FEWEST_DEEDS
    assert not late, "the province was asleep before the roll-out was over"
    assert max(stops.values()) < STOP_SECONDS, stops
    await eventually(lambda: differences(world, before), lambda seen: not seen, seconds=60)
    await call.close()
    async with FactLog(place.kafka_bootstrap, since_the_beginning=True) as log:
        await nothing_happens_any_more(rehearsed, log)
    replayed = await ioc(rehearsed.stack, "replay")
    assert replayed["equal"], replayed["differences"]


async def rolled_out(rehearsed: Rehearsed, end: datetime) -> dict[str, float]:
    """Replace the processes one after the other, spread over the time until *end*; return how long each stop took."""
    clock, children, stops = rehearsed.clock, rehearsed.stack.children, {}
    start = clock.now()
    for place, name in enumerate(PROCESSES):
        due = clock.real_time_of(start + (end - start) * place / len(PROCESSES))
        await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
        stops[name] = await replaced(children[name])
    return stops
