"""A dry run of other risk rules on a real MongoDB: every open record of the area once, and nothing is written."""

from datetime import timedelta
from typing import Any

import pytest

from common.clocks import FrozenClock
from common.http.pagination import PageQuery
from common.kernel.areas import Actor
from common.service import Runtime
from common.testing.sign_in import sample_jwks, sample_settings
from f0_monitoring.domain.commands import ClosePatient
from f0_monitoring.domain.model import CareState
from f0_monitoring.settings import F0MonitoringSettings
from f0_monitoring.views import foresight
from f0_monitoring.views.changes import ChangeBody
from f0_monitoring.views.foresight import Foresight
from tests.integration.test_f0_store import HERE, OFFICER, THERE, House

pytestmark = pytest.mark.mongo
CENTRE = Actor("ioc-1", frozenset(("ioc_operator",)), frozenset(("19",)))
DISTRICT = Actor("ioc-2", frozenset(("ioc_operator",)), frozenset(("173",)))


@pytest.fixture
async def house(database: Any) -> House:
    made = House(database)
    for store in (made.patients, made.reports, made.doctors):
        await store.ensure_indexes()
    return made


async def test_every_open_record_is_judged_once_and_kept_as_it_was(
    house: House, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foresight, "BATCH", 2)
    for number in range(5):
        await house.declare(f"p-{number}", THERE if number == 4 else HERE, years=9)
        house.clock.at += timedelta(minutes=1)
        await house.report(f"p-{number}", spo2_percent=95, spo2_repeat_percent=95)
    close = ClosePatient("p-3", CareState.WRONGLY_DECLARED, "noted", "", OFFICER)
    await house.work.run(close, house.cause())
    before = [row async for row in database["patients"].find().sort("_id", 1)]
    settings = sample_settings(F0MonitoringSettings, drain_seconds=0)
    runtime = Runtime(settings, clock=FrozenClock(house.clock.at), jwks=sample_jwks(), in_memory=True)
    tryout = Foresight(runtime, house.patients, house.reports, house.rules)

    everywhere = await tryout.count(tryout.question(ChangeBody(), CENTRE))
    here = tryout.question(ChangeBody(), DISTRICT)

    assert (everywhere.records, everywhere.rises) == (4, 4)
    assert {c.commune_code: c.rises for c in everywhere.communes} == {"05908": 3, "05431": 1}
    assert (await tryout.count(here)).rises == 3
    first = await tryout.listed(here, PageQuery(limit=2))
    rest = await tryout.listed(here, PageQuery(limit=2, cursor=first.next))
    assert [line.person_id for line in (*first.items, *rest.items)] == ["p-0", "p-1", "p-2"]
    assert {line.causes[0].document for line in first.items} == {"528/QĐ-BYT"}
    assert [row async for row in database["patients"].find().sort("_id", 1)] == before
