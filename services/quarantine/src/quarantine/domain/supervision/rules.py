"""The dated parameters of supervision, and the secret by which the times of check-ins are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from common.kernel.clock import local_day
from quarantine.domain.supervision.model import ContactKind, ContactResult, Rung


class Quiet(StrEnum):
    """For how long a contact that reached somebody settles what is missed."""

    UNTIL_NOW = "until_now"
    REST_OF_DAY = "rest_of_day"


@dataclass(frozen=True, slots=True)
class RungRule:
    """One rung: how long it waits for an answer, and which results of its contact climb at once."""

    rung: Rung
    next_after: timedelta | None
    climbs_on: frozenset[ContactResult]


@dataclass(frozen=True, slots=True)
class WatchRules:
    """One version of the parameters. Times are Vietnamese, lengths are metres."""

    code: str
    effective_from: date
    opens: time
    closes: time
    per_day: int
    window: timedelta
    grace: timedelta
    latest: timedelta
    unclear_in_a_row: int
    radius_metres: float
    accuracy_at_most_metres: float
    ladder: tuple[RungRule, ...]
    quiet: Mapping[ContactKind, Quiet]
    remind_after: float | None = None
    """Share of the window after which whoever has not looked is reminded by a text message; None: nobody."""

    def rule_of(self, rung: Rung) -> RungRule | None:
        """Return the rule of *rung*, None when the ladder no longer has it."""
        return next((rule for rule in self.ladder if rule.rung is rung), None)

    def above(self, rung: Rung) -> RungRule | None:
        """Return the rung after *rung*, None on the last."""
        order = [rule.rung for rule in self.ladder]
        at = order.index(rung) + 1 if rung in order else 0
        return self.ladder[at] if at < len(self.ladder) else None


@dataclass(frozen=True, slots=True)
class WatchBook:
    """All versions. *secret* keeps the random times unforeseeable; *as_of* pins the day (drills)."""

    versions: tuple[WatchRules, ...]
    secret: str
    as_of: date | None = None

    def on(self, day: date) -> WatchRules:
        """Return the parameters in force on *day*; the earliest ones before there were any."""
        wanted = self.as_of or day
        begun = [one for one in self.versions if one.effective_from <= wanted]
        return max(begun or self.versions[:1], key=lambda one: one.effective_from)

    def at(self, instant: datetime) -> WatchRules:
        """Return the parameters in force on the Vietnamese day of *instant*."""
        return self.on(local_day(instant))
