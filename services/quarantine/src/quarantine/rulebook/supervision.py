"""Reads rules/supervision: check-ins, the fence and the ladder as dated parameters."""

from datetime import date, time, timedelta
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from common.rules import DatedRules, load_rules
from quarantine.domain.supervision.model import ContactKind, ContactResult, Rung
from quarantine.domain.supervision.rules import Quiet, RungRule, WatchBook, WatchRules


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CheckInPart(_Part):
    """When somebody is asked, and how long an answer is waited for."""

    opens: time
    closes: time
    per_day: int = Field(ge=0, le=6)
    window_minutes: int = Field(ge=1, le=120)
    grace_seconds: int = Field(ge=1, le=50)
    """Absence must be known within a minute of the deadline."""
    latest_minutes: int = Field(ge=1, le=120)
    unclear_in_a_row: int = Field(ge=1, le=20)
    remind_after_percent: int | None = Field(default=None, ge=10, le=80)
    """Of the window; without it nobody is reminded."""

    @model_validator(mode="after")
    def _windows_fit(self) -> Self:
        minutes = (self.closes.hour - self.opens.hour) * 60 + self.closes.minute - self.opens.minute
        if minutes < self.window_minutes * max(1, self.per_day):
            raise ValueError("the allowed hours are too short for that many check-ins")
        return self


class FencePart(_Part):
    """Metres around the place of quarantine, and how sure a position must be."""

    radius_metres: float = Field(ge=10, le=5_000)
    accuracy_at_most_metres: float = Field(ge=5, le=5_000)


class RungPart(_Part):
    """One rung of the ladder."""

    rung: Rung
    next_after_minutes: int | None = Field(ge=1, le=10_080)
    climbs_on: tuple[ContactResult, ...] = ()


class WatchFile(DatedRules):
    """One version of the parameters."""

    check_in: CheckInPart
    fence: FencePart
    ladder: tuple[RungPart, ...] = Field(min_length=1)
    quiet: dict[ContactKind, Quiet]

    @model_validator(mode="after")
    def _ladder_is_whole(self) -> Self:
        rungs = [part.rung for part in self.ladder]
        if len(set(rungs)) != len(rungs):
            raise ValueError("a rung stands twice on the ladder")
        if set(self.quiet) != set(ContactKind):
            raise ValueError("quiet must say how long for a call and for a visit")
        return self


def read_watch_rules(folder: Path, secret: str, *, as_of: date | None = None) -> WatchBook:
    """Read and check every file of *folder*. Raises `common.rules.RuleFileInvalid` naming the file."""
    book = load_rules(folder, WatchFile)
    return WatchBook(tuple(_rules(file) for file in book.versions), secret, as_of)


def _rules(file: WatchFile) -> WatchRules:
    check_in = file.check_in
    return WatchRules(
        code=file.version,
        effective_from=file.effective_from,
        opens=check_in.opens,
        closes=check_in.closes,
        per_day=check_in.per_day,
        window=timedelta(minutes=check_in.window_minutes),
        grace=timedelta(seconds=check_in.grace_seconds),
        latest=timedelta(minutes=check_in.latest_minutes),
        unclear_in_a_row=check_in.unclear_in_a_row,
        radius_metres=file.fence.radius_metres,
        accuracy_at_most_metres=file.fence.accuracy_at_most_metres,
        ladder=tuple(_rung(part) for part in file.ladder),
        quiet=file.quiet,
        remind_after=check_in.remind_after_percent / 100 if check_in.remind_after_percent else None,
    )


def _rung(part: RungPart) -> RungRule:
    after = timedelta(minutes=part.next_after_minutes) if part.next_after_minutes else None
    return RungRule(part.rung, after, frozenset(part.climbs_on))
