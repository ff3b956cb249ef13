"""Facts of the permit service: permits, directives, decisions; those of checkpoints come from `gate`."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from common.contracts.base import AreaCode, Code, Document, Id, Instant, Payload, PersonFact
from common.contracts.permit.gate import (
    GATE,
    SCANS,
    FlagEvidence,
    FlagFact,
    GateActionTaken,
    Mode,
    PermitFlagCleared,
    PermitFlagged,
    PermitScanned,
    Signal,
    Verdict,
)

__all__ = [
    "GATE",
    "SCANS",
    "FlagEvidence",
    "FlagFact",
    "GateActionTaken",
    "Mode",
    "PermitFlagCleared",
    "PermitFlagged",
    "PermitScanned",
    "Signal",
    "Verdict",
]
"""What belongs to checkpoints is kept in `gate` and read here, too."""

PERMITS = "permit.permits.v1"
DIRECTIVES = "permit.directives.v1"
DECISIONS = "permit.decisions.v1"


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


class ApplicantAsked(PermitFact):
    """An officer asks the applicant something before deciding (hỏi thêm); the text stays with us."""

    type: ClassVar[str] = "permit.applicant-asked.v1"

    question_id: Id


class ApplicantAnswered(PermitFact):
    """The applicant answered; the application waits for an officer again."""

    type: ClassVar[str] = "permit.applicant-answered.v1"

    question_id: Id
    answer_due_at: Instant
    """When the application should be decided; it stood still while the applicant was asked."""


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


class DirectiveWithdrawn(Payload):
    """
    An order that was told by DirectiveChanged was taken back before its minute.

    *from_directive* will not come into force at *effective_at*; *to_directive* holds there instead.
    """

    type: ClassVar[str] = "permit.directive-withdrawn.v1"
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
