"""
Lịch xét nghiệm: which tests a stay owes, and which samples serve them.

A sample serves the last test day that had come when it was taken, however late its result was written down:
what counts is the day on the tube. Only a negative one serves; an inconclusive one is taken again.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from quarantine.domain.model import Stay
from quarantine.domain.swabs import Result, Verdict


class TestState(StrEnum):
    """Done, due today, overdue, still ahead; or passed over, because a later one was taken instead."""

    DONE = "done"
    DUE = "due"
    OVERDUE = "overdue"
    AHEAD = "ahead"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Owed:
    """A test that the protocol asks for on day *day* of the stay (0 is its first), and what served it."""

    day: int
    on: date
    state: TestState
    result: Result | None


def schedule(stay: Stay, today: date) -> tuple[Owed, ...]:
    """Return every test of *stay* in order, as it stands on *today*."""
    served = _served(stay)
    last = max(served, default=-1)
    return tuple(
        Owed(day, _on(stay, day), _state(_on(stay, day), today, day in served, day < last), served.get(day))
        for day in stay.test_days
    )


def next_owed(stay: Stay) -> date | None:
    """Return the day of the first test that is still to be taken; None when there is none."""
    last = max(_served(stay), default=-1)
    return next((_on(stay, day) for day in stay.test_days if day > last), None)


def last_taken(stay: Stay) -> date | None:
    """Return the day on which the last sample with a result was taken."""
    return max((result.taken_on for result in stay.results), default=None)


def missing(stay: Stay) -> tuple[date, ...]:
    """Return the days of the tests that no negative sample serves."""
    served = _served(stay)
    return tuple(_on(stay, day) for day in stay.test_days if day not in served)


def _on(stay: Stay, day: int) -> date:
    return stay.starts_on + timedelta(days=day)


def _served(stay: Stay) -> dict[int, Result]:
    served: dict[int, Result] = {}
    for result in stay.results:
        taken = (result.taken_on - stay.starts_on).days
        due = [day for day in stay.test_days if day <= taken]
        if result.verdict is Verdict.NEGATIVE and due:
            served.setdefault(max(due), result)
    return served


def _state(on: date, today: date, is_served: bool, is_passed: bool) -> TestState:
    if is_served:
        return TestState.DONE
    if is_passed:
        return TestState.PASSED
    if on == today:
        return TestState.DUE
    return TestState.OVERDUE if on < today else TestState.AHEAD
