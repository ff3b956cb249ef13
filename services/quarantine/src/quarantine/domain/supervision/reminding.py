"""Nhắc điểm danh: once, after a share of the window, whoever has neither answered nor looked."""

from dataclasses import replace
from datetime import datetime, timedelta

from common.kernel.clock import VIETNAM
from common.kernel.decision import Fact, Timer
from quarantine.domain.supervision.facts import CheckInReminded
from quarantine.domain.supervision.model import CheckIn, Supervision
from quarantine.domain.supervision.rules import WatchBook

REMIND = "remind"
"""Name of the timer."""
LEAST_LEFT = timedelta(minutes=2)
"""Less time than this before the deadline is not enough to read a message, open the page and answer."""


def timers(request: CheckIn, book: WatchBook) -> tuple[Timer, ...]:
    """Return when *request* is to be reminded of, if it still is."""
    share = book.at(request.asked_at).remind_after
    if share is None or request.is_reminder_over or request.seen_at is not None:
        return ()
    return (Timer(REMIND, request.asked_at + share * (request.answer_by - request.asked_at)),)


def remind(state: Supervision, book: WatchBook, now: datetime) -> tuple[Supervision, tuple[Fact, ...]]:
    """Tell that somebody should be reminded; not outside the allowed hours, and not when it is of no use."""
    request = state.open
    if request is None or request.is_reminder_over or request.seen_at is not None:
        return state, ()
    rules = book.at(request.asked_at)
    passed = replace(state, open=replace(request, is_reminder_over=True))
    is_allowed = rules.opens <= now.astimezone(VIETNAM).time() < rules.closes
    if not is_allowed or request.answer_by - now < LEAST_LEFT:
        return passed, ()
    return passed, (CheckInReminded(state.person_id, state.area, request.request_id, request.answer_by),)


def seen(state: Supervision, request_id: str, now: datetime) -> Supervision:
    """Note that a phone shows the open request; an older one, or one that was seen, changes nothing."""
    request = state.open
    if request is None or request.request_id != request_id or request.seen_at is not None:
        return state
    return replace(state, open=replace(request, seen_at=now))
