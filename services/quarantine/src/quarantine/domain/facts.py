"""What happened, as the domain tells it; `translate` turns each into its contract event."""

from dataclasses import dataclass
from datetime import date, datetime

from common.kernel.areas import Area
from quarantine.domain.model import BreachKind, Category, DeclaredBy, ExtensionReason, Outcome, Place
from quarantine.domain.swabs import PositiveTest


@dataclass(frozen=True, slots=True)
class PersonFact:
    """A fact about one person, who is looked after in *area*."""

    person_id: str
    area: Area

    @property
    def subject(self) -> str:
        """A person's facts stay in order."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class QuarantineOrdered(PersonFact):
    """
    Somebody is in quarantine from now on.

    Also told when a stay is reinstated because the F0 declaration that ended it was withdrawn: those who
    add and subtract, and those who suspend permits, then need no other word for it.
    """

    category: Category
    place: Place
    last_exposure_on: date
    starts_on: date
    ends_on: date
    protocol: str
    test_days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QuarantineExtended(PersonFact):
    """The last day moved, later or earlier; *test_days* are told when another protocol gave other ones."""

    from_ends_on: date
    to_ends_on: date
    reason: ExtensionReason
    protocol: str
    test_days: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class QuarantineBreached(PersonFact):
    """Somebody who must stay at home was elsewhere: scanned at a checkpoint, or as *how* says."""

    at: datetime
    checkpoint_id: str
    evidence_id: str
    how: BreachKind = BreachKind.SCANNED


@dataclass(frozen=True, slots=True)
class ContactBecameF0(PersonFact):
    """Somebody in quarantine tested positive. *positive* is the test, if it was recorded here."""

    category: Category
    place: Place
    tested_on: date
    positive: PositiveTest | None = None


@dataclass(frozen=True, slots=True)
class QuarantineEnded(PersonFact):
    """A stay is over."""

    category: Category
    place: Place
    outcome: Outcome
    ended_on: date


@dataclass(frozen=True, slots=True)
class DeclarationMissed(PersonFact):
    """No declaration was made by its deadline."""

    due_at: datetime
    missed_in_a_row: int


@dataclass(frozen=True, slots=True)
class HealthReported(PersonFact):
    """A declaration was recorded."""

    report_id: str
    reported_at: datetime
    received_at: datetime
    is_late: bool
    declared_by: DeclaredBy
    due_at: datetime | None
    temperature_celsius: float | None
    spo2_percent: int | None
    symptoms: tuple[str, ...]
    channel: str = ""
