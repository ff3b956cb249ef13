"""
On call: the hours of the week in which somebody takes calls, and what they change by hand.

Whoever is on call is called at once. Everybody else who holds the rung is a substitute and is called some
minutes later, unless the alert was taken by then. Where nobody is on call there is nobody to wait for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, TypeVar

from alerting.domain.errors import DutyTimeWrong
from common.kernel.clock import VIETNAM

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
HOURS_MAX: Final = 28
"""Four a day: more is no plan that anybody could keep."""
BY_HAND_MAX: Final = WEEK + timedelta(minutes=5)
"""What is said by hand is for now, what lasts longer belongs into the plan; a clock may be a little wrong."""


@dataclass(frozen=True, slots=True)
class Hours:
    """
    Every week from *start* on *weekday* (0 is Monday), by the Vietnamese clock, until *end*.

    An *end* not after *start* is on the next day; the same time is a whole day.
    """

    weekday: int
    start: time
    end: time

    def turn(self, now: datetime) -> tuple[datetime, datetime]:
        """Return beginning and end of the turn that *now* falls into, or else of the last one before."""
        local = now.astimezone(VIETNAM)
        begins = datetime.combine(local.date(), self.start, VIETNAM)
        begins -= timedelta(days=(local.weekday() - self.weekday) % 7)
        if begins > local:
            begins -= WEEK
        ends = datetime.combine(begins.date(), self.end, VIETNAM)
        return begins, ends if self.end > self.start else ends + DAY


@dataclass(frozen=True, slots=True)
class ByHand:
    """Said by hand: on call or off it, until *until*, whatever the plan says."""

    is_on: bool
    until: datetime


@dataclass(frozen=True, slots=True)
class Duty:
    """One person's plan of the week and what they said by hand; nothing of both: never on call."""

    hours: tuple[Hours, ...] = ()
    by_hand: ByHand | None = None

    def said(self, now: datetime) -> ByHand | None:
        """Return what was said by hand, if it counts still."""
        return self.by_hand if self.by_hand and now < self.by_hand.until else None

    def is_on(self, now: datetime) -> bool:
        """Tell whether the person is on call."""
        said = self.said(now)
        return said.is_on if said else self._planned_until(now) is not None

    def takes_calls(self, now: datetime) -> bool:
        """Tell whether the person is not free of duty: on call, or without any plan that says when."""
        return self.is_on(now) or (not self.hours and self.said(now) is None)

    def on_until(self, now: datetime) -> datetime | None:
        """Return when the turn ends that is on now, None when it goes on for a week or none is on."""
        said = self.said(now)
        if said and not said.is_on:
            return None
        ends = said.until if said else now
        for _ in range(HOURS_MAX):
            later = self._planned_until(ends)
            if later is None:
                return ends if ends > now else None
            ends = later
            if ends >= now + WEEK:
                return None
        return ends

    def _planned_until(self, now: datetime) -> datetime | None:
        """Return the end of the longest planned turn that holds *now*."""
        turns = (hours.turn(now) for hours in self.hours)
        return max((ends for begins, ends in turns if begins <= now < ends), default=None)


NO_DUTY: Final = Duty()
P = TypeVar("P")


def checked_until(is_on: bool, until: datetime, now: datetime) -> ByHand:
    """Return the word by hand; `DutyTimeWrong` when its end is past or too far away."""
    if not now < until <= now + BY_HAND_MAX:
        raise DutyTimeWrong(field="until")
    return ByHand(is_on, until)


def split(people: Iterable[tuple[P, Duty]], now: datetime) -> tuple[list[P], list[P]]:
    """Return who is called at once, and who only later: everybody is at once where nobody is on call."""
    on_call: list[P] = []
    others: list[P] = []
    for person, duty in people:
        (on_call if duty.is_on(now) else others).append(person)
    return (on_call, others) if on_call else (others, [])
