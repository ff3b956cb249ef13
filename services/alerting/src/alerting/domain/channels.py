"""
The channels, and whether each can be relied on.

What tries come to is added up per channel (`Line`): failures in a row make it dead, one success heals it. A
dead channel is passed over where a person has another one, and is a condition of its own (`channel-dead`).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from common.kernel.decision import Decision

EMAIL: Final = "email"
SMS: Final = "sms"
PUSH: Final = "push"
WEBHOOK: Final = "webhook"
CHAT: Final = "chat"
CHANNELS: Final = (PUSH, SMS, EMAIL, CHAT, WEBHOOK)
"""All there are, in the order in which somebody who said nothing is called."""
PEOPLE: Final = "people"
"""No channel but the call of everybody who is registered for a rung, each over their own channels."""

DEAD_AFTER: Final = 5
"""Tries that failed in a row, over all its messages: one broken letter is no broken channel."""
REST: Final = timedelta(seconds=60)
"""How long a dead channel is left alone before one message tries it again."""
FORGOTTEN_AFTER: Final = timedelta(minutes=15)
"""A channel that nobody has tried for so long is believed again: nobody knows better."""


@dataclass(frozen=True, slots=True)
class Line:
    """How one channel does. *turns* counts how often it died or came back: it orders what is told."""

    channel: str
    failed_in_a_row: int = 0
    failing_since: datetime | None = None
    tried_at: datetime | None = None
    last_sent_at: datetime | None = None
    fault: str = ""
    is_dead: bool = False
    turned_at: datetime | None = None
    turns: int = 0

    def rests(self, now: datetime) -> bool:
        """Tell whether the channel is to be passed over now."""
        return self.is_dead and self.tried_at is not None and now < self.tried_at + REST


@dataclass(frozen=True, slots=True)
class NoteTries:
    """What a round of tries came to; *fault* is the last one's, in a word that names nobody."""

    channel: str
    sent: int = 0
    failed: int = 0
    fault: str = ""

    @property
    def aggregate_id(self) -> str:
        """Id of the line."""
        return self.channel


def decide_line(line: Line | None, command: Any, rules: None, now: datetime) -> Decision[Line]:  # noqa: ARG001
    """Add up tries; a note without any lets a dead channel that was long left alone be believed again."""
    if not isinstance(command, NoteTries):
        raise TypeError(f"no decision for {type(command).__name__}")
    before = line or Line(command.channel)
    if command.sent:
        after = replace(
            before, failed_in_a_row=0, failing_since=None, tried_at=now, last_sent_at=now, fault=""
        )
        return Decision(_turned(after, False, now))
    if command.failed:
        after = replace(
            before,
            failed_in_a_row=before.failed_in_a_row + command.failed,
            failing_since=before.failing_since or now,
            tried_at=now,
            fault=command.fault,
        )
        return Decision(_turned(after, after.failed_in_a_row >= DEAD_AFTER, now))
    if before.is_dead and before.tried_at is not None and now >= before.tried_at + FORGOTTEN_AFTER:
        return Decision(_turned(replace(before, failed_in_a_row=0, failing_since=None), False, now))
    return Decision(line)


def _turned(line: Line, is_dead: bool, now: datetime) -> Line:
    if line.is_dead == is_dead:
        return line
    return replace(line, is_dead=is_dead, turned_at=now, turns=line.turns + 1)
