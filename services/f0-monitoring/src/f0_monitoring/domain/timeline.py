"""
Diễn biến: what happened to a patient, who did it, when. Append-only, one row per fact.

Rows come from our own facts, so that they say what everybody was told; numbers of declarations stay in the
ledger of declarations and words in their sealed place, and are put beside when somebody reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from common.kernel.areas import Area
from common.kernel.decision import Decision


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: *what* is the name of the fact, *details* are its codes, never words about a person."""

    entry_id: str
    person_id: str
    area: Area
    at: datetime
    what: str
    by: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    words_id: str = ""


@dataclass(frozen=True, slots=True)
class KeepEntry:
    """File a fact; its id comes from the fact, so that it is filed once however often it arrives."""

    entry: Entry

    @property
    def aggregate_id(self) -> str:
        """Id of the row."""
        return self.entry.entry_id


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote about a patient, sealed. Facts point to it by its id."""

    words_id: str
    person_id: str
    at: datetime
    by: str
    sealed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeepWords:
    """Keep what somebody wrote, before the act that it belongs to."""

    words_id: str
    person_id: str
    by: str
    sealed: str = field(repr=False)

    @property
    def aggregate_id(self) -> str:
        """Id of the row."""
        return self.words_id


def keep_entry(context: None, command: KeepEntry, rules: None, now: datetime) -> Decision[Entry]:  # noqa: ARG001
    """File one fact."""
    return Decision(state=command.entry)


def keep_words(context: None, command: KeepWords, rules: None, now: datetime) -> Decision[Words]:  # noqa: ARG001
    """Keep words as they were written."""
    return Decision(state=Words(command.words_id, command.person_id, now, command.by, command.sealed))
