"""What happened to permits, in the past tense. Each says what it changed as from and to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.kernel.areas import Area
from permit.domain.model import AppealVerdict, Status, Terms


class Why(StrEnum):
    """Why a permit changed."""

    STANDING = "standing"
    OFFICER = "officer"
    FRAUD = "fraud"
    DIRECTIVE = "directive"
    EXPIRY = "expiry"
    HOLDER = "holder"


@dataclass(frozen=True, slots=True)
class AboutPermit:
    """A fact about one permit of one person, counted in *area*."""

    permit_id: str
    person_id: str
    area: Area

    @property
    def subject(self) -> str:
        """Facts of one permit stay in order."""
        return self.permit_id


@dataclass(frozen=True, slots=True)
class PermitIssued(AboutPermit):
    """A permit is in force from now on."""

    policy: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class PermitChanged(AboutPermit):
    """The standing of an issued permit changed."""

    from_status: Status
    to_status: Status
    why: Why


@dataclass(frozen=True, slots=True)
class PermitSuspended(PermitChanged):
    """It does not count for now."""


@dataclass(frozen=True, slots=True)
class PermitReinstated(PermitChanged):
    """It counts again, until the end it always had."""


@dataclass(frozen=True, slots=True)
class PermitRevoked(PermitChanged):
    """It was ended by an officer."""


@dataclass(frozen=True, slots=True)
class PermitExpired(PermitChanged):
    """It reached its end."""


@dataclass(frozen=True, slots=True)
class Said(AboutPermit):
    """An officer or an applicant said something to the other; never the words."""


@dataclass(frozen=True, slots=True)
class ApplicantAsked(Said):
    """An officer needs to know more before deciding; the answer time stands still."""

    question_id: str


@dataclass(frozen=True, slots=True)
class ApplicantAnswered(Said):
    """The applicant answered; the application is due at *answer_by* now."""

    question_id: str
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class PermitAppealed(Said):
    """Its holder or employer objects to how it stands."""

    appeal_id: str
    status: Status
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class AppealAnswered(Said):
    """Somebody else looked again."""

    appeal_id: str
    verdict: AppealVerdict
    is_late: bool


@dataclass(frozen=True, slots=True)
class DirectiveChanged:
    """Another directive is, or will be, in force in an area."""

    area_code: str
    from_directive: str
    to_directive: str
    effective_at: datetime
    document: str

    @property
    def subject(self) -> str:
        """Facts of one area stay in order."""
        return self.area_code


@dataclass(frozen=True, slots=True)
class DirectiveWithdrawn(DirectiveChanged):
    """An order was taken back before its minute: *to_directive* is what holds from then on instead."""
