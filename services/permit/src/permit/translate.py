"""Foreign facts become our commands; our facts become events of the contract."""

from typing import Any, Final

from common.contracts import f0_monitoring as f0
from common.contracts import permit as contract
from common.contracts import quarantine
from common.contracts.base import Payload
from common.contracts.event import Event
from common.kernel.decision import Fact
from permit.domain import facts, flags
from permit.domain.commands import NoteStanding
from permit.domain.flags import WatchScan
from permit.domain.model import Source, Status
from permit.domain.scans import PermitScanned
from permit.domain.signals import Evidence

_STATUS: Final = {
    Status.ISSUED: contract.Status.ACTIVE,
    Status.SUSPENDED: contract.Status.SUSPENDED,
    Status.REVOKED: contract.Status.REVOKED,
    Status.EXPIRED: contract.Status.EXPIRED,
}
"""Other services see a permit only from the moment it is in force."""
MOST_EVIDENCE: Final = 6
"""The newest pieces say enough on the bus; the officer's page shows all."""
_OVER: Final = frozenset((f0.CareState.RECOVERED, f0.CareState.DIED, f0.CareState.WRONGLY_DECLARED))


def declared_patient(event: Event[f0.PatientDeclared]) -> NoteStanding:
    """An F0 does not travel."""
    return NoteStanding(event.data.person_id, Source.F0, is_barred=True, sequence=event.sequence)


def moved_patient(event: Event[f0.PatientMoved]) -> NoteStanding:
    """Wherever care goes on, an F0 does not travel; a reopened record bars again."""
    is_barred = event.data.to_state not in _OVER
    return NoteStanding(event.data.person_id, Source.F0, is_barred=is_barred, sequence=event.sequence)


def recorded_scan(event: Event[contract.PermitScanned]) -> WatchScan:
    """Our own scan, stored by now: compare and count it."""
    return WatchScan(event.data.scan_id)


def closed_patient(event: Event[f0.PatientClosed]) -> NoteStanding:
    """Recovered, or never an F0."""
    return NoteStanding(event.data.person_id, Source.F0, is_barred=False, sequence=event.sequence)


def ordered_quarantine(event: Event[quarantine.QuarantineOrdered]) -> NoteStanding:
    """Somebody in quarantine does not travel."""
    return NoteStanding(event.data.person_id, Source.QUARANTINE, is_barred=True, sequence=event.sequence)


def ended_quarantine(event: Event[quarantine.QuarantineEnded]) -> NoteStanding:
    """Quarantine is over; a contact who became F0 stays barred until F0 care was heard of."""
    return NoteStanding(
        event.data.person_id,
        Source.QUARANTINE,
        is_barred=False,
        sequence=event.sequence,
        is_handed_over=event.data.outcome is quarantine.Outcome.BECAME_F0,
    )


def to_event(fact: Fact) -> Payload:
    """Return the contract event of one of our facts."""
    match fact:
        case facts.PermitIssued():
            return _issued(fact)
        case facts.PermitSuspended():
            return contract.PermitSuspended(**_changed(fact))
        case facts.PermitReinstated():
            return contract.PermitReinstated(**_changed(fact))
        case facts.PermitRevoked():
            return contract.PermitRevoked(**_changed(fact))
        case facts.PermitExpired():
            return contract.PermitExpired(**_changed(fact))
        case PermitScanned():
            return _scanned(fact)
        case flags.FlagChanged():
            return _flag(fact)
        case facts.DirectiveChanged():
            return _directive(fact)
    raise TypeError(f"no event for {type(fact).__name__}")


def _of(fact: facts.AboutPermit) -> dict[str, Any]:
    return {
        "permit_id": fact.permit_id,
        "person_id": fact.person_id,
        "commune_code": fact.area.commune_code,
        "district_code": fact.area.district_code,
    }


def _changed(fact: facts.PermitChanged) -> dict[str, Any]:
    return {
        **_of(fact),
        "from_status": _STATUS[fact.from_status],
        "to_status": _STATUS[fact.to_status],
        "reason": contract.ChangeReason(fact.why.value),
    }


def _issued(fact: facts.PermitIssued) -> Payload:
    return contract.PermitIssued(
        **_of(fact),
        category=fact.terms.category,
        policy=fact.policy,
        areas=fact.terms.areas,
        valid_from=fact.terms.valid_from,
        valid_until=fact.terms.valid_until,
        status=contract.Status.ACTIVE,
    )


def _scanned(fact: PermitScanned) -> Payload:
    scan = fact.scan
    return contract.PermitScanned(
        scan_id=scan.scan_id,
        permit_id=scan.permit_id,
        person_id=scan.person_id,
        checkpoint_id=scan.checkpoint.checkpoint_id,
        checkpoint_name=scan.checkpoint.name,
        commune_code=scan.checkpoint.area.commune_code,
        district_code=scan.checkpoint.area.district_code,
        verdict=contract.Verdict(scan.judgement.verdict.value),
        reason_code=str(scan.judgement.reason),
        mode=contract.Mode(scan.mode.value),
        scanned_at=scan.scanned_at,
        received_at=scan.received_at,
        list_age_seconds=scan.list_age_seconds,
    )


def _flag(fact: flags.FlagChanged) -> Payload:
    flag = fact.flag
    about: dict[str, Any] = {
        "permit_id": fact.subject,
        "person_id": flag.person_id,
        "checkpoint_id": flag.subject if flag.kind is flags.Kind.CHECKPOINT else None,
        "checkpoint_name": flag.place_name,
        "commune_code": flag.area.commune_code,
        "district_code": flag.area.district_code,
        "from_signals": fact.from_signals,
        "to_signals": flag.signals,
        "revision": flag.revision,
    }
    if isinstance(fact, flags.PermitFlagCleared):
        return contract.PermitFlagCleared(**about, cleared_at=fact.at)
    evidence = tuple(_evidence(piece) for piece in flag.standing[:MOST_EVIDENCE])
    return contract.PermitFlagged(
        **about,
        begun_at=flag.since or fact.at,
        last_seen_at=flag.latest_at or fact.at,
        evidence=evidence,
    )


def _evidence(piece: Evidence) -> contract.FlagEvidence:
    return contract.FlagEvidence(
        signal=contract.Signal(piece.signal.value),
        at=piece.at,
        scan_ids=piece.scan_ids,
        checkpoint_ids=piece.checkpoint_ids,
        other_permit_id=piece.other_permit_id or None,
        distance_km=piece.distance_km,
        minutes_apart=piece.minutes_apart,
        kmh=piece.kmh,
        reason_code=piece.reason or None,
    )


def _directive(fact: facts.DirectiveChanged) -> Payload:
    return contract.DirectiveChanged(
        area_code=fact.area_code,
        from_directive=contract.Directive(str(fact.from_directive)),
        to_directive=contract.Directive(str(fact.to_directive)),
        effective_at=fact.effective_at,
        document=fact.document,
    )
