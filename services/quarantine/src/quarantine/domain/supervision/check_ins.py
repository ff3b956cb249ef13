"""Điểm danh bất chợt: asking, answering, missing; and when the next one comes."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from common.kernel.decision import Fact, Timer
from common.kernel.ids import derived_id
from quarantine.domain.model import Place
from quarantine.domain.supervision import reminding
from quarantine.domain.supervision.commands import AnswerCheckIn, AskForCheckIn, AttachPhoto
from quarantine.domain.supervision.drawing import next_time
from quarantine.domain.supervision.errors import CheckInAlreadyAsked, CheckInNotAsked, NotSupervised
from quarantine.domain.supervision.facts import CheckInAnswered, CheckInMissed, CheckInRequested
from quarantine.domain.supervision.ladder import missed
from quarantine.domain.supervision.model import CheckIn, Duty, Miss, Supervision, Verdict
from quarantine.domain.supervision.rules import WatchBook

ASK, ANSWER, CLIMB = "ask", "answer", "climb"
"""Names of the timers: the next random request, the deadline of the open one, the next rung."""
CHECK_INS_KEPT = 6

Told = tuple[Supervision, tuple[Fact, ...]]


def is_checked_at_home(state: Supervision) -> bool:
    """Tell whether the person is asked at all: in a facility others look after that."""
    return state.is_open and state.stay is not None and state.stay.place is Place.HOME


def timers(state: Supervision, book: WatchBook) -> tuple[Timer, ...]:
    """Return what is pending for *state*."""
    pending = []
    if state.stay is not None and is_checked_at_home(state):
        after = state.asked_until or state.stay.since
        at = next_time(state.person_id, after, state.stay.starts_on, state.stay.ends_on, book)
        pending += [Timer(ASK, at)] if at else []
    if state.open is not None:
        pending.append(Timer(ANSWER, state.open.answer_by + book.at(state.open.asked_at).grace))
        pending += reminding.timers(state.open, book)
    if state.step is not None and state.step.climbs_at is not None:
        pending.append(Timer(CLIMB, state.step.climbs_at))
    return tuple(pending)


def ask_at_random(state: Supervision, due_at: datetime, book: WatchBook, now: datetime) -> Told:
    """Ask at a drawn time. What comes too late, or beside an open request, is left out: nobody missed it."""
    passed = replace(state, asked_until=due_at)
    is_late = now - due_at > book.at(due_at).latest
    if is_late or state.open is not None or not is_checked_at_home(state):
        return passed, ()
    return _asked(passed, derived_id("check-in", state.person_id, due_at.isoformat()), book, now)


def ask_now(state: Supervision, command: AskForCheckIn, book: WatchBook, now: datetime) -> Told:
    """Ask because an officer wants to know."""
    if not is_checked_at_home(state):
        raise NotSupervised("Chỉ điểm danh được người đang cách ly tại nhà.")
    if state.open is not None:
        raise CheckInAlreadyAsked("Người này vừa được yêu cầu điểm danh. Hãy chờ trả lời hoặc hết giờ.")
    return _asked(state, command.request_id, book, now)


def _asked(state: Supervision, request_id: str, book: WatchBook, now: datetime) -> Told:
    request = CheckIn(request_id, now, now + book.at(now).window)
    fact = CheckInRequested(state.person_id, state.area, request_id, now, request.answer_by)
    return replace(state, open=request), (fact,)


def not_answered(state: Supervision) -> Told:
    """The deadline of the open request passed."""
    if state.open is None:
        return state, ()
    request = replace(state.open, is_missed=True)
    fact = CheckInMissed(state.person_id, state.area, request.request_id, request.answer_by)
    closed = replace(state, open=None, recent=_kept(state, request))
    return missed(closed, Miss(request.answer_by, Duty.CHECK_IN)), (fact,)


def answer(
    state: Supervision, command: AnswerCheckIn, book: WatchBook, now: datetime
) -> tuple[Supervision, tuple[Fact, ...], dict[str, Any]]:
    """Take an answer, also a late one; the same request is answered once."""
    request = _request(state, command.request_id)
    if request.answered_at is not None:
        return state, (), _said(request, registered=False)
    # Somebody moved the fence while the phone was answering: look again another time.
    is_same_fence = state.home == command.measured_from
    verdict = command.verdict if is_same_fence else Verdict.UNCLEAR
    answered = replace(
        request,
        answered_at=now,
        verdict=verdict,
        is_mock=command.is_mock,
        evidence="" if verdict is Verdict.INSIDE else command.evidence,
    )
    registers = verdict is Verdict.INSIDE and not state.home
    open_request = state.open if state.open and state.open.request_id != request.request_id else None
    taken = replace(
        state,
        open=open_request,
        recent=_kept(state, answered),
        home=command.home if registers else state.home,
        unreachable_at=None,
    )
    fact = CheckInAnswered(
        state.person_id, state.area, request.request_id, now, verdict, request.is_missed, command.is_mock
    )
    return _after(taken, verdict, book, now), (fact,), _said(answered, registered=registers)


def attach(state: Supervision, command: AttachPhoto) -> Supervision:
    """Note that a photo came with a check-in; the first one stands, and nobody else is told."""
    request = _request(state, command.request_id)
    if request.photo:
        return state
    pictured = replace(request, photo=command.photo)
    if state.open is not None and state.open.request_id == request.request_id:
        return replace(state, open=pictured)
    return replace(state, recent=_kept(state, pictured))


def _after(state: Supervision, verdict: Verdict, book: WatchBook, now: datetime) -> Supervision:
    """Only an answer from inside climbs down; unclear ones in a row are as good as none."""
    if verdict is Verdict.INSIDE:
        return replace(state, checked_in_at=now, unclear_in_a_row=0)
    if verdict is Verdict.OUTSIDE:
        return replace(state, unclear_in_a_row=0)
    unclear = state.unclear_in_a_row + 1
    if unclear < book.at(now).unclear_in_a_row:
        return replace(state, unclear_in_a_row=unclear)
    return missed(replace(state, unclear_in_a_row=0), Miss(now, Duty.CHECK_IN))


def _request(state: Supervision, request_id: str) -> CheckIn:
    known = (*([state.open] if state.open else []), *state.recent)
    found = next((one for one in known if one.request_id == request_id), None)
    if found is None:
        raise CheckInNotAsked("Không có yêu cầu điểm danh này hoặc đã quá lâu. Hãy mở lại trang.")
    return found


def _kept(state: Supervision, request: CheckIn) -> tuple[CheckIn, ...]:
    others = tuple(one for one in state.recent if one.request_id != request.request_id)
    return tuple(sorted((*others, request), key=lambda one: one.asked_at))[-CHECK_INS_KEPT:]


def _said(request: CheckIn, *, registered: bool) -> dict[str, Any]:
    return {
        "request_id": request.request_id,
        "verdict": request.verdict.value if request.verdict else None,
        "is_late": request.is_missed,
        "is_home_registered": registered,
        "answered_at": request.answered_at.isoformat() if request.answered_at else None,
    }
