"""
What a pure decision returns.

    decide(state | None, command, rules, now) -> Decision(state', facts, timers)

No I/O, no clock, no random id: given the same input it gives the same output, so a replay is a
proof. It may run again for the same command when another writer was faster.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from common.kernel.values import value

State = TypeVar("State")
Rules = TypeVar("Rules")
Rules_contra = TypeVar("Rules_contra", contravariant=True)


class Command(Protocol):
    """A wish, in the imperative, addressed to one aggregate."""

    @property
    def aggregate_id(self) -> str:
        """Id of the one aggregate that this command may change."""


class Fact(Protocol):
    """Something that happened, in the past tense."""

    @property
    def subject(self) -> str:
        """Id that keys the fact on the bus: one subject's facts stay in order."""


@value
class Timer:
    """A deadline that lives with the aggregate; *name* is unique within it."""

    name: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class TimerFired:
    """The command a due timer becomes. The timer itself is already removed from the aggregate."""

    aggregate_id: str
    name: str
    due_at: datetime


@value
class Decision(Generic[State]):
    """
    The outcome: the new state, what happened, what is due.

    *timers* is the complete set that shall be pending from now on; None keeps what is pending.
    *answer* is a JSON-able result for the caller; a repeated request gets the first one again.
    *forgets*: answers that were kept for repeated requests go too, since they may say what must be forgotten.
    Returning the very same *state* object with no facts means that nothing changed.
    """

    state: State | None
    facts: tuple[Fact, ...] = ()
    timers: tuple[Timer, ...] | None = None
    answer: dict[str, Any] = field(default_factory=dict)
    forgets: bool = False


Decide = Callable[[State | None, Any, Rules, datetime], Decision[State]]
