"""
Áp dụng đúng phút: a change of directive or policy goes through the permits of its area, batch by batch.

The minute is a durable timer; what was done is kept, so that a restart goes on where the last batch ended.
The permits themselves are re-evaluated by `decide.reevaluate`, which changes nothing the second time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from common.kernel.decision import Decision, Timer, TimerFired
from common.kernel.ids import derived_id

_START = "start"


@dataclass(frozen=True, slots=True)
class Rollout:
    """
    One change going through one area. *cursor* is the last file done.

    *seen* counts files, the others permits.
    """

    rollout_id: str
    area_code: str
    due_at: datetime
    document: str
    started_at: datetime | None = None
    finished_at: datetime | None = None
    cursor: str = ""
    seen: int = 0
    stops: int = 0
    narrows: int = 0
    returns: int = 0
    withdrawn_at: datetime | None = None
    """When the order behind it was taken back before its minute."""

    @property
    def is_running(self) -> bool:
        """Tell whether its minute has come and files are left."""
        return self.started_at is not None and self.finished_at is None


@dataclass(frozen=True, slots=True)
class PlanRollout:
    """Re-evaluate the permits of an area at a minute; *document* is what orders it."""

    area_code: str
    due_at: datetime
    document: str

    @property
    def aggregate_id(self) -> str:
        """One rollout per area, minute and document."""
        return derived_id("rollout", self.area_code, self.due_at.isoformat(), self.document)


@dataclass(frozen=True, slots=True)
class WithdrawRollout:
    """The order behind a planned rollout was taken back."""

    area_code: str
    due_at: datetime
    document: str

    @property
    def aggregate_id(self) -> str:
        """The rollout that the order planned."""
        return PlanRollout(self.area_code, self.due_at, self.document).aggregate_id


@dataclass(frozen=True, slots=True)
class NoteBatch:
    """The files after *after* up to *cursor* are done; no more files if *is_last*."""

    rollout_id: str
    after: str
    cursor: str
    seen: int
    effects: Mapping[str, int]
    is_last: bool

    @property
    def aggregate_id(self) -> str:
        """The rollout."""
        return self.rollout_id


def decide(rollout: Rollout | None, command: Any, _rules: None, now: datetime) -> Decision[Rollout]:
    """Plan a rollout, start it at its minute, note how far it is."""
    match command:
        case PlanRollout():
            return _planned(rollout, command)
        case TimerFired() if rollout is not None:
            return Decision(replace(rollout, started_at=now), timers=())
        case WithdrawRollout():
            return _withdrawn(rollout, now)
        case NoteBatch() if rollout is not None:
            return _noted(rollout, command, now)
    raise TypeError(f"no decision for {type(command).__name__}")


def _planned(rollout: Rollout | None, command: PlanRollout) -> Decision[Rollout]:
    if rollout is not None and rollout.withdrawn_at is None:
        return Decision(rollout)
    planned = Rollout(command.aggregate_id, command.area_code, command.due_at, command.document)
    return Decision(planned, timers=(Timer(_START, command.due_at),))


def _withdrawn(rollout: Rollout | None, now: datetime) -> Decision[Rollout]:
    """One that has begun goes on: it applies what is in force, which the order is not."""
    if rollout is None or rollout.started_at is not None or rollout.withdrawn_at is not None:
        return Decision(rollout)
    return Decision(replace(rollout, withdrawn_at=now), timers=())


def _noted(rollout: Rollout, command: NoteBatch, now: datetime) -> Decision[Rollout]:
    if not rollout.is_running or rollout.cursor != command.after:
        return Decision(rollout)  # somebody else noted it, or we did before a restart
    moved = replace(
        rollout,
        cursor=command.cursor,
        seen=rollout.seen + command.seen,
        stops=rollout.stops + command.effects.get("stops", 0),
        narrows=rollout.narrows + command.effects.get("narrows", 0),
        returns=rollout.returns + command.effects.get("returns", 0),
        finished_at=now if command.is_last else None,
    )
    return Decision(moved)
