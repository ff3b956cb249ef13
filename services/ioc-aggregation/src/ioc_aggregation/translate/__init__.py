"""Foreign facts become tallies; our facts become contract events."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from common.contracts import alerting, ioc, permit, quarantine
from common.contracts import f0_monitoring as f0
from common.contracts.base import Payload
from common.contracts.event import Event
from common.contracts.quarantine import moves
from common.kernel.decision import Fact
from ioc_aggregation.domain import fold
from ioc_aggregation.domain.fold import AlertNote, Deltas, DirectiveNote, Tally, day_of
from ioc_aggregation.domain.model import AreaSummaryChanged

Translate = Callable[[Any], Tally]
Note = AlertNote | DirectiveNote


def _tally(
    event: Event[Any],
    happened: date | datetime,
    deltas: Deltas,
    *,
    speaks: bool = True,
    note: Note | None = None,
    commune_code: str | None = None,
) -> Tally:
    day, is_late = day_of(happened, event.time)
    return Tally(
        event.id,
        event.type,
        event.subject,
        event.sequence,
        commune_code or event.data.commune_code,
        day,
        event.time,
        deltas,
        is_late,
        speaks,
        note,
    )


def ordered(event: Event[quarantine.QuarantineOrdered]) -> Tally:
    """Quarantine counts from the day it starts."""
    data = event.data
    return _tally(event, data.starts_on, fold.quarantine_ordered(data.category, data.place))


def extended(event: Event[quarantine.QuarantineExtended]) -> Tally:
    """The last day moved, nobody more or less is in quarantine; a new protocol is not the commune's word."""
    return _tally(event, event.time, {}, speaks=event.data.reason != "protocol_changed")


def breached(event: Event[quarantine.QuarantineBreached]) -> Tally:
    """Somebody in quarantine was elsewhere; a checkpoint may have told it, not the commune."""
    return _tally(event, event.data.at, {"quarantine_breaches": 1}, speaks=False)


def positive(event: Event[quarantine.ContactBecameF0]) -> Tally:
    """A contact tested positive; that the quarantine is over is told by its own fact."""
    return _tally(event, event.data.tested_on, {"contacts_positive": 1})


def ended(event: Event[quarantine.QuarantineEnded]) -> Tally:
    """Quarantine is over; its end may be the calendar's doing."""
    data = event.data
    return _tally(event, data.ended_on, fold.quarantine_ended(data.category, data.place), speaks=False)


def reclassified(event: Event[moves.QuarantineReclassified]) -> Tally:
    """Another category or place; a case at home may have done it, so nobody need have spoken."""
    data = event.data
    before, after = (data.from_category, data.from_place), (data.to_category, data.to_place)
    return _tally(event, event.time, fold.quarantine_reclassified(before, after), speaks=False)


def handed_over(event: Event[moves.QuarantineHandedOver]) -> Tally:
    """A commune has one less to look after; the other one accepted, so this one need not have spoken."""
    data = event.data
    deltas = fold.quarantine_handed_on(data.category, data.place, -1)
    return _tally(event, data.handed_over_at, deltas, speaks=False)


def taken_over(event: Event[moves.QuarantineTakenOver]) -> Tally:
    """A commune accepted somebody from another."""
    data = event.data
    return _tally(event, data.taken_over_at, fold.quarantine_handed_on(data.category, data.place, 1))


def contact_reported(event: Event[quarantine.HealthReported]) -> Tally:
    """A declaration of somebody in quarantine."""
    data = event.data
    deltas = fold.reported("quarantine", has_symptoms=data.has_symptoms, is_late=data.is_late)
    return _tally(event, data.reported_at, deltas)


def patient_reported(event: Event[f0.HealthReported]) -> Tally:
    """A declaration of an F0."""
    data = event.data
    deltas = fold.reported("f0", has_symptoms=bool(data.symptoms), is_late=data.is_late)
    return _tally(event, data.reported_at, deltas)


def missed(event: Event[quarantine.DeclarationMissed] | Event[f0.DeclarationMissed]) -> Tally:
    """A deadline passed in silence: nobody was heard."""
    return _tally(event, event.data.due_at, {"reports_missed": 1}, speaks=False)


def declared(event: Event[f0.PatientDeclared]) -> Tally:
    """A new F0, on the day of the declaration."""
    data = event.data
    return _tally(event, data.declared_at, fold.patient_declared(data.risk_level, data.care_state))


def escalated_risk(event: Event[f0.RiskEscalated]) -> Tally:
    """A risk rose; the machine may have found it, so nobody need have spoken."""
    data = event.data
    deltas = fold.risk_changed(data.from_level, data.to_level, is_rise=True)
    return _tally(event, data.assessed_at, deltas, speaks=False)


def lowered_risk(event: Event[f0.RiskLowered]) -> Tally:
    """A risk fell."""
    data = event.data
    deltas = fold.risk_changed(data.from_level, data.to_level, is_rise=False)
    return _tally(event, data.assessed_at, deltas, speaks=False)


def assigned(event: Event[f0.DoctorAssigned]) -> Tally:
    """A doctor was found, by a machine as a rule: no figure changes."""
    return _tally(event, event.time, {}, speaks=False)


def moved(event: Event[f0.PatientMoved]) -> Tally:
    """Care goes on elsewhere."""
    return _tally(event, event.time, fold.patient_moved(event.data.from_state, event.data.to_state))


def closed(event: Event[f0.PatientClosed]) -> Tally:
    """An F0 record is closed."""
    data = event.data
    return _tally(event, data.closed_on, fold.patient_closed(data.outcome, data.care_state, data.risk_level))


def issued(event: Event[permit.PermitIssued]) -> Tally:
    """A permit was granted. Permits say nothing about whether the health station is heard."""
    return _tally(event, event.time, fold.permit_issued(event.data.status), speaks=False)


def permit_changed(event: Event[permit.PermitSuspended]) -> Tally:
    """A permit was suspended, reinstated, revoked or ran out."""
    data = event.data
    return _tally(event, event.time, fold.permit_changed(data.from_status, data.to_status), speaks=False)


def scanned(event: Event[permit.PermitScanned]) -> Tally:
    """A permit was checked; commune and day are those of the checkpoint."""
    data = event.data
    deltas = fold.permit_scanned(data.verdict, is_offline=data.mode is permit.Mode.OFFLINE)
    return _tally(event, data.scanned_at, deltas, speaks=False)


def directed(event: Event[permit.DirectiveChanged] | Event[permit.DirectiveWithdrawn]) -> Tally:
    """Another directive holds in an area, or an order was taken back before its minute; no figure changes."""
    data = event.data
    note = DirectiveNote(
        data.area_code,
        event.sequence,
        data.from_directive,
        data.to_directive,
        data.effective_at,
        data.document,
    )
    return _tally(event, event.time, {}, speaks=False, note=note, commune_code=data.area_code)


def raised(event: Event[alerting.AlertRaised]) -> Tally:
    """An alert; a repeated one raises the same alert again."""
    data = event.data
    note = _note(event, "waiting", data.raised_at)
    return _tally(event, data.raised_at, fold.alert_raised(data.severity), speaks=False, note=note)


def escalated(event: Event[alerting.AlertEscalated]) -> Tally:
    """Nobody took an alert in time."""
    note = _note(event, "escalated")
    return _tally(event, event.data.escalated_at, {"alerts_escalated": 1}, speaks=False, note=note)


def taken(event: Event[alerting.AlertAcknowledged]) -> Tally:
    """Somebody took an alert."""
    data = event.data
    deltas = fold.alert_taken(data.seconds_to_acknowledge)
    return _tally(event, data.acknowledged_at, deltas, speaks=False, note=_note(event, "taken"))


def resolved(event: Event[alerting.AlertResolved]) -> Tally:
    """An alert is over."""
    data = event.data
    note = _note(event, "resolved")
    return _tally(event, data.resolved_at, fold.alert_resolved(data.severity), speaks=False, note=note)


def _note(event: Event[Any], state: str, raised_at: datetime | None = None) -> AlertNote:
    data = event.data
    return AlertNote(
        data.alert_id,
        event.sequence,
        state,
        data.condition,
        data.severity,
        data.commune_code,
        event.time,
        raised_at,
    )


def to_event(fact: Fact) -> Payload:
    """Return the contract event of one of our facts."""
    if not isinstance(fact, AreaSummaryChanged):
        raise TypeError(f"no event for {type(fact).__name__}")
    return ioc.AreaSummaryChanged(
        area_code=fact.area_code,
        area_level=ioc.AreaLevel(fact.level.value),
        as_of=fact.as_of,
        definitions_version=fact.definitions_version,
        is_complete=fact.is_complete,
        restated=fact.restated,
        metrics=fact.metrics,
        silent_since=fact.silent_since,
    )
