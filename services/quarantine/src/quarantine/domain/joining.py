"""Gộp hồ sơ: what the steps of a merge carry, each addressed to one of the two files."""

from dataclasses import dataclass
from enum import StrEnum

from common.kernel.areas import Actor
from quarantine.domain.commands import ForPerson
from quarantine.domain.model import Case, Person


class Keeps(StrEnum):
    """Whose stay goes on: that of the file which survives, or of the one which yields."""

    SURVIVOR = "survivor"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Joining:
    """Two files as they were seen, and what the one that survives becomes."""

    merge_id: str
    survivor: Case
    other: Case
    person: Person
    keeps: Keeps
    note: str = ""
    """The words behind the other file's stay, sealed anew for the one that survives."""


@dataclass(frozen=True, slots=True)
class MergeStep(ForPerson):
    """One step of a merge, addressed to one of its two files."""

    joining: Joining


@dataclass(frozen=True, slots=True)
class YieldFile(MergeStep):
    """The doubled file ends as a wrong entry and is read as the other one from now on."""

    by: Actor


@dataclass(frozen=True, slots=True)
class AbsorbFile(MergeStep):
    """The surviving file takes over what was chosen."""

    by: Actor


@dataclass(frozen=True, slots=True)
class RestoreFile(MergeStep):
    """The surviving file becomes what it was. *is_strict* refuses if an officer changed it since."""

    is_strict: bool = True


@dataclass(frozen=True, slots=True)
class ReturnFile(MergeStep):
    """The doubled file stands for itself again."""
