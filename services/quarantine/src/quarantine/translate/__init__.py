"""Foreign facts become our commands; our facts become events of the contract."""

from collections.abc import Callable
from typing import Any

from common.contracts import f0_monitoring as f0
from common.contracts import permit
from common.contracts import quarantine as contract
from common.contracts.base import Payload
from common.contracts.event import Event
from common.contracts.vitals import DeclaredBy
from common.kernel.areas import Area
from common.kernel.decision import Fact
from quarantine.domain import facts
from quarantine.domain.commands import NoteClosedF0, NoteDeclaredF0, NoteReport, NoteScan
from quarantine.domain.infection import F0Outcome
from quarantine.domain.swabs import PositiveTest
from quarantine.translate import moves


def to_note_report(event: Event[contract.HealthReported]) -> NoteReport:
    """Our own ledger recorded a declaration: the person's file hears of it."""
    return NoteReport(event.data.person_id, event.data.reported_at, event.data.has_symptoms)


def to_note_declared(event: Event[f0.PatientDeclared]) -> NoteDeclaredF0:
    """F0 care has somebody: whoever is in quarantine leaves it."""
    data = event.data
    area = Area(data.commune_code, data.district_code)
    return NoteDeclaredF0(data.person_id, event.sequence, data.declared_at, area)


def to_note_closed(event: Event[f0.PatientClosed]) -> NoteClosedF0:
    """F0 care closed a record: a wrong declaration brings the quarantine back."""
    outcome = F0Outcome(event.data.outcome.value)
    return NoteClosedF0(event.data.person_id, event.sequence, outcome, event.data.closed_on)


def to_note_scan(event: Event[permit.PermitScanned]) -> NoteScan | None:
    """Somebody was at a checkpoint; scans that name no person concern nobody here."""
    scan = event.data
    if scan.person_id is None:
        return None
    return NoteScan(scan.person_id, scan.scan_id, scan.checkpoint_id, scan.scanned_at)


def to_event(fact: Fact) -> Payload:
    """Return the contract event of one of our facts."""
    return _TO_EVENT[type(fact)](fact)


def _of(fact: facts.PersonFact) -> dict[str, Any]:
    return {
        "person_id": fact.person_id,
        "commune_code": fact.area.commune_code,
        "district_code": fact.area.district_code,
    }


def _ordered(fact: facts.QuarantineOrdered) -> Payload:
    return contract.QuarantineOrdered(
        **_of(fact),
        category=contract.Category(fact.category.value),
        place=contract.Place(fact.place.value),
        last_exposure_on=fact.last_exposure_on,
        starts_on=fact.starts_on,
        ends_on=fact.ends_on,
        protocol=fact.protocol,
        test_days=fact.test_days,
    )


def _extended(fact: facts.QuarantineExtended) -> Payload:
    return contract.QuarantineExtended(
        **_of(fact),
        from_ends_on=fact.from_ends_on,
        to_ends_on=fact.to_ends_on,
        reason=fact.reason.value,
        protocol=fact.protocol,
        test_days=fact.test_days,
    )


def _breached(fact: facts.QuarantineBreached) -> Payload:
    return contract.QuarantineBreached(
        **_of(fact),
        breach=contract.Breach(fact.how.value),
        at=fact.at,
        checkpoint_id=fact.checkpoint_id or None,
        evidence_id=fact.evidence_id,
    )


def _became_f0(fact: facts.ContactBecameF0) -> Payload:
    return contract.ContactBecameF0(
        **_of(fact),
        category=contract.Category(fact.category.value),
        place=contract.Place(fact.place.value),
        tested_on=fact.tested_on,
        **_tested(fact.positive),
    )


def _tested(positive: PositiveTest | None) -> dict[str, Any]:
    if positive is None:
        return {}
    return {
        "test_id": positive.test_id,
        "test_kind": contract.Assay(positive.kind.value),
        "recorded_at": positive.at,
        "age_years": positive.age_years,
        "vaccination_doses": positive.doses,
    }


def _ended(fact: facts.QuarantineEnded) -> Payload:
    return contract.QuarantineEnded(
        **_of(fact),
        category=contract.Category(fact.category.value),
        place=contract.Place(fact.place.value),
        outcome=contract.Outcome(fact.outcome.value),
        ended_on=fact.ended_on,
    )


def _missed(fact: facts.DeclarationMissed) -> Payload:
    return contract.DeclarationMissed(**_of(fact), due_at=fact.due_at, missed_in_a_row=fact.missed_in_a_row)


def _reported(fact: facts.HealthReported) -> Payload:
    return contract.HealthReported(
        **_of(fact),
        report_id=fact.report_id,
        reported_at=fact.reported_at,
        received_at=fact.received_at,
        is_late=fact.is_late,
        declared_by=DeclaredBy(fact.declared_by.value),
        due_at=fact.due_at,
        temperature_celsius=fact.temperature_celsius,
        spo2_percent=fact.spo2_percent,
        symptoms=fact.symptoms,
        has_symptoms=bool(fact.symptoms),
        channel=fact.channel or None,
    )


_TO_EVENT: dict[type[Any], Callable[[Any], Payload]] = {
    facts.QuarantineOrdered: _ordered,
    facts.QuarantineExtended: _extended,
    facts.QuarantineBreached: _breached,
    facts.ContactBecameF0: _became_f0,
    facts.QuarantineEnded: _ended,
    facts.DeclarationMissed: _missed,
    facts.HealthReported: _reported,
    **moves.TO_EVENT,
}
