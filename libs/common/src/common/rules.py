"""
Dated rules: a folder of YAML files, each one version of a rule with the document it comes from.

Rules are data, not code. Every file is validated at start-up, versions of one key may not overlap, and
the version that decided is stored with each decision (`DatedRules.version`).
"""

from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Generic, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from common.kernel.clock import local_day


class Confidence(StrEnum):
    """How sure we are of a number: whether a text of the document was read."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    MEMORY = "memory"


class RuleFileInvalid(ValueError):
    """A rule file that cannot be used; the message names the file and what is wrong in it."""


class NoRuleInForce(LookupError):
    """No version of this rule was in force on that day."""


class DatedRules(BaseModel):
    """
    What every rule file starts with. Subclass it with the rule's own fields.

    *key* tells rules apart that are in force side by side; versions of one key follow each other.
    *effective_to* is the last day in force, empty for the present one.
    *to_be_confirmed* marks numbers that the health authority must still sign.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    key: str = ""
    title: str
    document: str
    document_date: date | None = None
    effective_from: date
    effective_to: date | None = None
    confidence: Confidence = Confidence.MEMORY
    to_be_confirmed: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise ValueError("effective_to is before effective_from")
        return self

    def covers(self, day: date) -> bool:
        """Tell whether this version is in force on *day* (a Vietnamese calendar day)."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


T = TypeVar("T", bound=DatedRules)
FAULTS_SHOWN = 6
"""Of a candidate's mistakes; the rest is counted."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same safe subset, read ten times faster where libyaml is built in."""


class RuleBook(Generic[T]):
    """All versions of one kind of rule."""

    def __init__(self, versions: list[T]) -> None:
        self.versions = tuple(sorted(versions, key=lambda rule: (rule.key, rule.effective_from)))
        self._by_version = {rule.version: rule for rule in self.versions}
        _refuse_doubles(self.versions)

    def in_force(self, day: date, key: str = "") -> T:
        """Return the version of *key* in force on *day*; raise `NoRuleInForce` when there is none."""
        found = self.find(day, key)
        if found is None:
            raise NoRuleInForce(f"no rule {key!r} in force on {day}")
        return found

    def find(self, day: date, key: str = "") -> T | None:
        """Return the version of *key* in force on *day*, or None."""
        return next((rule for rule in self.versions if rule.key == key and rule.covers(day)), None)

    def at(self, instant: datetime, key: str = "") -> T:
        """Return the version in force on the Vietnamese day of *instant*."""
        return self.in_force(local_day(instant), key)

    def all_in_force(self, day: date) -> tuple[T, ...]:
        """Return every rule in force on *day*, ordered by key."""
        return tuple(rule for rule in self.versions if rule.covers(day))

    def version(self, version: str) -> T:
        """Return one version by its name; raise `NoRuleInForce` when it is unknown."""
        if version not in self._by_version:
            raise NoRuleInForce(f"no rule version {version!r}")
        return self._by_version[version]


def _refuse_doubles(versions: tuple[DatedRules, ...]) -> None:
    names = [rule.version for rule in versions]
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise RuleFileInvalid(f"version names used twice: {', '.join(sorted(doubled))}")
    for earlier, later in pairwise(versions):
        if earlier.key == later.key and earlier.covers(later.effective_from):
            raise RuleFileInvalid(f"{earlier.version} and {later.version} are in force on the same day")


def load_rules(folder: Path, model: type[T]) -> RuleBook[T]:
    """
    Read and validate every `*.yaml` below *folder*.

    Raises `RuleFileInvalid` that names the file: a service must not start on rules it cannot read.
    """
    files = sorted(folder.rglob("*.yaml"))
    if not files:
        raise RuleFileInvalid(f"no rule file in {folder}")
    return RuleBook([_read(file, model) for file in files])


def read_candidate(text: str, model: type[T]) -> T:
    """
    Read the text of a rule file that is not in force, as strictly as those on disk.

    Raises `RuleFileInvalid`. References to other parts are refused: a few lines of them unfold to gigabytes.
    """
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise RuleFileInvalid("references (*name) are not allowed in a rule file")
        return model.model_validate(yaml.safe_load(text))
    except ValidationError as fault:
        raise RuleFileInvalid(_first_of(fault)) from None
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        raise RuleFileInvalid(" ".join(str(fault).split())) from None


def _first_of(fault: ValidationError) -> str:
    faults = [f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in fault.errors()]
    more = [f"(+{len(faults) - FAULTS_SHOWN})"] if len(faults) > FAULTS_SHOWN else []
    return "; ".join([*faults[:FAULTS_SHOWN], *more])


def _read(file: Path, model: type[T]) -> T:
    try:
        return model.model_validate(yaml.load(file.read_text(encoding="utf-8"), _LOADER))  # noqa: S506  a safe loader
    except (yaml.YAMLError, ValidationError) as fault:
        raise RuleFileInvalid(f"{file.name}: {fault}") from fault
