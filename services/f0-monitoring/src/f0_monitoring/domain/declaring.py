"""When a declaration is the same one again, and when it is refused because the illness is known."""

from dataclasses import dataclass
from datetime import datetime

from common.kernel.clock import local_day
from f0_monitoring.domain.case_lists import UNDONE_REASON
from f0_monitoring.domain.commands import DeclarePatient
from f0_monitoring.domain.errors import AlreadyDeclared, AlreadyEnded
from f0_monitoring.domain.model import CareState, Origin, Patient


@dataclass(frozen=True, slots=True)
class OpenFromFact:
    """A fact, told at *told_at*, says that somebody is an F0: open a record unless that is known."""

    declaration: DeclarePatient
    told_at: datetime

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.declaration.person_id


@dataclass(frozen=True, slots=True)
class OpenConfirmed:
    """The station confirmed a person's own declaration; the door to the records reads its sealed form."""

    person_id: str
    declaration_id: str
    told_at: datetime

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this will open."""
        return self.person_id


def is_old_news(state: Patient | None, command: OpenFromFact) -> bool:
    """Tell whether the record knows: it is open, came from this very fact, or was closed after the fact."""
    if state is None:
        return False
    is_known = not state.is_closed or state.source == command.declaration.source
    return is_known or command.told_at <= state.history[-1].at


def is_same_again(state: Patient | None, command: DeclarePatient) -> bool:
    """Tell whether this very source has opened the record already; doing it again changes nothing."""
    return state is not None and bool(command.source) and state.source == command.source


def refuse_known_illness(state: Patient | None, command: DeclarePatient) -> None:
    """
    Refuse a second record of somebody under care, and a source that tells an old illness again.

    An officer who fills in the form may open a new episode at any time. A list or a fact may be an old one
    that comes again: a test from before the last record ended says nothing new. What was closed only because
    its list was undone is declared again by the mended list.
    """
    if state is None:
        return
    if not state.is_closed:
        raise AlreadyDeclared("Hãy mở hồ sơ đang có thay vì khai báo lần nữa.")
    is_list = bool(command.source) and command.origin is Origin.OFFICER  # of facts, see `is_old_news`
    if not is_list or state.closed_on is None or command.tested_on > state.closed_on:
        return
    last = state.history[-1]
    if last.reason == UNDONE_REASON:
        return
    day = f"{local_day(last.at):%d/%m/%Y}"
    if state.care is CareState.WRONGLY_DECLARED:
        raise AlreadyEnded(f"Đã đóng ngày {day} vì khai báo nhầm. Nếu đúng là F0, hãy khai riêng người này.")
    raise AlreadyEnded(f"Đợt bệnh này đã kết thúc ngày {day}. Nếu mắc lại, hãy khai riêng người này.")
