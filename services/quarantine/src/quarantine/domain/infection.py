"""What F0 care said about a person: registers whose latest sequence wins."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from common.kernel.areas import Area


class F0Outcome(StrEnum):
    """How F0 care closed its record."""

    RECOVERED = "recovered"
    DIED = "died"
    WRONGLY_DECLARED = "wrongly_declared"


@dataclass(frozen=True, slots=True)
class DeclaredF0:
    """The latest word of F0 care that this person is an F0, and where they are cared for."""

    sequence: int
    at: datetime
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class ClosedF0:
    """The latest word of F0 care that the record is closed."""

    sequence: int
    outcome: F0Outcome
    on: date


@dataclass(frozen=True, slots=True)
class Infection:
    """What F0 care said about a person, kept even before or after any stay."""

    declared: DeclaredF0 | None = None
    closed: ClosedF0 | None = None

    @property
    def closing(self) -> ClosedF0 | None:
        """The closing that belongs to the latest declaration, if it was closed."""
        if self.declared and self.closed and self.closed.sequence > self.declared.sequence:
            return self.closed
        return None

    @property
    def is_under_care(self) -> bool:
        """Tell whether the person is an F0 now, as far as is known."""
        return self.declared is not None and self.closing is None
