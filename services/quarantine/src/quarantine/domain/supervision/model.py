"""
What supervision knows about one person. It is fed by facts of the file and by what officers log.

What foreign facts may change is kept as registers and sets (the latest instant, the misses that stand), and
the ladder is derived from them: every order of arrival ends the same.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from common.kernel.areas import Area
from quarantine.domain.model import Place


class Duty(StrEnum):
    """What may be missed: the daily declaration (khai báo) or a check-in (điểm danh)."""

    DECLARATION = "declaration"
    CHECK_IN = "check_in"


class Rung(StrEnum):
    """Bậc xử lý: gọi điện, đến nhà, công an phối hợp."""

    CALL = "call"
    VISIT = "visit"
    POLICE = "police"


class Verdict(StrEnum):
    """Where an answer came from, as far as it shows. Poor accuracy is unclear, never outside."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNCLEAR = "unclear"


class ContactKind(StrEnum):
    """How an officer tried to reach somebody."""

    CALL = "call"
    VISIT = "visit"


class ContactResult(StrEnum):
    """What came of it. *unreachable*: wrong number, phone off, nobody knows them at the address."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"


class NeedKind(StrEnum):
    """Cần giúp: lương thực, thuốc, việc khác."""

    FOOD = "food"
    MEDICINE = "medicine"
    OTHER = "other"


class BreachState(StrEnum):
    """Xử lý vi phạm: chưa xử lý, đã giải trình, xác nhận vi phạm, khép lại."""

    OPEN = "open"
    EXPLAINED = "explained"
    CONFIRMED = "confirmed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, order=True)
class Miss:
    """A duty that was not answered by its deadline."""

    due_at: datetime
    duty: Duty


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One request. *evidence* is the sealed position, kept where the answer was not inside the fence."""

    request_id: str
    asked_at: datetime
    answer_by: datetime
    answered_at: datetime | None = None
    verdict: Verdict | None = None
    is_missed: bool = False
    is_mock: bool = False
    evidence: str = ""
    photo: str = ""
    """SHA-256 of the photo that came with it; empty for none."""
    seen_at: datetime | None = None
    """When a phone first showed it to somebody."""
    is_reminder_over: bool = False
    """A reminder was told, or its time passed without need of one."""


@dataclass(frozen=True, slots=True)
class Step:
    """The rung on which somebody stands, a task for an officer. On the last *climbs_at* is None."""

    task_id: str
    rung: Rung
    since: datetime
    climbs_at: datetime | None


@dataclass(frozen=True, slots=True)
class Contact:
    """A call or a visit as it was logged; *words* are sealed."""

    contact_id: str
    kind: ContactKind
    result: ContactResult
    at: datetime
    by: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """Help asked for by the person or noted by an officer; words are sealed."""

    need_id: str
    kind: NeedKind
    asked_at: datetime
    asked_by: str
    words: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach and what became of it. *evidence_id* names the scan, check-in or report that shows it."""

    evidence_id: str
    how: str
    at: datetime
    checkpoint_id: str = ""
    state: BreachState = BreachState.OPEN
    words: str = ""
    changed_at: datetime | None = None
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class StayKnown:
    """The latest word of the file about the stay."""

    sequence: int
    is_open: bool
    since: datetime
    """When the stay was ordered, or ordered again: what was missed before does not count."""
    place: Place
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Supervision:
    """Giám sát một người. One document per person, small: only the latest of every list is kept."""

    person_id: str
    area: Area
    stay: StayKnown | None = None
    asked_until: datetime | None = None
    """Random requests up to this instant were made or left out."""
    open: CheckIn | None = None
    recent: tuple[CheckIn, ...] = ()
    unclear_in_a_row: int = 0
    misses: tuple[Miss, ...] = ()
    """Those that nothing has answered, sorted."""
    declared_at: datetime | None = None
    checked_in_at: datetime | None = None
    settled_until: datetime | None = None
    """What an officer who reached the person keeps from ringing."""
    unreachable_at: datetime | None = None
    step: Step | None = None
    turns: int = 0
    """How often the ladder was begun, climbed or left: tells later news of it from earlier."""
    home: str = ""
    """Sealed position of the place of quarantine; empty until it is registered."""
    contacts: tuple[Contact, ...] = ()
    needs: tuple[Need, ...] = ()
    breaches: tuple[Breach, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether the person is in quarantine, as far as is known."""
        return self.stay is not None and self.stay.is_open

    @property
    def is_unreachable(self) -> bool:
        """Tell whether nothing was heard of the person since an officer found them out of reach."""
        heard = (self.declared_at, self.checked_in_at)
        return self.unreachable_at is not None and not any(at and at > self.unreachable_at for at in heard)
