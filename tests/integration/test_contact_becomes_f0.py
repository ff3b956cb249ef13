"""An F1 at home: breaks quarantine, turns positive, turns out not to be; nobody travels in between."""

from common.contracts import f0_monitoring as f0
from common.contracts import permit, quarantine
from tests.integration.drivers import Town, now
from tests.integration.facts import FactLog
from tests.integration.services import eventually


async def test_a_contact_scanned_at_a_checkpoint_breaks_quarantine_and_rings(
    town: Town, log: FactLog
) -> None:
    contact = town.somebody()
    paper = await town.permits.issues(contact)
    await town.officer.quarantines(contact)

    await eventually(lambda: log.of(permit.PermitSuspended, about=paper.permit_id))

    said = await town.checkpoint.scans(paper)

    assert (said["verdict"], said["reason_code"]) == ("refused", "not-valid-now")
    [breach] = await eventually(lambda: log.of(quarantine.QuarantineBreached, about=contact.person_id))
    [scan] = await log.of(permit.PermitScanned, about=contact.person_id)
    assert breach.data.evidence_id == scan.data.scan_id
    assert breach.causationid == scan.id
    [alert] = await eventually(lambda: town.doctor.alerts_of(contact, role="health_officer"))
    assert (alert["condition"], alert["severity"]) == ("quarantine-breached", "critical")
    assert alert["evidence"]["checkpoint_id"] == "thai-nguyen"
    expected = {"quarantine_breaches": 1, "alerts_open_critical": 1, "quarantine_active": 1}
    await eventually(town.ioc.figures, lambda figures: expected.items() <= figures.items())


async def test_a_contact_who_turns_positive_leaves_quarantine_and_stays_barred(
    town: Town, log: FactLog
) -> None:
    contact = town.somebody()
    paper = await town.permits.issues(contact)
    await town.officer.quarantines(contact)
    await eventually(lambda: log.of(permit.PermitSuspended, about=paper.permit_id))

    await town.officer.declares(contact)

    [positive] = await eventually(lambda: log.of(quarantine.ContactBecameF0, about=contact.person_id))
    [ended] = await eventually(lambda: log.of(quarantine.QuarantineEnded, about=contact.person_id))
    [declared] = await log.of(f0.PatientDeclared, about=contact.person_id)
    assert ended.data.outcome is quarantine.Outcome.BECAME_F0
    assert positive.causationid == ended.causationid == declared.id
    assert (await town.officer.case_of(contact))["status"] == "ended"
    expected = {"f0_active": 1, "quarantine_active": 0, "contacts_positive": 1, "permits_suspended": 1}
    await eventually(town.ioc.figures, lambda figures: expected.items() <= figures.items())
    assert await log.of(permit.PermitReinstated, about=paper.permit_id) == []


async def test_an_f0_declared_in_error_goes_back_to_quarantine_as_before(town: Town, log: FactLog) -> None:
    contact = town.somebody()
    paper = await town.permits.issues(contact)
    before = await town.officer.quarantines(contact)
    await town.officer.declares(contact)
    await eventually(lambda: log.of(quarantine.QuarantineEnded, about=contact.person_id))

    await town.officer.closes(contact, "wrongly_declared")

    orders = await eventually(
        lambda: log.of(quarantine.QuarantineOrdered, about=contact.person_id), lambda seen: len(seen) == 2
    )
    assert orders[0].data == orders[1].data
    after = await town.officer.case_of(contact)
    assert {name: after[name] for name in ("status", "ends_on", "starts_on")} == {
        name: before[name] for name in ("status", "ends_on", "starts_on")
    }
    expected = {"f0_total": 0, "quarantine_active": 1, "permits_suspended": 1, "permits_active": 0}
    await eventually(town.ioc.figures, lambda figures: expected.items() <= figures.items())
    assert (await town.checkpoint.scans(paper))["verdict"] == "refused"


async def test_a_declaration_of_a_contact_is_heard_by_the_file(town: Town) -> None:
    contact = town.somebody()
    await town.officer.quarantines(contact)

    receipt = await town.citizen.checks_in(contact, symptoms=["cough"], reported_at=now().isoformat())

    assert receipt["receipt"]
    expected = {"reports_quarantine": 1, "reports_symptomatic": 1}
    await eventually(town.ioc.figures, lambda figures: expected.items() <= figures.items())
