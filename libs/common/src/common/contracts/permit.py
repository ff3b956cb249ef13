"""Facts of the permit service: permits, scans at checkpoints, directives in force."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from common.contracts.base import (
    AreaCode,
    Code,
    CommuneCode,
    DistrictCode,
    Document,
    Id,
    Instant,
    Payload,
    PersonFact,
)

PERMITS = "permit.permits.v1"
SCANS = "permit.scans.v1"
DIRECTIVES = "permit.directives.v1"
DECISIONS = "permit.decisions.v1"
GATE = "permit.gate.v1"


class Status(StrEnum):
    """Standing of a permit."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"


class ChangeReason(StrEnum):
    """Why a permit changed: the person's standing, an officer, fraud, a directive, the calendar."""

    STANDING = "standing"
    OFFICER = "officer"
    FRAUD = "fraud"
    DIRECTIVE = "directive"
    EXPIRY = "expiry"


class Verdict(StrEnum):
    """What the officer at the checkpoint is told."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    CHECK = "check"


class Mode(StrEnum):
    """Whether the scanner could ask the server."""

    ONLINE = "online"
    OFFLINE = "offline"


class Directive(StrEnum):
    """Chỉ thị in force in an area."""

    NONE = "none"
    DIRECTIVE_15 = "15"
    DIRECTIVE_16 = "16"
    DIRECTIVE_19 = "19"


class PermitFact(PersonFact):
    """A fact about one permit and its holder."""

    key: ClassVar[str] = "permit_id"
    topic: ClassVar[str] = PERMITS

    permit_id: Id


class PermitIssued(PermitFact):
    """A travel permit (giấy đi đường) was granted."""

    type: ClassVar[str] = "permit.permit-issued.v1"

    category: Code
    policy: Code
    areas: tuple[AreaCode, ...] = ()
    valid_from: Instant
    valid_until: Instant
    status: Status


class PermitSuspended(PermitFact):
    """A permit does not count for the time being."""

    type: ClassVar[str] = "permit.permit-suspended.v1"

    from_status: Status
    to_status: Status
    reason: ChangeReason


class PermitReinstated(PermitFact):
    """A suspended permit counts again."""

    type: ClassVar[str] = "permit.permit-reinstated.v1"

    from_status: Status
    to_status: Status
    reason: ChangeReason


class PermitRevoked(PermitFact):
    """A permit was withdrawn for good."""

    type: ClassVar[str] = "permit.permit-revoked.v1"

    from_status: Status
    to_status: Status
    reason: ChangeReason


class PermitExpired(PermitFact):
    """A permit reached the end of its validity."""

    type: ClassVar[str] = "permit.permit-expired.v1"

    from_status: Status
    to_status: Status
    reason: ChangeReason = ChangeReason.EXPIRY


class AppealVerdict(StrEnum):
    """How an appeal was answered."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"


class PermitAppealed(PermitFact):
    """The holder or employer objects to a decision about a permit (khiếu nại)."""

    type: ClassVar[str] = "permit.permit-appealed.v1"

    appeal_id: Id
    status: Code
    """How the permit stood: refused, suspended, revoked; issued where it was narrowed."""
    answer_due_at: Instant


class AppealAnswered(PermitFact):
    """Somebody else looked at the decision again."""

    type: ClassVar[str] = "permit.appeal-answered.v1"

    appeal_id: Id
    verdict: AppealVerdict
    is_late: bool


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


class DirectiveChanged(Payload):
    """Another directive is in force in an area."""

    type: ClassVar[str] = "permit.directive-changed.v1"
    topic: ClassVar[str] = DIRECTIVES
    key: ClassVar[str] = "area_code"

    area_code: AreaCode
    from_directive: Directive
    to_directive: Directive
    effective_at: Instant
    document: Document


class DecisionRecorded(Payload):
    """
    One entry of the chained record of decisions (nhật ký quyết định).

    A chain is the file of one holder (its pseudonym) or one area (`area-` and its code). *digest* is keyed
    and covers every other field; *because* commits to a sealed reason without saying it.
    """

    type: ClassVar[str] = "permit.decision-recorded.v1"
    topic: ClassVar[str] = DECISIONS
    key: ClassVar[str] = "chain_id"

    chain_id: Id
    entry_number: Annotated[int, Field(ge=1)]
    recorded_at: Instant
    act: Code
    by: Id
    area_codes: tuple[AreaCode, ...]
    permit_id: Id | None = None
    category: Code | None = None
    from_status: Code | None = None
    to_status: Code | None = None
    policy: Code | None = None
    rule: Code | None = None
    because: Id | None = None
    document: Document | None = None
    previous: Id | None = None
    digest: Id


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
