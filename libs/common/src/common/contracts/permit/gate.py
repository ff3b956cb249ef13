"""Facts of checkpoints: scans, what officers did, and what stands against permits."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from common.contracts.base import Code, CommuneCode, DistrictCode, Id, Instant, Payload

SCANS = "permit.scans.v1"
GATE = "permit.gate.v1"


class Verdict(StrEnum):
    """What the officer at the checkpoint is told."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    CHECK = "check"


class Mode(StrEnum):
    """Whether the scanner could ask the server."""

    ONLINE = "online"
    OFFLINE = "offline"


class PermitScanned(Payload):
    """
    A permit was checked at a checkpoint; commune and district are those of the checkpoint.

    *permit_id* is what the QR names, or the word `unreadable` when it names none.
    """

    type: ClassVar[str] = "permit.permit-scanned.v1"
    topic: ClassVar[str] = SCANS
    key: ClassVar[str] = "permit_id"
    sequenced: ClassVar[bool] = False

    scan_id: Id
    permit_id: Id
    person_id: Id | None = None
    checkpoint_id: Id
    checkpoint_name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    commune_code: CommuneCode
    district_code: DistrictCode
    verdict: Verdict
    reason_code: Code
    mode: Mode
    scanned_at: Instant
    received_at: Instant
    list_age_seconds: Annotated[int, Field(ge=0)] | None = None
    """Age of the scanner's list of suspended permits when it decided offline."""


class Signal(StrEnum):
    """A sign of fraud: advisory, shown by scans that contradict each other."""

    IMPOSSIBLE_TRAVEL = "impossible-travel"
    TWO_PLACES_AT_ONCE = "two-places-at-once"
    PLATE_ON_TWO_PERMITS = "plate-on-two-permits"
    REPEATED_TAMPERING = "repeated-tampering"
    DEAD_KEY = "dead-key"


class FlagEvidence(BaseModel):
    """One sign and the scans that show it."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    signal: Signal
    at: Instant
    scan_ids: tuple[Id, ...]
    checkpoint_ids: tuple[Id, ...]
    other_permit_id: Id | None = None
    """The permit of somebody else that names the same plate."""
    distance_km: float | None = None
    """As the crow flies."""
    minutes_apart: float | None = None
    kmh: int | None = None
    """The least speed that would explain it, every doubt about clocks granted."""
    reason_code: Code | None = None


class FlagFact(Payload):
    """
    Something stands against a permit, or against the traffic of a checkpoint; advisory.

    *permit_id* is the word `unreadable` for a checkpoint, which is then named. Commune and district are
    those of the permit's holder, else of the checkpoint. *revision* orders the facts of one flag.
    """

    topic: ClassVar[str] = SCANS
    key: ClassVar[str] = "permit_id"
    sequenced: ClassVar[bool] = False

    permit_id: Id
    person_id: Id | None = None
    checkpoint_id: Id | None = None
    checkpoint_name: Annotated[str, StringConstraints(max_length=200)] = ""
    """Where it was seen last."""
    commune_code: CommuneCode
    district_code: DistrictCode
    from_signals: tuple[Signal, ...]
    to_signals: tuple[Signal, ...]
    revision: Annotated[int, Field(ge=1)]


class PermitFlagged(FlagFact):
    """New evidence stands against a permit or a checkpoint's traffic."""

    type: ClassVar[str] = "permit.permit-flagged.v1"

    begun_at: Instant
    last_seen_at: Instant
    evidence: tuple[FlagEvidence, ...]


class PermitFlagCleared(FlagFact):
    """An officer looked into it: nothing stands any more."""

    type: ClassVar[str] = "permit.permit-flag-cleared.v1"

    cleared_at: Instant


class GateActionTaken(Payload):
    """
    An officer at a checkpoint found that a paper was not the bearer's, or decided otherwise than the scanner.

    What the officer wrote stays with the permit service.
    """

    type: ClassVar[str] = "permit.gate-action-taken.v1"
    topic: ClassVar[str] = GATE
    key: ClassVar[str] = "checkpoint_id"
    sequenced: ClassVar[bool] = False

    action_id: Id
    act: Code
    """`differed`, `let-pass`, `turned-back`, `emergency`."""
    reason_code: Code
    told_reason_code: Code | None = None
    """What the scanner had said; absent where there was no permit."""
    checkpoint_id: Id
    checkpoint_name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    commune_code: CommuneCode
    district_code: DistrictCode
    permit_id: Id | None = None
    scan_id: Id | None = None
    acted_at: Instant
    received_at: Instant
