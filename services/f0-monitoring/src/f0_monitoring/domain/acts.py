"""What people who look after a patient can do, and what is told of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.kernel.areas import Actor, Area
from f0_monitoring.domain.model import Level


class CallResult(StrEnum):
    """How a call went: gặp được, không nghe máy, sai số."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


class KnockResult(StrEnum):
    """What the commune found at the door."""

    WELL = "well"
    NEEDS_CARE = "needs_care"
    NOT_THERE = "not_there"


class MedicineBag(StrEnum):
    """Túi thuốc A, B, C."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Act:
    """A wish about one patient; *words_id* is where its sealed words are kept, if there are any."""

    person_id: str
    by: Actor
    words_id: str = ""

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class Take(Act):
    """Tôi nhận: be the one who is at it, or give the patient back (*gives_back*)."""

    gives_back: bool = False


@dataclass(frozen=True, slots=True)
class PutAside(Act):
    """Hoãn nhắc for some minutes."""

    minutes: int = 30


@dataclass(frozen=True, slots=True)
class BringBack(Act):
    """Take the patient up again before the time is up."""


@dataclass(frozen=True, slots=True)
class LogCall(Act):
    """Somebody phoned."""

    result: CallResult = CallResult.REACHED


@dataclass(frozen=True, slots=True)
class GiveMedicine(Act):
    """A bag of medicine, or a prescription in words (*bag* None)."""

    bag: MedicineBag | None = None


@dataclass(frozen=True, slots=True)
class AskKnock(Act):
    """Nhờ xã gõ cửa within some minutes."""

    minutes: int = 60


@dataclass(frozen=True, slots=True)
class AnswerKnock(Act):
    """Somebody was there; *result* None: nobody needs to go any more."""

    result: KnockResult | None = None


@dataclass(frozen=True, slots=True)
class ActFact:
    """Something was done about a patient; *by* is empty when the clock did it."""

    person_id: str
    area: Area
    at: datetime
    by: str

    @property
    def subject(self) -> str:
        """Facts about one person stay in order."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class PatientAcknowledged(ActFact):
    """Somebody took the patient in hand, or gave the patient back."""

    is_taken: bool


@dataclass(frozen=True, slots=True)
class PatientSnoozed(ActFact):
    """The patient was put aside."""

    until: datetime
    level: Level
    words_id: str


@dataclass(frozen=True, slots=True)
class SnoozeEnded(ActFact):
    """The patient is back in the worklist."""

    because: str


@dataclass(frozen=True, slots=True)
class CallLogged(ActFact):
    """Somebody phoned."""

    result: CallResult
    unanswered: int
    words_id: str


@dataclass(frozen=True, slots=True)
class MedicineGiven(ActFact):
    """Medicine was given."""

    bag: MedicineBag | None
    words_id: str


@dataclass(frozen=True, slots=True)
class KnockAsked(ActFact):
    """The commune is asked to go there."""

    due_at: datetime
    level: Level
    words_id: str


@dataclass(frozen=True, slots=True)
class KnockAnswered(ActFact):
    """Somebody was there, or nobody needs to go any more."""

    result: KnockResult | None
    words_id: str
