"""Why an alert rings, as its reader sees it at a glance."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reason:
    """A criterion that fired elsewhere, as the fact told it."""

    criterion: str
    value: str
    threshold: str
    document: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    What the reader needs to see at a glance; never a name.

    *part* of the system and *count* of its records: for trouble of the system itself.
    """

    level: str = ""
    is_danger_sign: bool = False
    reasons: tuple[Reason, ...] = ()
    missed_in_a_row: int = 0
    last_report_at: datetime | None = None
    breach: str = ""
    checkpoint_id: str = ""
    checkpoint_name: str = ""
    reason_code: str = ""
    patients: int = 0
    part: str = ""
    count: int = 0


NO_EVIDENCE = Evidence()
