"""When a declaration is the same one again, and when it is refused because the illness is known."""

from common.kernel.clock import local_day
from f0_monitoring.domain.case_lists import UNDONE_REASON
from f0_monitoring.domain.commands import DeclarePatient
from f0_monitoring.domain.errors import AlreadyDeclared, AlreadyEnded
from f0_monitoring.domain.model import CareState, Patient


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
    if not command.source or state.closed_on is None or command.tested_on > state.closed_on:
        return
    last = state.history[-1]
    if last.reason == UNDONE_REASON:
        return
    day = f"{local_day(last.at):%d/%m/%Y}"
    if state.care is CareState.WRONGLY_DECLARED:
        raise AlreadyEnded(f"Đã đóng ngày {day} vì khai báo nhầm. Nếu đúng là F0, hãy khai riêng người này.")
    raise AlreadyEnded(f"Đợt bệnh này đã kết thúc ngày {day}. Nếu mắc lại, hãy khai riêng người này.")
