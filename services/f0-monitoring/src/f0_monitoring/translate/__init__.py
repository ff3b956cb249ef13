"""Our facts become events of the contract; the contract's declarations become commands to judge them."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

from common.contracts import f0_monitoring as contract
from common.contracts import quarantine, vitals
from common.contracts.base import Payload
from common.contracts.event import Event
from common.contracts.f0_monitoring import self_declared
from common.kernel.areas import Actor, Area, app_of
from common.kernel.decision import Fact
from f0_monitoring.domain import facts
from f0_monitoring.domain.commands import AssessReport, DeclarePatient
from f0_monitoring.domain.declaring import OpenConfirmed, OpenFromFact
from f0_monitoring.domain.model import (
    MONTHS_A_YEAR,
    Consciousness,
    DeclaredBy,
    Origin,
    Profile,
    Reason,
    Report,
    Vitals,
)
from f0_monitoring.translate import followup


def to_assess(event: Event[contract.HealthReported]) -> AssessReport:
    """
    Our own ledger kept a declaration: judge the patient by it.

    Instants get the standard library's UTC: comparing two of another kind asks each for its offset.
    """
    data = event.data
    return AssessReport(
        Report(
            report_id=data.report_id,
            person_id=data.person_id,
            area=Area(data.commune_code, data.district_code),
            reported_at=data.reported_at.astimezone(UTC),
            received_at=data.received_at.astimezone(UTC),
            is_late=data.is_late,
            declared_by=_DECLARED_BY[data.declared_by],
            by="",
            vitals=Vitals(
                spo2_percent=data.spo2_percent,
                spo2_repeat_percent=data.spo2_repeat_percent,
                temperature_celsius=data.temperature_celsius,
                pulse_per_minute=data.pulse_per_minute,
                breaths_per_minute=data.breaths_per_minute,
                systolic_mmhg=data.systolic_mmhg,
                diastolic_mmhg=data.diastolic_mmhg,
                on_oxygen=data.on_oxygen,
                consciousness=_CONSCIOUSNESS[data.consciousness],
            ),
            symptoms=data.symptoms,
        )
    )


AGE_UNTIL_KNOWN = 65
"""Somebody whose age is not told is looked after as an old person until an officer knows better."""


def to_open(event: Event[quarantine.ContactBecameF0]) -> OpenFromFact | None:
    """A contact tested positive: open a record. Without a test it was we who told quarantine."""
    data = event.data
    if data.test_id is None or data.recorded_at is None:
        return None
    area = Area(data.commune_code, data.district_code)
    age = AGE_UNTIL_KNOWN if data.age_years is None else data.age_years
    declaration = DeclarePatient(
        person_id=data.person_id,
        area=area,
        profile=Profile(age * MONTHS_A_YEAR, vaccination_doses=data.vaccination_doses or 0),
        origin=Origin.CONTACT,
        tested_on=data.tested_on,
        onset_on=None,
        by=Actor("quarantine", area_codes=frozenset((area.commune_code,))),
        source=f"contact:{data.test_id}",
    )
    return OpenFromFact(declaration, data.recorded_at)


def to_open_confirmed(event: Event[self_declared.SelfDeclarationSettled]) -> OpenConfirmed | None:
    """The station confirmed what somebody declared: open a record from their form."""
    data = event.data
    if data.answer is not self_declared.Answer.CONFIRMED:
        return None
    return OpenConfirmed(data.person_id, data.declaration_id, data.settled_at)


_DECLARED_BY = {word: DeclaredBy(word.value) for word in vitals.DeclaredBy}
_CONSCIOUSNESS = {word: Consciousness(word.value) for word in vitals.Consciousness}


def to_event(fact: Fact) -> Payload:
    """Return the contract event of one of our facts."""
    return _TO_EVENT[type(fact)](fact)


def _of(fact: Any) -> dict[str, Any]:
    return {
        "person_id": fact.person_id,
        "commune_code": fact.area.commune_code,
        "district_code": fact.area.district_code,
    }


def _declared(fact: facts.PatientDeclared) -> Payload:
    return contract.PatientDeclared(
        **_of(fact),
        origin=contract.Origin(fact.origin.value),
        declared_at=fact.declared_at,
        age_years=fact.age_years,
        risk_level=contract.RiskLevel(fact.level.value),
        ruleset=fact.ruleset,
        care_state=contract.CareState(fact.care.value),
    )


def _risk_changed(fact: facts.RiskChanged) -> Payload:
    kind = contract.RiskEscalated if fact.rose else contract.RiskLowered
    return kind(
        **_of(fact),
        from_level=contract.RiskLevel(fact.from_level.value),
        to_level=contract.RiskLevel(fact.to_level.value),
        ruleset=fact.ruleset,
        report_id=fact.report_id,
        assessed_at=fact.assessed_at,
        is_danger_sign=fact.is_danger_sign,
        carer_id=fact.carer_id,
        reasons=tuple(_reason(reason) for reason in fact.reasons),
    )


def _reason(reason: Reason) -> contract.Reason:
    return contract.Reason(
        criterion=reason.criterion,
        value=reason.value,
        threshold=reason.threshold,
        document=reason.document,
    )


def _assigned(fact: facts.DoctorAssigned) -> Payload:
    return contract.DoctorAssigned(
        **_of(fact),
        doctor_id=fact.doctor_id,
        from_doctor_id=fact.from_doctor_id,
        reason=fact.reason,
        because=fact.because or None,
        lead_id=fact.lead_id,
    )


def _moved(fact: facts.PatientMoved) -> Payload:
    return contract.PatientMoved(
        **_of(fact),
        from_state=contract.CareState(fact.from_state.value),
        to_state=contract.CareState(fact.to_state.value),
        risk_level=contract.RiskLevel(fact.level.value),
        reason=fact.reason,
    )


def _closed(fact: facts.PatientClosed) -> Payload:
    return contract.PatientClosed(
        **_of(fact),
        outcome=contract.Outcome(fact.outcome.value),
        care_state=contract.CareState(fact.care.value),
        risk_level=contract.RiskLevel(fact.level.value),
        closed_on=fact.closed_on,
    )


def _reported(fact: facts.HealthReported) -> Payload:
    report, measured = fact.report, fact.report.vitals
    return contract.HealthReported(
        **_of(fact),
        report_id=report.report_id,
        reported_at=report.reported_at,
        received_at=report.received_at,
        is_late=report.is_late,
        declared_by=vitals.DeclaredBy(report.declared_by.value),
        spo2_percent=measured.spo2_percent,
        spo2_repeat_percent=measured.spo2_repeat_percent,
        temperature_celsius=measured.temperature_celsius,
        pulse_per_minute=measured.pulse_per_minute,
        breaths_per_minute=measured.breaths_per_minute,
        systolic_mmhg=measured.systolic_mmhg,
        diastolic_mmhg=measured.diastolic_mmhg,
        on_oxygen=measured.on_oxygen,
        consciousness=vitals.Consciousness(measured.consciousness.value),
        symptoms=report.symptoms,
        channel=app_of(report.by) or None,
    )


def _missed(fact: facts.DeclarationMissed) -> Payload:
    return contract.DeclarationMissed(
        **_of(fact),
        due_at=fact.due_at,
        missed_in_a_row=fact.missed_in_a_row,
        last_report_at=fact.last_report_at,
        risk_level=contract.RiskLevel(fact.level.value),
        carer_id=fact.carer_id,
    )


def _overdue(fact: facts.SelfDeclarationOverdue) -> Payload:
    return self_declared.SelfDeclarationOverdue(
        **_of(fact),
        declaration_id=fact.declaration_id,
        declared_at=fact.declared_at,
        reach=self_declared.Reach(fact.reach),
    )


def _settled(fact: facts.SelfDeclarationSettled) -> Payload:
    return self_declared.SelfDeclarationSettled(
        **_of(fact),
        declaration_id=fact.declaration_id,
        answer=self_declared.Answer(fact.answer),
        settled_at=fact.settled_at,
    )


_TO_EVENT: dict[type[Any], Callable[[Any], Payload]] = {
    facts.PatientDeclared: _declared,
    facts.RiskChanged: _risk_changed,
    facts.DoctorAssigned: _assigned,
    facts.PatientMoved: _moved,
    facts.PatientClosed: _closed,
    facts.HealthReported: _reported,
    facts.DeclarationMissed: _missed,
    facts.SelfDeclarationOverdue: _overdue,
    facts.SelfDeclarationSettled: _settled,
    **followup.TO_EVENT,
}
