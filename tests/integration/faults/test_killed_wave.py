"""Thousands of deadlines in one minute, the service killed with -9 twice among them: each is told once, nobody missed."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from common.contracts import quarantine as contract
from common.contracts.quarantine import supervision as watched
from common.sheets.writing import TYPE
from services.quarantine.tests.stay_sheets import contact, filled
from tests.integration.facts import FactLog
from tests.integration.faults.alone import Alone, quarantine_alone
from tests.integration.people import OF_LISTS
from tests.integration.services import Services, eventually

pytestmark = [pytest.mark.mongo, pytest.mark.kafka]
PEOPLE, DECLARED, KILLS = 4_000, 25, 2
FIRST = 100_000
WHO = {"role": "health_officer", "area": "164"}
MORNING = datetime(2021, 8, 2, 1, tzinfo=UTC)
BEFORE = datetime(2021, 8, 2, 9, 59, 50, tzinfo=UTC)
"""Ten seconds before 17:00 in Vietnam, the deadline of `rules/quarantine/supervision`."""
DUE = datetime(2021, 8, 2, 10, tzinfo=UTC)
SLOW = 180.0


@pytest.fixture
def alone(tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[Alone]:
    with quarantine_alone(tmp_path, pytestconfig, MORNING, speed=1) as alone:
        yield alone


@pytest.fixture
async def services(alone: Alone) -> AsyncIterator[Services]:
    services = Services(alone.stack)
    yield services
    await services.close()


@pytest.fixture
async def log(alone: Alone) -> AsyncIterator[FactLog]:
    topics = (
        contract.DeclarationMissed.topic,
        watched.SupervisionClimbed.topic,
        contract.QuarantineOrdered.topic,
    )
    async with FactLog(alone.stack.place.kafka_bootstrap, topics) as log:
        yield log


async def ordered(services: Services) -> None:
    """Order the whole list into quarantine."""
    rows = [contact(FIRST + n, confirm="x") for n in range(PEOPLE)]
    answer = await services.raw().post(
        f"{services.stack.address('quarantine')}/v1/stay-lists?file_name=so.xlsx",
        content=filled(rows),
        headers={"Authorization": f"Bearer {services.token(**WHO)}", "Content-Type": TYPE},
        timeout=SLOW,
    )
    assert answer.status_code == 202, answer.text
    path = f"/v1/stay-lists/{answer.json()['list_id']}"

    async def progress() -> Any:
        return await services.get("quarantine", path, **WHO)

    done = await eventually(progress, lambda one: one["status"] == "done", seconds=SLOW)
    assert done["counts"]["declared"] == PEOPLE


async def test_a_wave_of_deadlines_over_two_deaths_tells_each_once_and_misses_nobody(
    alone: Alone, services: Services, log: FactLog
) -> None:
    await ordered(services)
    orders = await eventually(
        lambda: log.of(contract.QuarantineOrdered), lambda found: len(found) >= PEOPLE, seconds=SLOW
    )
    people = {order.subject for order in orders}
    diligent = set(sorted(people)[:DECLARED])
    for person in diligent:
        body = {"reported_at": alone.clock.now().isoformat(), "declared_by": "self", "symptoms": []}
        who = {"role": "citizen", "person_id": person}
        await services.insist("quarantine", f"/v1/cases/{person}/reports", body, **who)

    async def told() -> int:
        await log.read()
        named = contract.DeclarationMissed.type.encode()
        return sum(dict(record.headers).get("ce_type") == named for record in log.records)

    await alone.begin_at(BEFORE, speed=1)
    wave, before = PEOPLE - DECLARED, 0
    for _ in range(KILLS):
        await eventually(told, lambda count, before=before: count > before, seconds=SLOW)
        alone.kill()
        before = await told()
        assert 0 < before < wave, "the wave was over before the service died: the story says nothing"
        alone.start()
    await alone.ready()
    await eventually(told, lambda count: count >= wave, seconds=SLOW)

    async def counted() -> int:
        query = f"area_code={OF_LISTS}&first_day=2021-08-02&last_day=2021-08-02"
        view = await services.get("quarantine", f"/v1/statistics?{query}", **WHO)
        return int(view["total"]["missed"])

    async def tasks() -> Counter[str]:
        climbed = {fact.id: fact for fact in await log.of(watched.SupervisionClimbed)}
        return Counter(
            fact.data.person_id for fact in climbed.values() if fact.data.rung is watched.Rung.CALL
        )

    assert await eventually(counted, lambda count: count >= wave, seconds=SLOW) == wave
    called = await eventually(tasks, lambda found: len(found) >= wave, seconds=SLOW)
    missed = await log.of(contract.DeclarationMissed)
    assert len({fact.id for fact in missed}) == wave
    assert {fact.subject for fact in missed} == people - diligent
    assert (
        Counter(fact.subject for fact in {fact.id: fact for fact in missed}.values()).most_common(1)[0][1]
        == 1
    )
    assert {(fact.data.due_at, fact.data.missed_in_a_row) for fact in missed} == {(DUE, 1)}
    assert set(called) == people - diligent
    assert set(called.values()) == {1}
