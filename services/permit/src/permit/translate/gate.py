"""What happens at checkpoints, as events of the contract; and our own scans, coming back."""

from typing import Any, Final

from common.contracts import permit as contract
from common.contracts.base import Payload
from common.contracts.event import Event
from permit.domain.flags import FlagChanged, Kind, PermitFlagCleared, WatchScan
from permit.domain.gate_actions import GateActionTaken
from permit.domain.scans import PermitScanned
from permit.domain.signals import Evidence

MOST_EVIDENCE: Final = 6
"""The newest pieces say enough on the bus; the officer's page shows all."""


def recorded_scan(event: Event[contract.PermitScanned]) -> WatchScan:
    """Our own scan, stored by now: compare and count it."""
    return WatchScan(event.data.scan_id)


def scanned(fact: PermitScanned) -> Payload:
    """Something was shown at a checkpoint."""
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


def acted(fact: GateActionTaken) -> Payload:
    """An officer did more than scan."""
    action = fact.action
    return contract.GateActionTaken(
        action_id=action.action_id,
        act=str(action.act),
        reason_code=action.reason_code,
        told_reason_code=action.told or None,
        checkpoint_id=action.checkpoint.checkpoint_id,
        checkpoint_name=action.checkpoint.name,
        commune_code=action.checkpoint.area.commune_code,
        district_code=action.checkpoint.area.district_code,
        permit_id=action.permit_id,
        scan_id=action.scan_id,
        acted_at=action.acted_at,
        received_at=action.received_at,
    )


def flagged(fact: FlagChanged) -> Payload:
    """Something else stands against a permit, or against the traffic of a checkpoint."""
    flag = fact.flag
    about: dict[str, Any] = {
        "permit_id": fact.subject,
        "person_id": flag.person_id,
        "checkpoint_id": flag.subject if flag.kind is Kind.CHECKPOINT else None,
        "checkpoint_name": flag.place_name,
        "commune_code": flag.area.commune_code,
        "district_code": flag.area.district_code,
        "from_signals": fact.from_signals,
        "to_signals": flag.signals,
        "revision": flag.revision,
    }
    if isinstance(fact, PermitFlagCleared):
        return contract.PermitFlagCleared(**about, cleared_at=fact.at)
    evidence = tuple(_evidence(piece) for piece in flag.standing[:MOST_EVIDENCE])
    return contract.PermitFlagged(
        **about, begun_at=flag.since or fact.at, last_seen_at=flag.latest_at or fact.at, evidence=evidence
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
