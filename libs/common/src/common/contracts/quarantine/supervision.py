"""
Facts of the quarantine service about supervision: check-ins and the ladder of what is missed.

They come from another record than the file of the person, so they are not counted with its facts. None says
where somebody was.
"""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from common.contracts.base import Id, Instant, PersonFact

SUPERVISION = "quarantine.supervision.v1"

Turn = Annotated[int, Field(ge=1)]


class Verdict(StrEnum):
    """Whether an answer came from the place of quarantine. Poor accuracy is unclear, never outside."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNCLEAR = "unclear"


class Rung(StrEnum):
    """Bậc xử lý: gọi điện, đến nhà, công an phối hợp."""

    CALL = "call"
    VISIT = "visit"
    POLICE = "police"


class CheckInRequested(PersonFact):
    """Somebody in home quarantine was asked to check in (điểm danh)."""

    type: ClassVar[str] = "quarantine.check-in-requested.v1"
    topic: ClassVar[str] = SUPERVISION
    sequenced: ClassVar[bool] = False

    request_id: Id
    asked_at: Instant
    due_at: Instant
    """Until when an answer is in time."""


class CheckInAnswered(PersonFact):
    """Somebody checked in. The verdict only: where they were stays sealed with the owner."""

    type: ClassVar[str] = "quarantine.check-in-answered.v1"
    topic: ClassVar[str] = SUPERVISION
    sequenced: ClassVar[bool] = False

    request_id: Id
    answered_at: Instant
    verdict: Verdict
    is_late: bool
    is_mock_location: bool = False
    """The phone said that its position was set by hand or by a program."""


class CheckInMissed(PersonFact):
    """A check-in was not answered by its deadline."""

    type: ClassVar[str] = "quarantine.check-in-missed.v1"
    topic: ClassVar[str] = SUPERVISION
    sequenced: ClassVar[bool] = False

    request_id: Id
    due_at: Instant


class CheckInReminded(PersonFact):
    """An open check-in was not looked at for a part of its window; a text message reminds of it."""

    type: ClassVar[str] = "quarantine.check-in-reminded.v1"
    topic: ClassVar[str] = SUPERVISION
    sequenced: ClassVar[bool] = False

    request_id: Id
    due_at: Instant


class SupervisionClimbed(PersonFact):
    """A rung of the ladder was reached: the commune's officer has a task."""

    type: ClassVar[str] = "quarantine.supervision-climbed.v1"
    topic: ClassVar[str] = SUPERVISION
    sequenced: ClassVar[bool] = False

    task_id: Id
    rung: Rung
    opened_at: Instant
    missed: Annotated[int, Field(ge=1)]
    """Duties missed and unanswered."""
    turn: Turn
    """Counts what is told of this person's ladder: the highest is the latest."""


class SupervisionSettled(PersonFact):
    """The task is gone: the miss is answered, an officer reached the person, or the quarantine is over."""

    type: ClassVar[str] = "quarantine.supervision-settled.v1"
    topic: ClassVar[str] = SUPERVISION
    sequenced: ClassVar[bool] = False

    task_id: Id
    settled_at: Instant
    rings_again_at: Instant
    """What is missed until then need not ring: an officer has just seen to it."""
    turn: Turn


class BreachReported(PersonFact):
    """An officer reported that somebody left the place of quarantine; the file tells it as a breach."""

    type: ClassVar[str] = "quarantine.breach-reported.v1"
    topic: ClassVar[str] = SUPERVISION
    sequenced: ClassVar[bool] = False

    evidence_id: Id
    at: Instant
