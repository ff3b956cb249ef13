"""A check-in that nobody answers is told once and makes one task, also when the service was killed meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from common.contracts.quarantine import supervision as watched
from common.geo import Units
from tests.integration.drivers import Town, contact
from tests.integration.facts import FactLog
from tests.integration.faults.alone import Alone, quarantine_alone
from tests.integration.services import Services, eventually

pytestmark = [pytest.mark.mongo, pytest.mark.kafka]
SPEED = 60
NIGHT = datetime(2021, 8, 2, 14, tzinfo=UTC)
"""21:00 in Vietnam: no random request comes before the morning, a quarter of an hour of real time away."""


@pytest.fixture
def night(tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[Alone]:
    with quarantine_alone(tmp_path, pytestconfig, NIGHT, speed=SPEED) as alone:
        yield alone


async def kill_and_restart(night: Alone, *, dead_until: datetime) -> None:
    """End the service as a power cut would; start it when the clock shows *dead_until*."""
    night.kill()
    left = (night.clock.real_time_of(dead_until) - datetime.now(UTC)).total_seconds()
    await asyncio.sleep(max(1.0, left))
    night.start()
    await night.ready()


@pytest.fixture
async def services(night: Alone) -> AsyncIterator[Services]:
    services = Services(night.stack)
    yield services
    await services.close()


@pytest.fixture
async def log(night: Alone) -> AsyncIterator[FactLog]:
    async with FactLog(night.stack.place.kafka_bootstrap) as log:
        yield log


async def test_a_check_in_missed_over_two_deaths_is_told_once_and_is_one_task(
    night: Alone, services: Services, log: FactLog
) -> None:
    units = Units.load()
    town = Town(services, units.area_of(units.communes()[5].code))
    person = town.somebody()
    form = contact(person, last_exposure_on="2021-08-02")
    case = await services.insist("quarantine", "/v1/cases", form, **town.officer.who)
    about = case["person_id"]
    path = f"/v1/cases/{about}/supervision"

    async def seen() -> dict:
        return await services.get("quarantine", path, **town.officer.who)

    await eventually(seen, lambda view: view["is_open"])
    view = await services.insist("quarantine", f"/v1/cases/{about}/check-ins", {}, **town.officer.who)
    request = view["open_check_in"]
    due = datetime.fromisoformat(request["answer_by"])
    await kill_and_restart(night, dead_until=due + timedelta(minutes=1))
    missed = await eventually(
        lambda: log.of(watched.CheckInMissed, about=about), lambda found: len(found) >= 1, seconds=60
    )
    await kill_and_restart(night, dead_until=night.clock.now())
    await asyncio.sleep(2)
    view = await eventually(seen, lambda view: view["step"] is not None)

    missed = await log.of(watched.CheckInMissed, about=about)
    assert [(event.data.request_id, event.data.due_at) for event in missed] == [(request["request_id"], due)]
    tasks = [event.data for event in await log.of(watched.SupervisionClimbed, about=about)]
    assert [task.rung for task in tasks].count(watched.Rung.CALL) == 1
    assert len({task.task_id for task in tasks}) == len(tasks)
    assert [miss["duty"] for miss in view["misses"]] == ["check_in"]
    listed = await services.get("quarantine", "/v1/supervision?status=missed", **town.officer.who)
    assert [row["person_id"] for row in listed["items"]].count(about) == 1
