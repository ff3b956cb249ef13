"""
Two days of a small province: the figures equal what happened, and the log alone gives the same figures.

The simulated people act only through the public APIs, some of them late, twice or wrongly.
"""

import asyncio
from datetime import timedelta

from common.geo import Units
from common.oidc_local.minting import Minter
from deploy.local import services as local
from tests.integration.facts import FactLog
from tests.integration.figures import ioc
from tests.integration.rehearsed.conftest import Rehearsed
from tests.integration.settled import settled
from tests.load.province.callers import Addresses, Caller
from tests.load.province.comparison import compare
from tests.load.province.world import World

DAYS, SCALE, SEED = 2, 0.03, 2022
FEWEST_DEEDS = 200
DECIDING = ("quarantine", "f0-monitoring", "permit", "alerting")


async def test_the_figures_are_what_happened_and_the_log_gives_them_again(
    rehearsed: Rehearsed, log: FactLog
) -> None:
    world = await two_days_of_a_province(rehearsed)

    assert world.agenda.faults == []
    assert world.agenda.done > FEWEST_DEEDS
    rows = await compare(world.call, world.truth)
    await world.call.close()
    assert [row for row in rows if row[1] != row[2]] == []
    assert all(happened > 0 for name, happened, _ in rows if name not in ("f0_died", "f0_recovered"))

    await nothing_happens_any_more(rehearsed, log)
    replayed = await ioc(rehearsed.stack, "replay")
    assert replayed["equal"], replayed["differences"]
    assert replayed["unreadable"] == 0
    live = await ioc(rehearsed.stack, "totals")
    again = await ioc(rehearsed.stack, "totals", "--database", replayed["database"])
    assert again == live
    assert live


async def two_days_of_a_province(rehearsed: Rehearsed) -> World:
    place, clock = rehearsed.stack.place, rehearsed.clock
    at = Addresses(*(place.address(package) for package in local.PACKAGES))
    call = Caller(at, Minter.from_file(place.key_file, issuer=place.issuer, audience=local.AUDIENCE))
    posts = await call.get(f"{call.at.permit}/v1/checkpoints", role="checkpoint_officer", area="19")
    world = World(call, clock, Units.load(), posts["items"], seed=SEED, scale=SCALE)
    start = clock.now()
    world.begin(start, DAYS)
    await world.agenda.run_until(start + timedelta(days=DAYS))
    return world


async def nothing_happens_any_more(rehearsed: Rehearsed, log: FactLog) -> None:
    """Stop whoever decides, by deadline or otherwise, once what was decided is on the log and counted."""
    for name in DECIDING:
        rehearsed.stack.children[name].ask_to_stop()
    for name in DECIDING:
        await asyncio.to_thread(rehearsed.stack.children[name].wait_stopped)
    await settled(log, "ioc-aggregation.fold")
