"""
Giấy tờ cách ly: what a printed order or certificate says, and whether that still holds.

A paper says the terms of a stay as they were when it was printed. The same terms give the same number, so
printing twice makes one paper; other terms give another number, and the old one then verifies as changed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from common.kernel.decision import Decision
from common.kernel.errors import DomainError, Kind
from quarantine.domain.model import Case, Outcome, Place, Stay
from quarantine.domain.standing import ending


class NoPaper(DomainError):
    """The stay is not such that this paper can be given."""

    slug: ClassVar[str] = "no-such-paper"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Chưa có giấy này"


class PaperKind(StrEnum):
    """Quyết định cách ly, or giấy xác nhận hoàn thành."""

    ORDER = "order"
    COMPLETION = "completion"


class PaperState(StrEnum):
    """What has become of what a paper says."""

    TRUE = "true"
    OVER = "over"
    """It was so, and the stay has ended since."""
    CHANGED = "changed"
    """Other days or another place hold now."""
    WITHDRAWN = "withdrawn"
    """It should never have been given."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a paper says of a stay. Both days are included; of a certificate the last is that of its end."""

    kind: PaperKind
    person_id: str
    ordered_at: datetime
    place: Place
    first_day: date
    last_day: date
    issued_at: datetime

    @property
    def text(self) -> str:
        """The terms in one line, by which they have their number."""
        days = f"{self.first_day.isoformat()}/{self.last_day.isoformat()}"
        return f"{self.kind}:{self.person_id}:{self.ordered_at.isoformat()}:{self.place}:{days}"


def terms_of(case: Case, kind: PaperKind) -> Terms:
    """Return what a paper of *kind* says now; `NoPaper` if there is none to give."""
    stay, ended = case.stay, ending(case)
    if stay is None:
        raise NoPaper("Người này chưa có quyết định cách ly.")
    if kind is PaperKind.ORDER:
        if ended is not None:
            raise NoPaper("Đợt cách ly đã kết thúc nên không in quyết định nữa.")
        return _terms(case.person_id, kind, stay, stay.ends_on, stay.ordered_at)
    if ended is None or ended.outcome is not Outcome.COMPLETED:
        raise NoPaper("Chỉ có giấy xác nhận khi đã hoàn thành đủ ngày cách ly và cán bộ đã kết thúc.")
    return _terms(case.person_id, kind, stay, max(ended.on, stay.starts_on), ended.at)


def _terms(person_id: str, kind: PaperKind, stay: Stay, last_day: date, issued_at: datetime) -> Terms:
    return Terms(kind, person_id, stay.ordered_at, stay.place, stay.starts_on, last_day, issued_at)


def state_of(terms: Terms, case: Case | None) -> PaperState:
    """Tell whether what a paper says is still so, by the file as it is now."""
    stay = case.stay if case else None
    if case is None or stay is None:
        return PaperState.WITHDRAWN
    if stay.ordered_at != terms.ordered_at:
        return _of_the_past(terms, case)
    ended = ending(case)
    if ended and ended.outcome is Outcome.WRONG_ENTRY:
        return PaperState.WITHDRAWN
    if terms.kind is PaperKind.COMPLETION:
        return PaperState.TRUE if ended and ended.outcome is Outcome.COMPLETED else PaperState.WITHDRAWN
    if ended:
        return PaperState.OVER
    is_same = (stay.place, stay.starts_on, stay.ends_on) == (terms.place, terms.first_day, terms.last_day)
    return PaperState.TRUE if is_same else PaperState.CHANGED


def _of_the_past(terms: Terms, case: Case) -> PaperState:
    """An earlier stay: only the line about it is left, found by its first day."""
    lines = [past for past in case.past if past.starts_on == terms.first_day]
    outcome = lines[-1].outcome if lines else None
    if outcome is Outcome.WRONG_ENTRY:
        return PaperState.WITHDRAWN
    if terms.kind is PaperKind.ORDER:
        return PaperState.OVER
    return PaperState.TRUE if outcome in (Outcome.COMPLETED, None) else PaperState.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was printed: by its number, what its code means is looked up online."""

    number: str
    terms: Terms
    printed_at: datetime
    printed_by: str


@dataclass(frozen=True, slots=True)
class KeepPaper:
    """Keep what was printed; the same paper again is the same row."""

    number: str
    terms: Terms
    by: str

    @property
    def aggregate_id(self) -> str:
        """The paper's number."""
        return self.number


def keep_paper(context: None, command: KeepPaper, rules: None, now: datetime) -> Decision[Paper]:  # noqa: ARG001
    """Keep one paper."""
    return Decision(Paper(command.number, command.terms, now, command.by), answer={"number": command.number})
