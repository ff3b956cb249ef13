"""What happened in the supervision of somebody. No fact says where a person was."""

from dataclasses import dataclass
from datetime import datetime

from quarantine.domain.facts import PersonFact
from quarantine.domain.supervision.model import Rung, Verdict


@dataclass(frozen=True, slots=True)
class CheckInRequested(PersonFact):
    """Somebody was asked to check in."""

    request_id: str
    asked_at: datetime
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class CheckInAnswered(PersonFact):
    """Somebody checked in."""

    request_id: str
    answered_at: datetime
    verdict: Verdict
    is_late: bool
    is_mock: bool


@dataclass(frozen=True, slots=True)
class CheckInMissed(PersonFact):
    """A check-in was not answered by its deadline."""

    request_id: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CheckInReminded(PersonFact):
    """A check-in was not looked at for a part of its window: its person is reminded by another way."""

    request_id: str
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class SupervisionClimbed(PersonFact):
    """A rung of the ladder was reached: the commune's officer has a task."""

    task_id: str
    rung: Rung
    opened_at: datetime
    missed: int
    turn: int


@dataclass(frozen=True, slots=True)
class SupervisionSettled(PersonFact):
    """The task is gone: the miss is answered, an officer reached the person, or the quarantine is over."""

    task_id: str
    settled_at: datetime
    quiet_until: datetime
    """What is missed until then does not ring: an officer has just seen to it."""
    turn: int


@dataclass(frozen=True, slots=True)
class BreachReported(PersonFact):
    """An officer reported that somebody left the place of quarantine."""

    evidence_id: str
    at: datetime
