"""Reads the dated policies of rules/permit and hands them to the domain in its own words."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from common.kernel.clock import Clock
from common.rules import DatedRules, RuleBook, RuleFileInvalid, load_rules
from permit.domain.model import Outcome
from permit.domain.rules import CategoryRule, CheckpointRules, Directive, PermitRules, Policy

ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class CategoryEntry(BaseModel):
    """One category as the file writes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = Field(ge=1, le=999)
    title: str
    outcome: Outcome
    max_hours: int = Field(ge=1, le=720)
    hours: tuple[ClockTime, ClockTime] = ("00:00", "24:00")
    needs_plate: bool = False
    issuer: str = ""
    reason: str = ""


class PolicyFile(DatedRules):
    """The policy of one directive; *key* is the directive."""

    key: Directive
    categories: dict[str, CategoryEntry]


class CheckpointFile(DatedRules):
    """How forgiving checkpoints are."""

    window_grace_minutes: int = Field(ge=0, le=120)
    expiry_grace_minutes: int = Field(ge=0, le=60)


class Rulebook:
    """All versions of all policies; picks those in force."""

    def __init__(self, policies: RuleBook[PolicyFile], checkpoints: RuleBook[CheckpointFile]) -> None:
        self._policies = policies
        self._checkpoints = checkpoints
        self._read: dict[str, Policy] = {file.version: _policy(file) for file in policies.versions}
        self.numbers = _numbers(policies)

    @classmethod
    def load(cls, folder: Path) -> "Rulebook":
        """Read `rules/permit` below *folder*; `RuleFileInvalid` names a file that cannot be used."""
        rules = folder / "rules" / "permit"
        return cls(
            load_rules(rules / "policies", PolicyFile), load_rules(rules / "checkpoints", CheckpointFile)
        )

    def rules(self, clock: Clock) -> PermitRules:
        """Return what decisions need at the present time."""
        file = self._checkpoints.at(clock.now())
        grace = CheckpointRules(
            file.version,
            timedelta(minutes=file.window_grace_minutes),
            timedelta(minutes=file.expiry_grace_minutes),
        )
        return PermitRules(self.policy_on, grace)

    def policy_on(self, directive: Directive, day: date) -> Policy:
        """Return the policy of a directive in force on *day*."""
        return self._read[self._policies.in_force(day, directive).version]

    def files_on(self, day: date) -> list[PolicyFile]:
        """Return the files in force on *day*, for people to read."""
        return [self._policies.version(file.version) for file in self._policies.all_in_force(day)]


def _policy(file: PolicyFile) -> Policy:
    categories = {code: _category(code, entry) for code, entry in file.categories.items()}
    return Policy(file.version, file.key, file.document, categories)


def _category(code: str, entry: CategoryEntry) -> CategoryRule:
    hours = (_minutes(entry.hours[0]), _minutes(entry.hours[1]))
    return CategoryRule(
        code=code,
        number=entry.number,
        title=entry.title,
        outcome=entry.outcome,
        hours=hours,
        max_hours=entry.max_hours,
        needs_plate=entry.needs_plate,
        issuer=entry.issuer,
        reason=entry.reason,
    )


def _minutes(clock_time: str) -> int:
    hours, minutes = clock_time.split(":")
    return int(hours) * 60 + int(minutes)


def _numbers(policies: RuleBook[PolicyFile]) -> dict[str, CategoryEntry]:
    """Categories by code; a code keeps one number in all policies, because it is signed into the QR."""
    found: dict[str, CategoryEntry] = {}
    for file in policies.versions:
        for code, entry in file.categories.items():
            if found.setdefault(code, entry).number != entry.number:
                raise RuleFileInvalid(f"{file.version}: category {code} has another number elsewhere")
    return found
