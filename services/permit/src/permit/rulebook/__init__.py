"""Reads the dated policies of rules/permit and hands them to the domain in its own words."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from common.kernel.clock import Clock
from common.rules import DatedRules, RuleBook, RuleFileInvalid, load_rules
from permit.domain.authority import PRIVATE
from permit.domain.issuers import OFFICES, Issuer, Level
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
    answer_hours: int = Field(default=24, ge=1, le=240)
    signatures: int = Field(default=1, ge=1, le=2)
    citizen: Outcome | None = None
    reason: str = ""
    citizen_reason: str = ""


class IssuerEntry(BaseModel):
    """One office as the file writes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    offices: frozenset[str] = frozenset()
    stand_in: Level | None = None


class IssuersFile(DatedRules):
    """Who decides what is left to a person, may take it back how long, and how long an appeal may wait."""

    issuers: dict[str, IssuerEntry]
    appeal_answer_hours: int = Field(ge=1, le=240)
    undo_seconds: int = Field(default=0, ge=0, le=120)


class FormatFile(DatedRules):
    """One form of permit that checkpoints accept, and how they check it; *key* names it."""

    check: str


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

    def __init__(
        self,
        policies: RuleBook[PolicyFile],
        checkpoints: RuleBook[CheckpointFile],
        issuers: RuleBook[IssuersFile],
        formats: RuleBook[FormatFile],
    ) -> None:
        self._policies = policies
        self._checkpoints = checkpoints
        self._issuers = issuers
        self._formats = formats
        _refuse_unknown_offices(policies, issuers)
        self._read: dict[str, Policy] = {file.version: _policy(file) for file in policies.versions}
        self.numbers = _numbers(policies)

    @classmethod
    def load(cls, folder: Path) -> "Rulebook":
        """Read `rules/permit` below *folder*; `RuleFileInvalid` names a file that cannot be used."""
        rules = folder / "rules" / "permit"
        return cls(
            load_rules(rules / "policies", PolicyFile),
            load_rules(rules / "checkpoints", CheckpointFile),
            load_rules(rules / "issuers", IssuersFile),
            load_rules(rules / "formats", FormatFile),
        )

    def rules(self, clock: Clock, trail_key: bytes = b"") -> PermitRules:
        """Return what decisions need at the present time; *trail_key* makes the record of decisions."""
        file = self._checkpoints.at(clock.now())
        grace = CheckpointRules(
            file.version,
            timedelta(minutes=file.window_grace_minutes),
            timedelta(minutes=file.expiry_grace_minutes),
        )
        offices = self._issuers.at(clock.now())
        issuers = {
            code: Issuer(code, entry.title, entry.offices, entry.stand_in)
            for code, entry in offices.issuers.items()
        }
        wait = timedelta(hours=offices.appeal_answer_hours)
        undo = timedelta(seconds=offices.undo_seconds)
        return PermitRules(self.policy_on, grace, issuers, wait, undo, trail_key)

    def policy_on(self, directive: Directive, day: date) -> Policy:
        """Return the policy of a directive in force on *day*."""
        return self._read[self._policies.in_force(day, directive).version]

    def file(self, version: str) -> PolicyFile | None:
        """Return the file of a policy by its version; None for one that is no longer kept."""
        return self._policies.version(version) if version in self._read else None

    def starts(self) -> tuple[tuple[date, str], ...]:
        """Return the days on which a policy starts, with its document."""
        return tuple((file.effective_from, file.document) for file in self._policies.versions)

    def formats_on(self, day: date) -> tuple[FormatFile, ...]:
        """Return the forms of permit that are accepted on *day*."""
        return self._formats.all_in_force(day)

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
        answer_hours=entry.answer_hours,
        signatures=entry.signatures,
        citizen=entry.citizen,
        reason=entry.reason,
        citizen_reason=entry.citizen_reason,
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


def _refuse_unknown_offices(policies: RuleBook[PolicyFile], issuers: RuleBook[IssuersFile]) -> None:
    """A queue that nobody may decide must not start; nor may a work rule reach into private life."""
    known = set.intersection(*(set(file.issuers) for file in issuers.versions))
    for offices in issuers.versions:
        for code, office in offices.issuers.items():
            if not office.offices <= OFFICES or not (office.offices or office.stand_in):
                raise RuleFileInvalid(f"{offices.version}: nobody works at office {code}")
    for file in policies.versions:
        for code, entry in file.categories.items():
            can_queue = Outcome.QUEUED in (entry.outcome, entry.citizen)
            if entry.issuer not in known and (entry.issuer or can_queue):
                raise RuleFileInvalid(f"{file.version}: no office {entry.issuer!r} for category {code}")
            if code in PRIVATE and entry.citizen is not None:
                raise RuleFileInvalid(f"{file.version}: {code} is private, citizens are who applies for it")
