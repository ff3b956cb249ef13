"""What may be asked of a person's file."""

from dataclasses import dataclass
from datetime import datetime

from common.kernel.areas import Actor, Area
from permit.domain.model import AppealVerdict, Hold, Outcome, Source, Terms


@dataclass(frozen=True, slots=True)
class Apply:
    """
    Ask for a permit.

    *directive* is the strictest one in force at home and on the way. *sealed* and *details* are
    personal data, sealed; *permit_id* comes from the request, so a repeat is the same permit.
    """

    person_id: str
    permit_id: str
    by: Actor
    area: Area
    directive: str
    terms: Terms
    sealed: str
    details: str
    blind: tuple[str, ...] = ()
    is_vouched: bool = True
    """False when an employer asks whose firm nobody confirmed: then no machine approves."""

    @property
    def aggregate_id(self) -> str:
        """The person's file."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class NoteStanding:
    """
    Another service began or ceased to bar a person; *sequence* orders the news of one source.

    *is_handed_over*: it ceased because the other source takes over (a contact became F0).
    """

    person_id: str
    source: Source
    is_barred: bool
    sequence: int
    is_handed_over: bool = False

    @property
    def aggregate_id(self) -> str:
        """The person's file."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class OnPermit:
    """An officer's act on one permit of a person; *note* is the sealed reason."""

    person_id: str
    permit_id: str
    by: Actor
    note: str = ""

    @property
    def aggregate_id(self) -> str:
        """The person's file."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class OnQueued(OnPermit):
    """A step in the review of a queued application."""


@dataclass(frozen=True, slots=True)
class SettleQueued(OnQueued):
    """Approve or refuse what a policy left to a person; *reason* is the sentence the applicant reads."""

    outcome: Outcome = Outcome.REFUSED
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawDecision(OnQueued):
    """Hoàn tác: the officer who just decided takes it back before it counts."""


@dataclass(frozen=True, slots=True)
class AskApplicant(OnQueued):
    """Hỏi thêm: give the application back; *text* is sealed, *question_id* comes from the request."""

    question_id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReplyToQuestion(OnQueued):
    """Answer what an officer asked; *text* is sealed."""

    question_id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Suspend(OnPermit):
    """Stop a permit for now."""

    hold: Hold = Hold.OFFICER


@dataclass(frozen=True, slots=True)
class Reinstate(OnPermit):
    """Lift what officers put on a permit. What other services say of the holder stays."""


@dataclass(frozen=True, slots=True)
class Revoke(OnPermit):
    """End a permit for good."""


@dataclass(frozen=True, slots=True)
class Cancel(OnPermit):
    """The holder, or the employer who applied for it, gives a permit back."""


@dataclass(frozen=True, slots=True)
class FileAppeal(OnPermit):
    """Object to what was decided; *text* is sealed, *appeal_id* comes from the request."""

    appeal_id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class AnswerAppeal(OnPermit):
    """Answer an objection; *sentence* is sealed and is what the applicant reads."""

    appeal_id: str = ""
    verdict: AppealVerdict = AppealVerdict.UPHELD
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Reevaluate:
    """
    See what the policies in force make of a person's granted permits, as from the minute *at*.

    *directives* names the strictest one at home and on the way of each permit.
    """

    person_id: str
    directives: tuple[tuple[str, str], ...]
    at: datetime

    @property
    def aggregate_id(self) -> str:
        """The person's file."""
        return self.person_id
