"""Foreign facts become our commands; our facts become contract events."""

from collections.abc import Sequence
from typing import Any

from alerting.domain import facts
from alerting.domain.commands import (
    Note,
    NoteBreach,
    NoteCarer,
    NoteFlag,
    NoteForgery,
    NoteOver,
    NoteReport,
    NoteRisk,
    NoteSilence,
)
from alerting.domain.evidence import Evidence, Reason
from alerting.domain.model import (
    Kind,
)
from common.contracts import alerting as told
from common.contracts import f0_monitoring as f0
from common.contracts import permit, quarantine
from common.contracts.base import Payload
from common.contracts.event import Event
from common.kernel.areas import Area
from common.kernel.decision import Fact

REASONS_KEPT = 4
"""The worst criteria are listed first; a reader in a hurry needs no more of them."""
PATIENT_KINDS = (Kind.RISK_RISING, Kind.PATIENT_SILENT)
CONTACT_KINDS = (Kind.CONTACT_SILENT, Kind.QUARANTINE_BREACHED)


def declared_patient(event: Event[f0.PatientDeclared]) -> NoteRisk | None:
    """Somebody declared with very high risk cannot wait for the first report; the rest are worklist."""
    data = event.data
    if data.risk_level is not f0.RiskLevel.VERY_HIGH:
        return None
    return NoteRisk(
        **fields_of(Kind.RISK_RISING, event),
        at=data.declared_at,
        level=data.risk_level,
        evidence=Evidence(level=data.risk_level),
    )


def changed_risk(event: Event[f0.RiskEscalated | f0.RiskLowered]) -> NoteRisk:
    """A risk level rose or fell."""
    data = event.data
    evidence = Evidence(
        level=data.to_level,
        is_danger_sign=data.is_danger_sign,
        reasons=tuple(_reason(reason) for reason in data.reasons[:REASONS_KEPT]),
    )
    return NoteRisk(
        **fields_of(Kind.RISK_RISING, event),
        at=data.assessed_at,
        level=data.to_level,
        is_worse=isinstance(data, f0.RiskEscalated),
        carer_id=data.carer_id,
        evidence=evidence,
    )


def assigned_doctor(event: Event[f0.DoctorAssigned]) -> Sequence[Note]:
    """Both kinds of a patient's alerts follow the doctor."""
    return [
        NoteCarer(**fields_of(kind, event), at=event.time, carer_id=event.data.doctor_id)
        for kind in PATIENT_KINDS
    ]


def moved_patient(event: Event[f0.PatientMoved]) -> Sequence[Note] | None:
    """In hospital others watch; on the way there we still do."""
    if event.data.to_state is not f0.CareState.IN_HOSPITAL:
        return None
    return _over(PATIENT_KINDS, event)


def closed_patient(event: Event[f0.PatientClosed]) -> Sequence[Note]:
    """The record is closed: nothing about it is open."""
    return _over(PATIENT_KINDS, event)


def reported_patient(event: Event[f0.HealthReported]) -> NoteReport:
    """An F0 declared; what counts is when we received it, not the clock of the phone."""
    about = fields_of(Kind.PATIENT_SILENT, event) | {"sequence": 0}
    return NoteReport(**about, at=event.data.received_at)


def silent_patient(event: Event[f0.DeclarationMissed]) -> NoteSilence:
    """An F0 did not declare in time."""
    data = event.data
    return NoteSilence(
        **fields_of(Kind.PATIENT_SILENT, event),
        at=data.due_at,
        missed_in_a_row=data.missed_in_a_row,
        risk_level=data.risk_level,
        last_report_at=data.last_report_at,
        carer_id=data.carer_id,
    )


def breached_quarantine(event: Event[quarantine.QuarantineBreached]) -> NoteBreach:
    """Somebody in quarantine was elsewhere."""
    data = event.data
    return NoteBreach(
        **fields_of(Kind.QUARANTINE_BREACHED, event),
        at=data.at,
        breach=data.breach,
        checkpoint_id=data.checkpoint_id or "",
    )


def ended_quarantine(event: Event[quarantine.QuarantineEnded]) -> Sequence[Note]:
    """Quarantine is over, and with it what was wrong in it."""
    return _over(CONTACT_KINDS, event)


def reported_contact(event: Event[quarantine.HealthReported]) -> NoteReport:
    """A quarantined person declared."""
    about = fields_of(Kind.CONTACT_SILENT, event) | {"sequence": 0}
    return NoteReport(**about, at=event.data.received_at)


def silent_contact(event: Event[quarantine.DeclarationMissed]) -> NoteSilence:
    """A quarantined person did not declare in time."""
    return NoteSilence(
        **fields_of(Kind.CONTACT_SILENT, event),
        at=event.data.due_at,
        missed_in_a_row=event.data.missed_in_a_row,
    )


def scanned_permit(event: Event[permit.PermitScanned]) -> NoteForgery | None:
    """A refused scan may be a forgery: the rules say which reasons are. One alert per checkpoint."""
    data = event.data
    if data.verdict is not permit.Verdict.REFUSED:
        return None
    return NoteForgery(
        kind=Kind.PERMIT_FORGED,
        subject_id=data.checkpoint_id,
        area=Area(data.commune_code, data.district_code),
        at=data.scanned_at,
        checkpoint_name=data.checkpoint_name,
        reason_code=data.reason_code,
    )


def flagged_permit(event: Event[permit.PermitFlagged]) -> NoteFlag:
    """Scans contradict each other. One alert per permit, or per checkpoint where bad codes are shown."""
    data = event.data
    reasons = tuple(_sign(piece) for piece in data.evidence[:REASONS_KEPT])
    evidence = Evidence(
        reasons=reasons, checkpoint_id=data.checkpoint_id or "", checkpoint_name=data.checkpoint_name
    )
    return NoteFlag(
        **_flagged(data), at=data.last_seen_at, signals=tuple(map(str, data.to_signals)), evidence=evidence
    )


def cleared_permit(event: Event[permit.PermitFlagCleared]) -> NoteOver:
    """An officer looked into it."""
    return NoteOver(**_flagged(event.data), at=event.data.cleared_at)


def to_event(fact: Fact) -> Payload:
    """Return the contract event of one of our facts."""
    if not isinstance(fact, facts.AlertFact) or type(fact) not in _EVENTS:
        raise TypeError(f"no event for {type(fact).__name__}")
    kind, fields = _EVENTS[type(fact)]
    return kind(**_alert(fact), **{name: getattr(fact, name) for name in fields})


_EVENTS: dict[type[facts.AlertFact], tuple[type[told.AlertFact], tuple[str, ...]]] = {
    facts.AlertRaised: (told.AlertRaised, ("recipient_role", "step", "raised_at", "cause_at")),
    facts.AlertEscalated: (told.AlertEscalated, ("from_step", "to_step", "to_role", "escalated_at")),
    facts.AlertAcknowledged: (
        told.AlertAcknowledged,
        ("by", "by_role", "acknowledged_at", "seconds_to_acknowledge"),
    ),
    facts.AlertResolved: (told.AlertResolved, ("resolution", "resolved_at", "seconds_open")),
}


def _alert(fact: facts.AlertFact) -> dict[str, Any]:
    return {
        "alert_id": fact.alert_id,
        "condition": fact.kind.value,
        "severity": told.Severity(fact.severity.value),
        "person_id": fact.person_id,
        "commune_code": fact.area.commune_code,
        "district_code": fact.area.district_code,
    }


def fields_of(kind: Kind, event: Event[Any]) -> dict[str, Any]:
    """Return what every note about a person says."""
    return {
        "kind": kind,
        "subject_id": event.data.person_id,
        "person_id": event.data.person_id,
        "area": Area(event.data.commune_code, event.data.district_code),
        "sequence": event.sequence,
    }


def _flagged(data: permit.FlagFact) -> dict[str, Any]:
    """The person stays out of it: those who look into fraud need the permit's number, not who it is."""
    return {
        "kind": Kind.PERMIT_FLAGGED,
        "subject_id": data.checkpoint_id or data.permit_id,
        "area": Area(data.commune_code, data.district_code),
        "sequence": data.revision,
    }


def _sign(piece: permit.FlagEvidence) -> Reason:
    if piece.kmh is not None:
        value = f"{piece.kmh} km/h"
    elif piece.minutes_apart is not None:
        value = f"{piece.minutes_apart:g} min"
    else:
        value = piece.reason_code or ""
    return Reason(piece.signal.value, value, "", "")


def _over(kinds: tuple[Kind, ...], event: Event[Any]) -> list[Note]:
    return [NoteOver(**fields_of(kind, event), at=event.time) for kind in kinds]


def _reason(reason: f0.Reason) -> Reason:
    return Reason(reason.criterion, _text(reason.value), _text(reason.threshold), reason.document)


def _text(value: float | str | None) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:g}"
