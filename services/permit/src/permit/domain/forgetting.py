"""The wish that words be forgotten because their time is over, and what a decision answers that did so."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from common.kernel.decision import Decision

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Forget:
    """Xóa nội dung: of a file, list, shift or flag that was over before *before*."""

    aggregate_id: str
    before: datetime


def forgotten(after: S) -> Decision[S]:
    """Return the decision that leaves *after*; answers to earlier requests are forgotten with it."""
    return Decision(after, answer={"forgotten": True}, forgets=True)
