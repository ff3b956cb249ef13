"""Reads the dated policies of rules/permit and hands them to the domain in its own words."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from common.kernel.clock import Clock
from common.rules import DatedRules, RuleBook, RuleFileInvalid, load_rules
from permit.domain.board import BoardRules
from permit.domain.model import Outcome
from permit.domain.rules import CategoryRule, CheckpointRules, Directive, PermitRules, Policy
from permit.domain.signals import SignalRules

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


class SignalFile(DatedRules):
    """When scans contradict each other."""

    fastest_kmh: float = Field(ge=40, le=400)
    nearest_km: float = Field(ge=0.2, le=50)
    at_once_seconds: int = Field(ge=30, le=1800)
    window_hours: int = Field(ge=1, le=48)
    own_clock_seconds: int = Field(ge=0, le=300)
    clock_seconds: int = Field(ge=0, le=3600)
    unknown_clock_seconds: int = Field(ge=0, le=86400)
    tampering: frozenset[str]
    attempts: int = Field(ge=2, le=24)
    attempts_within_minutes: int = Field(ge=1, le=1440)
    dead_keys: frozenset[str]

    def rules(self) -> SignalRules:
        """Return the same, as the domain reads it."""
        return SignalRules(
            version=self.version,
            document=self.document,
            fastest_kmh=self.fastest_kmh,
            nearest_km=self.nearest_km,
            at_once=timedelta(seconds=self.at_once_seconds),
            window=timedelta(hours=self.window_hours),
            own_clock=timedelta(seconds=self.own_clock_seconds),
            clock=timedelta(seconds=self.clock_seconds),
            unknown_clock=timedelta(seconds=self.unknown_clock_seconds),
            tampering=self.tampering,
            attempts=self.attempts,
            attempts_within=timedelta(minutes=self.attempts_within_minutes),
            dead_keys=self.dead_keys,
        )


class BoardFile(DatedRules):
    """How the checkpoint board estimates and when it warns."""

    handling_seconds: float = Field(ge=5, le=600)
    quickest_seconds: float = Field(ge=1, le=60)
    look_back_hours: int = Field(ge=1, le=24)
    full: float = Field(gt=0.5, lt=1)
    silent_minutes: int = Field(ge=5, le=720)
    late_minutes: int = Field(ge=1, le=720)
    old_list_hours: int = Field(ge=1, le=240)

    def rules(self) -> BoardRules:
        """Return the same, as the domain reads it."""
        return BoardRules(
            version=self.version,
            handling_seconds=self.handling_seconds,
            quickest_seconds=self.quickest_seconds,
            look_back=timedelta(hours=self.look_back_hours),
            full=self.full,
            silent_after=timedelta(minutes=self.silent_minutes),
            late_after=timedelta(minutes=self.late_minutes),
            old_list_after=timedelta(hours=self.old_list_hours),
        )


class Watchbook:
    """The dated parameters of those who watch the scans: signs of fraud, and the board."""

    def __init__(self, signals: RuleBook[SignalFile], board: RuleBook[BoardFile]) -> None:
        self._signals = signals
        self._board = board

    @classmethod
    def load(cls, folder: Path) -> "Watchbook":
        """Read `rules/permit` below *folder*; `RuleFileInvalid` names a file that cannot be used."""
        rules = folder / "rules" / "permit"
        return cls(load_rules(rules / "signals", SignalFile), load_rules(rules / "board", BoardFile))

    def signals(self, clock: Clock) -> SignalRules:
        """Return what is in force at the present time."""
        return self._signals.at(clock.now()).rules()

    def board(self, clock: Clock) -> BoardRules:
        """Return what is in force at the present time."""
        return self._board.at(clock.now()).rules()


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
