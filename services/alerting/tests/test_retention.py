"""When its time is over an alert has rung and was answered, and nobody's words or numbers are left."""

from datetime import timedelta
from typing import Any

import pytest

from alerting.domain.channels import PUSH, SMS
from alerting.domain.commands import Acknowledge, Resolve
from alerting.domain.model import Resolution
from alerting.domain.recipients import Greet
from alerting.parts.retention import forgetting
from common.clocks import FrozenClock
from common.geo import data_folder
from common.retention import Purge, read_purge_rules
from common.testing.kept import EveryFile
from common.work.model import Cause
from services.alerting.tests.calls import Town, town
from services.alerting.tests.stories import DOCTOR, NOON, STATION, risk

RULES = read_purge_rules(data_folder(), "alerting")
DAYS = {one.code: one.keep_days for one in RULES.versions[-1].classes}


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOON)


@pytest.fixture
def here(clock: FrozenClock) -> Town:
    return town(clock, "sms", "push")


@pytest.fixture
def purge(here: Town) -> Purge:
    works = here.service.runtime.works
    stores = {"alert-notes": here.conditions, "addresses": here.stores.recipients}
    files = {code: EveryFile(store) for code, store in stores.items()}  # type: ignore[arg-type]
    return Purge(here.clock, RULES, forgetting({"conditions": works[0], "recipients": works[1]}, files))


async def rung(here: Town) -> Any:
    await here.hear(risk("very_high", 1))
    [stored] = here.conditions.aggregates.values()
    return stored.state


async def test_words_of_an_alert_go_a_year_after_its_end(here: Town, purge: Purge) -> None:
    state = await rung(here)
    alert_id = state.alert.alert_id
    await here.hear(Acknowledge(state.key, alert_id, DOCTOR, "sealed: gọi con gái bà Mẫu"))
    here.clock.move(timedelta(days=DAYS["alert-notes"] * 3))
    assert (await purge.round())["alert-notes"] == 0  # open, however old
    await here.hear(Resolve(state.key, alert_id, DOCTOR, Resolution.HANDLED, "sealed: đã vào viện"))
    here.clock.move(timedelta(days=DAYS["alert-notes"]))
    assert (await purge.round())["alert-notes"] == 0

    here.clock.move(timedelta(minutes=1))
    assert (await purge.round())["alert-notes"] == 1

    [stored] = here.conditions.aggregates.values()
    after = stored.state.alert
    assert "sealed" not in repr(stored)
    assert (after.taken.by, after.ended.by, after.ended.resolution) == ("doctor-1", "doctor-1", "handled")
    assert after.raised_at == state.alert.raised_at
    assert (await purge.round())["alert-notes"] == 0


async def test_an_alert_that_rings_again_loses_its_new_words_in_their_time(here: Town, purge: Purge) -> None:
    state = await rung(here)
    end = Resolve(state.key, state.alert.alert_id, DOCTOR, Resolution.HANDLED, "sealed: một")
    await here.hear(end)
    here.clock.move(timedelta(days=DAYS["alert-notes"], minutes=1))
    await purge.round()
    await here.hear(risk("very_high", 2, at=here.clock.now()))
    [stored] = here.conditions.aggregates.values()
    assert stored.state.alert.is_open
    again = Resolve(state.key, stored.state.alert.alert_id, DOCTOR, Resolution.HANDLED, "sealed: hai")
    await here.hear(again)
    assert (await purge.round())["alert-notes"] == 0
    here.clock.move(timedelta(days=DAYS["alert-notes"], minutes=1))

    assert (await purge.round())["alert-notes"] == 1


async def test_who_does_not_come_any_more_is_not_called_and_has_no_number_here(
    here: Town, purge: Purge
) -> None:
    await here.register(STATION, SMS, PUSH, devices=1)
    await here.register(DOCTOR, SMS)
    here.clock.move(timedelta(days=DAYS["addresses"], minutes=1))
    await here.service.runtime.works[1].run(Greet(DOCTOR), Cause("greet"))

    assert (await purge.round())["addresses"] == 1

    kept = here.stores.recipients.aggregates  # type: ignore[attr-defined]
    assert kept[STATION.subject].state.contacts == kept[STATION.subject].state.devices == ()
    assert kept[DOCTOR.subject].state.contacts
    await here.register(STATION, SMS)
    assert kept[STATION.subject].state.plan(frozenset({SMS})) == (SMS,)
