"""The system notices its own trouble, tells the operators once, and takes it back when it is over."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from alerting.domain.model import Resolution, Severity
from alerting.views.watchman import Watchman
from common.clocks import FrozenClock
from common.messaging.inspection import Standing
from common.service import Mode
from common.testing.sign_in import bearer, client_of
from services.alerting.tests.memory import MemoryConditions
from services.alerting.tests.stories import NOON, minutes
from services.alerting.tests.test_inbox_http import DOCTOR, World, composed

IOC = bearer("ioc_operator", ["19"], subject="ioc-1")


@dataclass
class Bus:
    """A bus that says what the test wants."""

    letters: dict[str, int] = field(default_factory=dict)
    lag: dict[str, int] = field(default_factory=dict)
    is_away: bool = False

    async def standings(self) -> list[Standing]:
        groups = ("alerting.watch", "permit.watch")
        return [Standing(name, self.lag.get(name, 0), self.letters.get(name, 0)) for name in groups]

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Bus"]:
        if self.is_away:
            raise ConnectionError("no broker")
        yield self


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock, store = FrozenClock(NOON), MemoryConditions()
    service = composed(clock, store)
    async with client_of(service.app(Mode.API)) as http:
        yield World(service, store, clock, http)


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def watchman(world: World, bus: Bus) -> Watchman:
    return Watchman(bus.opened, world.store, world.service.runtime.works[0], world.clock)


async def rounds(world: World, watchman: Watchman, count: int) -> None:
    for _ in range(count):
        await watchman.round()
        world.clock.move(minutes(1))


async def seen(world: World, headers: dict[str, str] = IOC) -> Any:
    return (await world.http.get("/v1/alerts", headers=headers)).json()["items"]


async def test_records_set_aside_ring_the_operators_once_and_heal(
    world: World, watchman: Watchman, bus: Bus
) -> None:
    await rounds(world, watchman, 2)
    assert await seen(world) == []
    bus.letters["permit.watch"] = 3
    await rounds(world, watchman, 5)
    [alert] = await seen(world)
    assert (alert["condition"], alert["severity"], alert["fold_count"]) == ("system-trouble", "warning", 0)
    assert (alert["evidence"]["part"], alert["evidence"]["count"]) == ("permit.watch", 3)
    assert await seen(world, DOCTOR) == []
    bus.letters.clear()
    await rounds(world, watchman, 1)
    assert world.condition.alert is not None
    assert world.condition.alert.ended is not None
    assert world.condition.alert.ended.resolution is Resolution.HEALED
    assert world.store.facts() == []


async def test_a_rush_is_no_lag_but_minutes_of_it_are(world: World, watchman: Watchman, bus: Bus) -> None:
    bus.lag["alerting.watch"] = 9_000
    await rounds(world, watchman, 2)
    bus.lag.clear()
    await rounds(world, watchman, 1)
    bus.lag["alerting.watch"] = 9_000
    await rounds(world, watchman, 3)
    assert await seen(world) == []
    await rounds(world, watchman, 1)
    [alert] = await seen(world)
    assert alert["evidence"]["reason_code"] == "lag"


async def test_a_bus_that_cannot_be_asked_is_critical(world: World, watchman: Watchman, bus: Bus) -> None:
    bus.is_away = True
    await rounds(world, watchman, 1)
    assert await seen(world) == []
    await rounds(world, watchman, 1)
    [alert] = await seen(world)
    assert alert["severity"] == Severity.CRITICAL
    bus.is_away = False
    await rounds(world, watchman, 1)
    assert await seen(world) == []


async def test_who_called_it_handled_is_left_alone_for_an_hour(
    world: World, watchman: Watchman, bus: Bus
) -> None:
    bus.letters["permit.watch"] = 3
    await rounds(world, watchman, 1)
    await world.post("resolution", {"resolution": "handled"}, headers=IOC)
    await rounds(world, watchman, 30)
    assert await seen(world) == []
    await rounds(world, watchman, 32)
    assert len(await seen(world)) == 1
