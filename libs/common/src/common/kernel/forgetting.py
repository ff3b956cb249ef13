"""The wish that words be forgotten because their time is over, and what a decision answers that did so."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from common.kernel.decision import Decision

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Forget:
    """Xóa nội dung: names, addresses or words of an aggregate that was over before *before*."""

    aggregate_id: str
    before: datetime


def forgotten(after: S) -> Decision[S]:
    """
    Return the decision that leaves *after*: what is over has no deadlines.

    Answers to earlier requests are forgotten as well: the claim of a message, for one, tells its words.
    """
    return Decision(after, timers=(), answer={"forgotten": True}, forgets=True)
