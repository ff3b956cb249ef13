"""
Three days of a small province: the figures equal what happened, and the log alone gives the same figures.

The simulated people act only through the public APIs, some of them late, twice or wrongly.
"""

import asyncio

from common.geo import Units
from common.oidc_local.minting import Minter
from deploy.local import services as local
from tests.integration.facts import FactLog
from tests.integration.figures import ioc
from tests.integration.rehearsed.conftest import Rehearsed
from tests.integration.services import eventually
from tests.integration.settled import settled
from tests.load.province import promptness
from tests.load.province.callers import Addresses, Caller
from tests.load.province.comparison import system_totals
from tests.load.province.world import World

DAYS, SCALE, SEED = 3, 0.03, 2022
FEWEST_DEEDS = 200
RARE = (
    "f0_died",
    "f0_recovered",
    "f0_in_hospital",
    "contacts_positive",
    "breaches",
    "scans_check",
    "scans_offline",
    "permits_suspended",
)
"""What need not happen within three days of a small province."""
DECIDING = ("quarantine", "f0-monitoring", "permit", "alerting")


async def test_the_figures_are_what_happened_and_the_log_gives_them_again(
    rehearsed: Rehearsed, log: FactLog
) -> None:
    world, before = await three_days_of_a_province(rehearsed)

    assert world.agenda.faults == []
    assert world.agenda.done > FEWEST_DEEDS
    happened = world.happened()
    assert all(count > 0 for name, count in happened.items() if name not in RARE)

    await eventually(lambda: differences(world, before), lambda seen: not seen, seconds=60)
    assert world.truth.barred_refused == world.truth.barred_scanned
    assert len(world.orders.narrowed) == await world.orders.told() > 0
    assert world.truth.promptness.silent, "somebody never declares"
    for who in await promptness.waits(world.call, world.truth.promptness, rehearsed.clock.speed):
        assert who.missed == (), "somebody got worse or fell silent, and nobody was told"
    await world.call.close()

    await nothing_happens_any_more(rehearsed, log)
    replayed = await ioc(rehearsed.stack, "replay")
    assert replayed["equal"], replayed["differences"]
    assert replayed["unreadable"] == 0
    live = await ioc(rehearsed.stack, "totals")
    again = await ioc(rehearsed.stack, "totals", "--database", replayed["database"])
    assert again == live
    assert live


async def differences(world: World, before: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Return each sum that is not what happened, with both numbers."""
    now, happened = await system_totals(world.call), world.happened()
    pairs = {name: (happened[name], now[name] - before[name]) for name in now}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


async def three_days_of_a_province(rehearsed: Rehearsed) -> tuple[World, dict[str, int]]:
    """Play; return the world that knows the truth, and the figures as they were before."""
    place, clock = rehearsed.stack.place, rehearsed.clock
    at = Addresses(*(place.address(package) for package in local.PACKAGES))
    call = Caller(at, Minter.from_file(place.key_file, issuer=place.issuer, audience=local.AUDIENCE))
    posts = await call.get(f"{call.at.permit}/v1/checkpoints", role="checkpoint_officer", area="19")
    world = World(call, clock, Units.load(), posts["items"], seed=SEED, scale=SCALE)
    await what_came_before_is_counted(rehearsed)
    before, start = await system_totals(call), clock.now()
    await world.agenda.run_until(world.begin(start, DAYS))
    return world, before


async def what_came_before_is_counted(rehearsed: Rehearsed) -> None:
    async with FactLog(rehearsed.stack.place.kafka_bootstrap, since_the_beginning=True) as log:
        await settled(log, "ioc-aggregation.fold")
    await asyncio.sleep(2)  # the board looks at the store twice a second


async def nothing_happens_any_more(rehearsed: Rehearsed, log: FactLog) -> None:
    """Stop whoever decides, by deadline or otherwise, once what was decided is on the log and counted."""
    children = rehearsed.stack.children
    deciding = [child for name, child in children.items() if name.removesuffix("-2") in DECIDING]
    for child in deciding:
        child.ask_to_stop()
    for child in deciding:
        await asyncio.to_thread(child.wait_stopped)
    await settled(log, "ioc-aggregation.fold")
