"""
Thời gian trả lời: one row per acknowledgement, kept apart from the alert, which only knows its latest round.

Rows come from our own facts, so that they say what everybody was told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import median

from common.kernel.decision import Decision


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody took an alert *seconds* after people were first asked."""

    answer_id: str
    kind: str
    severity: str
    commune_code: str
    district_code: str
    province_code: str
    role: str
    at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class KeepAnswer:
    """File an acknowledgement; its id is that of the fact, so that it counts once."""

    answer: Answer

    @property
    def aggregate_id(self) -> str:
        """Id of the row."""
        return self.answer.answer_id


@dataclass(frozen=True, slots=True)
class Promptness:
    """How soon alerts were taken; seconds are None where none was."""

    answered: int = 0
    in_target: int = 0
    median_seconds: float | None = None
    p90_seconds: float | None = None


def keep_answer(context: None, command: KeepAnswer, rules: None, now: datetime) -> Decision[Answer]:  # noqa: ARG001
    """File one row."""
    return Decision(command.answer)


def promptness(seconds: Sequence[float], target_seconds: float) -> Promptness:
    """Sum up; the ninetieth percentile is the time within which nine of ten were taken (nearest rank)."""
    if not seconds:
        return Promptness()
    ordered = sorted(seconds)
    return Promptness(
        answered=len(ordered),
        in_target=sum(each <= target_seconds for each in ordered),
        median_seconds=median(ordered),
        p90_seconds=ordered[ceil(0.9 * len(ordered)) - 1],
    )
