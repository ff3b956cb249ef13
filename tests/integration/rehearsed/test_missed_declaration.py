"""Absence is an event: a declaration that does not come is told once, also when the service was dead then."""

import asyncio
from datetime import datetime, timedelta

from common.contracts import alerting
from common.contracts import f0_monitoring as f0
from common.kernel.clock import VIETNAM, local_day
from tests.integration.drivers import Town
from tests.integration.facts import FactLog
from tests.integration.people import Person
from tests.integration.rehearsed.conftest import Rehearsed
from tests.integration.services import Services, eventually

DUE_HOURS = {10, 21}
"""Deadlines of the two declarations a day (rules/risk/course)."""
RESTART_SECONDS = 120.0


async def test_a_missed_declaration_is_told_once_across_two_deaths(
    rehearsed: Rehearsed, services: Services, log: FactLog
) -> None:
    """Deadlines that passed while the service was dead are one: nobody could have declared to it."""
    town = Town(services, next(rehearsed.areas))
    silent = await declared(rehearsed, town)
    record = await town.officer.record_of(silent)
    first_due = datetime.fromisoformat(record["next_due_at"])
    for deaths in range(2):
        rehearsed.stack.children["f0-monitoring"].kill()
        await the_clock_shows(rehearsed, first_due + timedelta(hours=13 * (deaths + 1)))
        await restarted(rehearsed)
    missed = await eventually(
        lambda: log.of(f0.DeclarationMissed, about=silent.person_id), lambda seen: len(seen) >= 3, seconds=90
    )
    await town.officer.closes(silent, "recovered")

    dues = [event.data.due_at for event in missed]
    assert dues[0] == first_due
    assert dues == sorted(set(dues)), "a deadline was told twice"
    assert {due.astimezone(VIETNAM).hour for due in dues} <= DUE_HOURS
    assert [event.data.missed_in_a_row for event in missed] == list(range(1, len(missed) + 1))
    assert len({event.id for event in missed}) == len(missed)
    assert all(event.time >= event.data.due_at for event in missed)
    raised = await eventually(lambda: log.of(alerting.AlertRaised, about=silent.person_id), seconds=60)
    assert raised[0].data.condition == "patient-silent"


async def test_whoever_declares_in_time_is_not_missed(
    rehearsed: Rehearsed, services: Services, log: FactLog
) -> None:
    town = Town(services, next(rehearsed.areas))
    person = await declared(rehearsed, town)
    first_due = datetime.fromisoformat((await town.officer.record_of(person))["next_due_at"])
    await the_clock_shows(rehearsed, first_due - timedelta(minutes=100))
    await town.citizen.reports(person, reported_at=rehearsed.clock.now().isoformat())

    await the_clock_shows(rehearsed, first_due + timedelta(hours=2))
    missed = await log.of(f0.DeclarationMissed, about=person.person_id)
    await town.officer.closes(person, "recovered")

    assert [event for event in missed if event.data.due_at == first_due] == []


async def declared(rehearsed: Rehearsed, town: Town) -> Person:
    """Declare somebody an F0 by the clock of the rehearsal."""
    person = town.somebody()
    await town.officer.declares(person, tested_on=local_day(rehearsed.clock.now()).isoformat())
    return person


async def the_clock_shows(rehearsed: Rehearsed, instant: datetime) -> None:
    while rehearsed.clock.now() < instant:
        await asyncio.sleep(0.1)


async def restarted(rehearsed: Rehearsed) -> None:
    child = rehearsed.stack.children["f0-monitoring"]
    child.start()
    await asyncio.to_thread(child.wait_ready, RESTART_SECONDS)
