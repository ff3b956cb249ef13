"""Wishes addressed to the supervision of one person; *area* is where the person is looked after."""

from dataclasses import dataclass
from datetime import date, datetime

from common.kernel.areas import Actor, Area
from quarantine.domain.commands import ForPerson
from quarantine.domain.model import Place
from quarantine.domain.supervision.model import (
    BreachState,
    ContactKind,
    ContactResult,
    Duty,
    NeedKind,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Watching(ForPerson):
    """A command to one person's supervision, which begins with the first of them."""

    area: Area


@dataclass(frozen=True, slots=True)
class NoteStay(Watching):
    """The person is in quarantine since *at*."""

    sequence: int
    at: datetime
    place: Place
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class NoteEndMoved(Watching):
    """The last day moved."""

    sequence: int
    ends_on: date


@dataclass(frozen=True, slots=True)
class NoteElsewhere(Watching):
    """Another commune is responsible, or the person stays at another kind of place."""

    sequence: int
    place: Place


@dataclass(frozen=True, slots=True)
class NoteStayOver(Watching):
    """The quarantine is over."""

    sequence: int


@dataclass(frozen=True, slots=True)
class NoteMissed(Watching):
    """A daily declaration was not there by *due_at*."""

    due_at: datetime
    duty: Duty = Duty.DECLARATION


@dataclass(frozen=True, slots=True)
class NoteDeclared(Watching):
    """A declaration was filled in at *at*."""

    at: datetime


@dataclass(frozen=True, slots=True)
class NoteBreached(Watching):
    """The file told a breach."""

    evidence_id: str
    how: str
    at: datetime
    checkpoint_id: str = ""


@dataclass(frozen=True, slots=True)
class AskForCheckIn(Watching):
    """An officer asks for a check-in now."""

    by: Actor
    request_id: str


@dataclass(frozen=True, slots=True)
class AnswerCheckIn(Watching):
    """
    Trả lời điểm danh. The position was judged where it could be read: against *measured_from* (sealed).

    *home* is the sealed position to be registered if none is; *evidence* the sealed position.
    """

    request_id: str
    verdict: Verdict
    measured_from: str
    evidence: str = ""
    home: str = ""
    is_mock: bool = False


@dataclass(frozen=True, slots=True)
class NoteSeen(Watching):
    """A phone shows the request to somebody: no message need remind of it."""

    request_id: str


@dataclass(frozen=True, slots=True)
class AttachPhoto(Watching):
    """Ảnh chụp tại chỗ: *photo* is the SHA-256 of the sealed picture."""

    request_id: str
    photo: str


@dataclass(frozen=True, slots=True)
class SetHome(Watching):
    """An officer registers the position of the place of quarantine (sealed)."""

    by: Actor
    home: str


@dataclass(frozen=True, slots=True)
class LogContact(Watching):
    """Ghi cuộc gọi, lần đến nhà. *words* are sealed."""

    by: Actor
    contact_id: str
    kind: ContactKind
    result: ContactResult
    words: str = ""


@dataclass(frozen=True, slots=True)
class AskForHelp(Watching):
    """Cần lương thực, thuốc, việc khác. *words* are sealed."""

    by: Actor
    need_id: str
    kind: NeedKind
    words: str = ""


@dataclass(frozen=True, slots=True)
class AnswerHelp(Watching):
    """Đã giúp: what was done, sealed."""

    by: Actor
    need_id: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class FollowUpBreach(Watching):
    """Xử lý vi phạm: what was found out, sealed."""

    by: Actor
    evidence_id: str
    state: BreachState
    words: str


@dataclass(frozen=True, slots=True)
class ReportBreach(Watching):
    """Ghi vi phạm: an officer saw, or was told, that somebody left. *words* are sealed."""

    by: Actor
    evidence_id: str
    at: datetime
    words: str
