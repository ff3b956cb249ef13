"""Filing the entries of the record of decisions: each is a row, written once."""

from dataclasses import dataclass
from datetime import datetime

from common.kernel.decision import Decision
from common.kernel.trail import Entry


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Put an entry on file."""

    entry: Entry

    @property
    def aggregate_id(self) -> str:
        """One row per place in a chain: a second entry for the same place never replaces the first."""
        return f"{self.entry.chain_id}:{self.entry.position}"


@dataclass(frozen=True, slots=True)
class Filed:
    """An entry and when it was filed."""

    entry: Entry
    filed_at: datetime


def decide(_context: None, command: FileEntry, _rules: None, now: datetime) -> Decision[Filed]:
    """File it as it is: whether it fits its chain is for the audit to say."""
    return Decision(Filed(command.entry, now), answer={"chain_id": command.entry.chain_id})
