"""
A text message to somebody who has no app: when it is tried, by whom, and what became of it.

The number and the words are sealed and never leave this service except to the gateway. A message is claimed
before it is sent and reported afterwards: a worker that dies loses its claim and the next one sends the same
words with the same key, which the gateway takes once.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from common.kernel.decision import Decision
from common.kernel.forgetting import Forget, forgotten

CLAIMED_FOR = timedelta(seconds=60)
"""Longer than an attempt can take: after that whoever claimed it is thought dead."""
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 45, 120, 300))
"""Between attempts; the last one again and again until the message is of no use any more."""


class MessageState(StrEnum):
    """Where a message is: waiting for its (next) attempt, taken by the gateway, or given up."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Message:
    """
    One message about something that passes at *useful_until*. *sealed* holds number and words once written.

    *try_at* is when somebody may claim it next; None: never again. *holder* is who claimed it last.
    """

    message_id: str
    person_id: str
    about_id: str
    useful_until: datetime
    state: MessageState = MessageState.WAITING
    try_at: datetime | None = None
    attempts: int = 0
    holder: str = ""
    sealed: str = field(default="", repr=False)
    fault: str = ""
    gateway_id: str = ""
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageCommand:
    """A wish about one message."""

    message_id: str

    @property
    def aggregate_id(self) -> str:
        """Id of the message."""
        return self.message_id


@dataclass(frozen=True, slots=True)
class QueueReminder(MessageCommand):
    """Remind somebody of what *about_id* names, until it is of no more use."""

    person_id: str
    about_id: str
    useful_until: datetime


@dataclass(frozen=True, slots=True)
class ClaimMessage(MessageCommand):
    """*holder* tries it now; answers whether it may."""

    holder: str


@dataclass(frozen=True, slots=True)
class WriteMessage(MessageCommand):
    """Keep what it says: every attempt sends the same."""

    holder: str
    sealed: str


@dataclass(frozen=True, slots=True)
class NoteSent(MessageCommand):
    """The gateway has taken it."""

    gateway_id: str


@dataclass(frozen=True, slots=True)
class NoteUnsent(MessageCommand):
    """An attempt failed. *is_final*: so would every other; *after_seconds*: the pause that was asked for."""

    attempt: int
    fault: str
    is_final: bool = False
    after_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class DropMessage(MessageCommand):
    """There is nothing left to remind of, or nobody to send it to: *fault* says which."""

    fault: str
    is_failure: bool = False


def decide_message(state: Message | None, command: Any, rules: None, now: datetime) -> Decision[Message]:  # noqa: ARG001
    """Decide one command on one message; no fact leaves: staff see its state beside what it is about."""
    match command:
        case QueueReminder():
            return Decision(state or _queued(command, now))
        case Forget():
            return _forget_words(state, command)
        case MessageCommand() if state is not None:
            return _changed(state, command, now)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def _queued(command: QueueReminder, now: datetime) -> Message:
    queued = Message(command.message_id, command.person_id, command.about_id, command.useful_until)
    if now >= queued.useful_until:
        return _settled(queued, MessageState.EXPIRED, now)
    return replace(queued, try_at=now)


def _changed(message: Message, command: MessageCommand, now: datetime) -> Decision[Message]:
    match command:
        case NoteSent():
            # Even one that was given up meanwhile: what the gateway has taken is on its way.
            return Decision(replace(_settled(message, MessageState.SENT, now), gateway_id=command.gateway_id))
        case ClaimMessage():
            return _claimed(message, command, now)
        case WriteMessage():
            is_ours = message.holder == command.holder and not message.sealed
            kept = replace(message, sealed=command.sealed) if is_ours else message
            return Decision(kept, answer={"written": is_ours})
        case NoteUnsent() if message.state is MessageState.WAITING and command.attempt == message.attempts:
            message = _failed(message, command, now)
        case DropMessage() if message.state is MessageState.WAITING:
            state = MessageState.FAILED if command.is_failure else MessageState.DROPPED
            message = replace(_settled(message, state, now), fault=command.fault)
    return Decision(message)


def _claimed(message: Message, command: ClaimMessage, now: datetime) -> Decision[Message]:
    if message.state is not MessageState.WAITING or message.try_at is None or now < message.try_at:
        return Decision(message, answer={"claimed": False})
    if now >= message.useful_until:
        return Decision(_settled(message, MessageState.EXPIRED, now), answer={"claimed": False})
    held = replace(message, holder=command.holder, attempts=message.attempts + 1, try_at=now + CLAIMED_FOR)
    return Decision(held, answer={"claimed": True, "attempt": held.attempts, "sealed": held.sealed})


def _failed(message: Message, command: NoteUnsent, now: datetime) -> Message:
    noted = replace(message, fault=command.fault)
    if command.is_final:
        return _settled(noted, MessageState.FAILED, now)
    wait = WAITS[min(message.attempts, len(WAITS)) - 1]
    if command.after_seconds is not None:
        wait = max(wait, timedelta(seconds=command.after_seconds))
    again = now + wait
    return (
        replace(noted, try_at=again)
        if again < noted.useful_until
        else _settled(noted, MessageState.FAILED, now)
    )


def _settled(message: Message, state: MessageState, now: datetime) -> Message:
    return replace(message, state=state, try_at=None, settled_at=now)


def _forget_words(message: Message | None, command: Forget) -> Decision[Message]:
    """Forget number and words of a message that was sent or given up; that it was, stays."""
    if message is None or message.state is MessageState.WAITING or not message.sealed:
        return Decision(message)
    if message.settled_at is None or message.settled_at >= command.before:
        return Decision(message)
    return forgotten(replace(message, sealed=""))
