"""
What a condition went through lately, kept so that other rules can be tried on it.

Only what the rules weigh is remembered, not who did what: the level, the count, the code of the fact. A
condition in which nothing was ever wrong keeps nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

MOMENTS_KEPT = 8
"""Changes remembered per condition: days of an ordinary patient, some hundred bytes in the document."""


class Turn(StrEnum):
    """
    What changed.

    *worse* asks for an alert, *less* is still wrong but less than before, *calm* ends it; *taken* and *ended*
    are what people did.
    """

    WORSE = "worse"
    LESS = "less"
    CALM = "calm"
    TAKEN = "taken"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Word:
    """What the rules look at in a fact: the *code* that their tables list, a count, signs of fraud."""

    code: str = ""
    missed: int = 0
    signals: tuple[str, ...] = ()


SILENT = Word()


@dataclass(frozen=True, slots=True)
class Moment:
    """One change at *at*; repeats of the same word are one moment, the latest of them at *last*."""

    turn: Turn
    at: datetime
    word: Word = SILENT
    last: datetime | None = None


def with_moment(
    course: tuple[Moment, ...], turn: Turn, at: datetime, word: Word = SILENT
) -> tuple[Moment, ...]:
    """Return *course* with one more moment; the oldest are forgotten."""
    before = course[-1] if course else None
    if before is not None and (before.turn, before.word) == (turn, word):
        return (*course[:-1], replace(before, last=at))
    return (*course, Moment(turn, at, word))[-MOMENTS_KEPT:]
