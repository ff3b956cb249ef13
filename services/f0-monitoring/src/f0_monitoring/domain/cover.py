"""
Whether the patients of a commune have a doctor on duty: the invariant of F5, and what is told when it breaks.

The roster may be empty, everybody off duty, or a patient pinned to somebody who went home. Then a person
must act, so it is told once, again when it gets worse, and taken back when it is mended.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from common.kernel.areas import Area
from common.kernel.decision import Decision
from f0_monitoring.domain.model import Level

NOBODY_ON_DUTY, PINNED, SLOW = "nobody-on-duty", "pinned-off-duty", "not-yet-moved"


@dataclass(frozen=True, slots=True)
class Cover:
    """Open patients of one commune without a doctor on duty; *since* is None while all have one."""

    area: Area
    since: datetime | None = None
    patients: int = 0
    level: Level = Level.LOW
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NoteCover:
    """So many open patients of a commune have nobody on duty now; 0: all have somebody."""

    area: Area
    patients: int
    level: Level = Level.LOW
    reason: str = ""

    @property
    def aggregate_id(self) -> str:
        """One record per commune."""
        return self.area.commune_code


@dataclass(frozen=True, slots=True)
class CoverFact:
    """Told of a commune."""

    area: Area
    since_at: datetime

    @property
    def subject(self) -> str:
        """Facts about one commune stay in order."""
        return self.area.commune_code


@dataclass(frozen=True, slots=True)
class CareUncovered(CoverFact):
    """Somebody there has no doctor on duty."""

    patients: int
    level: Level
    reason: str


@dataclass(frozen=True, slots=True)
class CareCovered(CoverFact):
    """Everybody there has a doctor on duty again."""

    covered_at: datetime


def decide_cover(state: Cover | None, command: Any, rules: None, now: datetime) -> Decision[Cover]:  # noqa: ARG001
    """Decide whether there is something to tell."""
    match command:
        case NoteCover():
            return _noted(state or Cover(command.area), command, now)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def _noted(cover: Cover, note: NoteCover, now: datetime) -> Decision[Cover]:
    if note.patients == 0:
        if cover.since is None:
            return Decision(state=cover)
        return Decision(state=Cover(cover.area), facts=(CareCovered(cover.area, cover.since, now),))
    since = cover.since or now
    after = replace(cover, since=since, patients=note.patients, level=note.level, reason=note.reason)
    if cover.since is not None and note.level.rank <= cover.level.rank and note.reason == cover.reason:
        return Decision(state=cover if after == cover else after)
    fact = CareUncovered(cover.area, since, note.patients, note.level, note.reason)
    return Decision(state=after, facts=(fact,))
