"""The course of care (F8): which state may follow which, and who moved it, when and why."""

from dataclasses import replace
from datetime import datetime

from common.kernel.clock import local_day
from f0_monitoring.domain import slots
from f0_monitoring.domain.errors import IllegalTransition
from f0_monitoring.domain.model import CLOSED, DECLARING, HISTORY_CAP, CareState, Patient, Step
from f0_monitoring.domain.rules import Course

S = CareState
LEGAL: dict[CareState, frozenset[CareState]] = {
    S.DECLARED: frozenset((S.AT_HOME, S.TRANSFERRING, S.RECOVERED, S.DIED, S.WRONGLY_DECLARED)),
    S.AT_HOME: frozenset((S.TRANSFERRING, S.RECOVERED, S.DIED, S.WRONGLY_DECLARED)),
    S.TRANSFERRING: frozenset((S.IN_HOSPITAL, S.AT_HOME, S.DIED, S.WRONGLY_DECLARED)),
    S.IN_HOSPITAL: frozenset((S.AT_HOME, S.TRANSFERRING, S.RECOVERED, S.DIED, S.WRONGLY_DECLARED)),
    S.RECOVERED: frozenset(),
    S.DIED: frozenset(),
    S.WRONGLY_DECLARED: frozenset(),
}
WORDS: dict[CareState, str] = {
    S.DECLARED: "đã khai báo",
    S.AT_HOME: "đang ở nhà",
    S.TRANSFERRING: "đang chuyển viện",
    S.IN_HOSPITAL: "đang nằm viện",
    S.RECOVERED: "khỏi bệnh",
    S.DIED: "tử vong",
    S.WRONGLY_DECLARED: "khai báo nhầm",
}


def require_legal(from_state: CareState, to_state: CareState) -> None:
    """Refuse what the course of care does not allow, saying what it does."""
    if to_state in LEGAL[from_state]:
        return
    if from_state is to_state:
        raise IllegalTransition(f"Hồ sơ đã ở trạng thái “{WORDS[to_state]}”. Không cần chuyển nữa.")
    following = [WORDS[state] for state in CareState if state in LEGAL[from_state]]
    allowed = f"Có thể chuyển sang: {', '.join(following)}." if following else "Hồ sơ đã kết thúc."
    raise IllegalTransition(
        f"Người bệnh {WORDS[from_state]} thì không chuyển sang “{WORDS[to_state]}” được. {allowed}"
    )


def moved(patient: Patient, to_state: CareState, step: Step, course: Course, now: datetime) -> Patient:
    """Return *patient* in *to_state*: declarations are owed only at home, and nothing once it is closed."""
    require_legal(patient.care, to_state)
    is_declaring = to_state in DECLARING
    was_declaring = patient.care in DECLARING
    return replace(
        patient,
        care=to_state,
        history=(*patient.history, step)[-HISTORY_CAP:],
        next_due_at=_duty(patient, course, now, is_declaring=is_declaring, was_declaring=was_declaring),
        missed_in_a_row=patient.missed_in_a_row if is_declaring and was_declaring else 0,
        doubt=None if to_state in CLOSED else patient.doubt,
        closed_on=local_day(now) if to_state in CLOSED else None,
    )


def _duty(
    patient: Patient, course: Course, now: datetime, *, is_declaring: bool, was_declaring: bool
) -> datetime | None:
    if not is_declaring:
        return None
    return patient.next_due_at if was_declaring else slots.first_due(course, now)
