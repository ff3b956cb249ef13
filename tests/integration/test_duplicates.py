"""The same thing twice, or five times: an impatient thumb, a retrying phone, a relay that died too early."""

import asyncio
import uuid
from typing import Any

from common.contracts import alerting, permit
from common.contracts import f0_monitoring as f0
from tests.integration.drivers import Town, application, patient, report
from tests.integration.facts import TOPICS, FactLog
from tests.integration.people import Person
from tests.integration.services import eventually
from tests.integration.settled import settled


async def five_times(town: Town, service: str, path: str, body: Any, **who: str) -> list[dict[str, Any]]:
    """Send one request five times with one key: three at once, two later."""
    key = str(uuid.uuid4())

    async def once() -> dict[str, Any]:
        return await town.services.post(service, path, body, key=key, **who)

    return [*await asyncio.gather(once(), once(), once()), await once(), await once()]


async def test_a_request_sent_five_times_happens_once(town: Town, log: FactLog) -> None:
    person = town.somebody()
    permits = await five_times(town, "permit", "/v1/permits", application(person), **town.permits.who)
    records = await five_times(town, "f0_monitoring", "/v1/patients", patient(person), **town.officer.who)
    person.person_id = records[0]["person_id"]
    path = f"/v1/patients/{person.person_id}/reports"
    body = report(spo2_percent=90, spo2_repeat_percent=90)
    who = {"role": "citizen", "person_id": person.person_id}
    receipts = await five_times(town, "f0_monitoring", path, body, **who)
    [alert] = await eventually(lambda: town.doctor.alerts_of(person))
    path = f"/v1/alerts/{alert['alert_id']}/acknowledgement"
    taken = await five_times(town, "alerting", path, {}, **town.doctor.who)

    assert len({each["permit_id"] for each in permits}) == 1
    assert len({each["person_id"] for each in records}) == 1
    assert [each["receipt"] for each in receipts] == [receipts[0]["receipt"]] * 5
    assert len({each["taken"]["at"] for each in taken}) == 1
    await settled(log)
    kinds = (f0.PatientDeclared, f0.HealthReported, permit.PermitIssued, alerting.AlertRaised)
    for kind in (*kinds, alerting.AlertAcknowledged):
        assert len(await log.of(kind, about=person.person_id)) == 1, kind
    expected = {"f0_total": 1, "reports_f0": 1, "permits_issued": 1, "alerts_raised": 1, "alerts_taken": 1}
    await eventually(town.ioc.figures, lambda figures: expected.items() <= figures.items())


async def test_facts_that_are_published_again_change_nothing_anywhere(town: Town, log: FactLog) -> None:
    person = town.somebody()
    paper = await town.permits.issues(person)
    await town.officer.declares(person)
    await town.citizen.reports(person, spo2_percent=90, spo2_repeat_percent=90)
    await eventually(lambda: town.doctor.alerts_of(person))
    await town.checkpoint.scans(paper)
    await settled(log)
    records, figures = await everything_about(town, log, person, paper.permit_id)
    before = await what_they_say(town, person, paper)

    await log.append_again(records)
    await settled(log)

    again, _ = await everything_about(town, log, person, paper.permit_id)
    assert len(again) == 2 * len(records)
    assert len({event_id(record) for record in again}) == len(records)
    assert await what_they_say(town, person, paper) == before
    await eventually(town.ioc.figures, lambda seen: seen == figures)


async def everything_about(
    town: Town, log: FactLog, person: Person, permit_id: str
) -> tuple[list[Any], dict[str, int]]:
    alerts = {event.subject for event in await log.of(alerting.AlertRaised, about=person.person_id)}
    subjects = {person.person_id, permit_id, *alerts}
    topics = [topic for topic in TOPICS if not topic.startswith("ioc.")]
    records = [record for subject in subjects for record in await log.records_about(subject, topics)]
    return records, await town.ioc.figures()


async def what_they_say(town: Town, person: Person, paper: Any) -> list[Any]:
    """Return what the services show of this person, without the time of looking."""
    record = await town.officer.record_of(person)
    alerts = await town.doctor.alerts_of(person)
    shown = [record, await town.permits.shows(paper), *alerts]
    return [{name: told for name, told in view.items() if name != "as_of"} for view in shown]


def event_id(record: Any) -> bytes:
    return dict(record.headers)["ce_id"]
