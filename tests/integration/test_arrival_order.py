"""Facts of one person from two services, in every order in which they could reach the permit service."""

import asyncio
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from common.contracts import f0_monitoring as f0
from common.contracts import quarantine
from common.work.model import OutboxEntry
from tests.integration.drivers import Permit, Town
from tests.integration.facts import FactLog
from tests.integration.forged import Story, entry
from tests.integration.settled import settled

AT_ONCE = 16


def became_f0_and_recovered(said: Story) -> list[OutboxEntry]:
    return [
        entry(said.ordered(), 1),
        entry(said.ended(quarantine.Outcome.BECAME_F0), 2),
        entry(said.declared(), 1),
        entry(said.moved_home(), 2),
        entry(said.closed(f0.Outcome.RECOVERED), 3),
    ]


def became_f0_in_error(said: Story) -> list[OutboxEntry]:
    return [
        entry(said.ordered(), 1),
        entry(said.ended(quarantine.Outcome.BECAME_F0), 2),
        entry(said.ordered(), 3),
        entry(said.declared(), 1),
        entry(said.closed(f0.Outcome.WRONGLY_DECLARED, f0.CareState.DECLARED), 2),
    ]


@pytest.mark.parametrize(
    ("tell", "status"), [(became_f0_and_recovered, "issued"), (became_f0_in_error, "suspended")]
)
async def test_every_order_of_arrival_ends_in_the_same_permit(
    town: Town, log: FactLog, tell: Callable[[Story], list[OutboxEntry]], status: str
) -> None:
    orders = list(permutations(range(5)))
    papers = await issue_to_new_people(town, len(orders))
    said = [tell(Story(paper.view["person_id"], town.area)) for paper in papers]

    for step in range(5):  # the next fact of everybody goes out when everybody's last one was applied
        for entries, order in zip(said, orders, strict=True):
            await log.forge(entries[order[step]])
        await settled(log, "permit.standing")

    shown = await gather([town.permits.shows(paper) for paper in papers])
    wrong = [order for order, view in zip(orders, shown, strict=True) if view["status"] != status]
    assert wrong == []
    assert len({(view["status"], view["message"]) for view in shown}) == 1


async def issue_to_new_people(town: Town, count: int) -> list[Permit]:
    return await gather([town.permits.issues(town.somebody()) for _ in range(count)])


async def gather(awaitables: list[Any]) -> list[Any]:
    """Await all, not all at once."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(awaitable: Any) -> Any:
        async with room:
            return await awaitable

    return await asyncio.gather(*map(one, awaitables))
