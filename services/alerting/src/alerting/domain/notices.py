"""
The call of one person about one alert: over their first channel, and over the next when that one fails.

A sender claims a notice, sends and reports, as with letters to units (`sending`): a sender that dies leaves a
claim that runs out, and the message goes again under the same key. What a channel took may still be reported
undelivered, or never be reported at all: then the next channel is tried as well.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from alerting.domain.rules import Sending
from common.kernel.decision import Decision

TRIES_WITH_NEXT: Final = 2
"""Tries before the next channel's turn: seconds count, and the ladder climbs after minutes."""
FAULT_CHARS: Final = 120
TRIES_KEPT: Final = 12


class NoticeState(StrEnum):
    """
    Where a notice stands.

    *sent*: a channel took it; *delivered*: and said that it arrived; *failed*: no channel is left;
    *dropped*: no longer needed before it left.
    """

    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one channel: `sent`, `delivered`, or a fault in a word that names nobody."""

    channel: str
    at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Notice:
    """
    One person's call. *plan* is their channels in order, *place* the one whose turn it is.

    *attempts* counts on this channel, *turn* over all: it names the report of a try. While *try_at* is set
    somebody may claim it from then on; after sending it is when a receipt must have come. *is_substitute*:
    others were called before.
    """

    notice_id: str
    alert_id: str
    step: int
    subject: str
    plan: tuple[str, ...]
    place: int = 0
    state: NoticeState = NoticeState.WAITING
    attempts: int = 0
    turn: int = 0
    try_at: datetime | None = None
    settled_at: datetime | None = None
    tries: tuple[Tried, ...] = ()
    is_substitute: bool = False

    @property
    def channel(self) -> str:
        """The channel whose turn it is."""
        return self.plan[self.place]

    @property
    def has_next(self) -> bool:
        """Tell whether another channel is left."""
        return self.place + 1 < len(self.plan)


@dataclass(frozen=True, slots=True)
class OnNotice:
    """A wish about one notice."""

    notice_id: str

    @property
    def aggregate_id(self) -> str:
        """Id of the notice."""
        return self.notice_id


@dataclass(frozen=True, slots=True)
class CallPerson(OnNotice):
    """Call somebody about an alert, not before *not_before* (their quiet hours, or others are on call)."""

    alert_id: str
    step: int
    subject: str
    plan: tuple[str, ...]
    not_before: datetime
    is_substitute: bool = False


@dataclass(frozen=True, slots=True)
class ClaimNotice(OnNotice):
    """A sender wants to try it now; *resting*: channels to pass over if there is another."""

    resting: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NoticeSent(OnNotice):
    """*channel* took it; a receipt is to come within *receipt_within*, None: none ever comes."""

    channel: str
    receipt_within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class NoticeFailed(OnNotice):
    """The try *turn* failed; *is_final*: so would every other over this channel."""

    turn: int
    fault: str
    is_final: bool = False
    after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class NoteReceipt(OnNotice):
    """*channel* says that the message arrived, or that it never will."""

    channel: str
    is_delivered: bool
    fault: str = ""


@dataclass(frozen=True, slots=True)
class DropNotice(OnNotice):
    """Nobody needs it any more: somebody took the alert, or it is over."""


def decide_notice(notice: Notice | None, command: Any, rules: Sending, now: datetime) -> Decision[Notice]:
    """Decide one command; no fact leaves: who was called how is shown beside the alert."""
    if isinstance(command, CallPerson):
        return Decision(_sooner(notice, command, now) if notice else _called(command, now))
    if not isinstance(command, OnNotice):
        raise TypeError(f"no decision for {type(command).__name__}")
    if notice is None:
        return Decision(None, answer={"claimed": False})
    if isinstance(command, ClaimNotice):
        return _claimed(notice, command, rules, now)
    return Decision(_changed(notice, command, rules, now))


def _changed(notice: Notice, command: OnNotice, rules: Sending, now: datetime) -> Notice:
    waits = notice.state is NoticeState.WAITING
    match command:
        case NoticeSent() if waits and notice.channel == command.channel:
            return _sent(notice, command, now)
        case NoticeFailed() if waits and notice.turn == command.turn:
            return _failed(notice, command, rules, now)
        case NoteReceipt():
            return _receipted(notice, command, now)
        case DropNotice() if notice.try_at is not None:
            return _settled(notice, NoticeState.DROPPED if waits else notice.state, now)
        case _:
            return notice


def _called(command: CallPerson, now: datetime) -> Notice:
    made = Notice(command.notice_id, command.alert_id, command.step, command.subject, command.plan)
    return replace(made, try_at=max(now, command.not_before), is_substitute=command.is_substitute)


def _sooner(notice: Notice, command: CallPerson, now: datetime) -> Notice:
    """Another rung wants somebody sooner whose turn has not come; what is under way stays as it is."""
    at, is_untried = max(now, command.not_before), notice.state is NoticeState.WAITING and notice.turn == 0
    if not is_untried or notice.try_at is None or at >= notice.try_at:
        return notice
    return replace(notice, step=command.step, try_at=at, is_substitute=command.is_substitute)


def _claimed(notice: Notice, command: ClaimNotice, rules: Sending, now: datetime) -> Decision[Notice]:
    if notice.try_at is None or now < notice.try_at:
        return Decision(notice, answer={"claimed": False})
    if notice.state is NoticeState.SENT:
        notice = _next(notice, "no receipt", now)
    elif notice.attempts >= _tries(notice, rules):
        notice = _next(notice, "senders died", now)
    while notice.try_at and notice.channel in command.resting and notice.has_next:
        notice = _next(notice, "channel is dead", now)
    if notice.try_at is None:
        return Decision(notice, answer={"claimed": False})
    held = replace(notice, attempts=notice.attempts + 1, turn=notice.turn + 1, try_at=now + rules.lease)
    answer = {"claimed": True, "channel": held.channel, "turn": held.turn}
    return Decision(held, answer=answer)


def _sent(notice: Notice, command: NoticeSent, now: datetime) -> Notice:
    sent = _noted(_settled(notice, NoticeState.SENT, now), command.channel, "sent", now)
    # Without another channel there is nothing to do about a receipt that stays away.
    waits = command.receipt_within is not None and notice.has_next
    return replace(sent, try_at=now + command.receipt_within) if waits and command.receipt_within else sent


def _failed(notice: Notice, command: NoticeFailed, rules: Sending, now: datetime) -> Notice:
    fault = command.fault[:FAULT_CHARS]
    if command.is_final or notice.attempts >= _tries(notice, rules):
        return _next(notice, fault, now)
    pause = max(rules.backoff[notice.attempts - 1], command.after)
    if notice.has_next and pause > rules.lease:
        return _next(notice, fault, now)
    return replace(_noted(notice, notice.channel, fault, now), try_at=now + pause)


def _receipted(notice: Notice, command: NoteReceipt, now: datetime) -> Notice:
    if notice.state is NoticeState.DELIVERED or command.channel not in notice.plan:
        return notice
    if command.is_delivered:
        # Whatever channel says so, the person has it: the others may rest.
        arrived = _settled(notice, NoticeState.DELIVERED, now)
        return _noted(arrived, command.channel, "delivered", now)
    if notice.state is not NoticeState.SENT or notice.channel != command.channel:
        return notice
    return _next(notice, f"undelivered {command.fault}"[:FAULT_CHARS].strip(), now)


def _next(notice: Notice, fault: str, now: datetime) -> Notice:
    """Note that this channel did not do, and give the turn to the next one at once, if there is one."""
    noted = _noted(notice, notice.channel, fault, now)
    if not notice.has_next:
        return _settled(noted, NoticeState.FAILED, now)
    return replace(
        noted, place=notice.place + 1, attempts=0, state=NoticeState.WAITING, try_at=now, settled_at=None
    )


def _tries(notice: Notice, rules: Sending) -> int:
    return TRIES_WITH_NEXT if notice.has_next else rules.attempts_max


def _noted(notice: Notice, channel: str, outcome: str, now: datetime) -> Notice:
    return replace(notice, tries=(*notice.tries, Tried(channel, now, outcome))[-TRIES_KEPT:])


def _settled(notice: Notice, state: NoticeState, now: datetime) -> Notice:
    return replace(notice, state=state, try_at=None, settled_at=now)
