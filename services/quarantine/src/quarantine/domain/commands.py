"""Wishes addressed to one person's file, from officers, citizens, other services and the calendar."""

from dataclasses import dataclass, field
from datetime import date, datetime

from common.kernel.areas import Actor, Area
from common.kernel.decision import TimerFired
from quarantine.domain.infection import F0Outcome
from quarantine.domain.model import (
    Category,
    DeclaredBy,
    ExtensionReason,
    Immunity,
    OrderPaper,
    Origin,
    Outcome,
    Person,
    Place,
)
from quarantine.domain.swabs import Assay


@dataclass(frozen=True, slots=True)
class ForPerson:
    """A command to the file of one person."""

    person_id: str

    @property
    def aggregate_id(self) -> str:
        """The file's id is the person's."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class Twin:
    """Somebody in quarantine under other papers, and in what they equal the newcomer."""

    person_id: str
    equal: tuple[str, ...]
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class OrderQuarantine(ForPerson):
    """Ra quyết định cách ly. *is_confirmed_new* says that the officer has looked at the *twins*."""

    by: Actor
    person: Person
    category: Category
    place: Place
    last_exposure_on: date
    immunity: Immunity = field(default_factory=Immunity)
    origin: Origin = Origin.AFFECTED_AREA
    starts_on: date | None = None
    paper: OrderPaper | None = None
    index_person_id: str = ""
    twins: tuple[Twin, ...] = ()
    is_confirmed_new: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class ExtendQuarantine(ForPerson):
    """Gia hạn, or shorten: the last day moves, only with a reason. *note* is sealed prose."""

    by: Actor
    to_ends_on: date
    reason: ExtensionReason
    note: str = ""


@dataclass(frozen=True, slots=True)
class ApplyProtocol(ForPerson):
    """Áp dụng quy định đã đổi: what the documents of today give, if that is still what the official saw."""

    by: Actor
    seen_ends_on: date


@dataclass(frozen=True, slots=True)
class ReleaseFromQuarantine(ForPerson):
    """Kết thúc cách ly, in any of the ways an officer may end it. *note* is sealed prose."""

    by: Actor
    outcome: Outcome
    note: str = ""
    waives_tests: bool = False
    """Let somebody go without the tests that the protocol asks for: a superior's decision, with a reason."""


@dataclass(frozen=True, slots=True)
class RecordPositive(ForPerson):
    """Ghi kết quả dương tính: the contact becomes an F0. *test_id* derives from the request."""

    by: Actor
    test_id: str
    kind: Assay
    tested_on: date
    age_years: int | None = None


@dataclass(frozen=True, slots=True)
class NoteReport(ForPerson):
    """The person's declaration was recorded."""

    reported_at: datetime
    has_symptoms: bool


@dataclass(frozen=True, slots=True)
class NoteDeclaredF0(ForPerson):
    """F0 care says that the person is an F0 since *declared_at*, looked after in *area*."""

    sequence: int
    declared_at: datetime
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class NoteClosedF0(ForPerson):
    """F0 care closed its record of the person."""

    sequence: int
    outcome: F0Outcome
    closed_on: date


@dataclass(frozen=True, slots=True)
class NoteScan(ForPerson):
    """The person's permit was scanned at a checkpoint."""

    scan_id: str
    checkpoint_id: str
    scanned_at: datetime


@dataclass(frozen=True, slots=True)
class NoteLeftHome(ForPerson):
    """The person was elsewhere: a check-in shows it, or an officer reports it."""

    evidence_id: str
    at: datetime
    is_reported: bool = False


@dataclass(frozen=True, slots=True)
class DeadlinePassed(TimerFired):
    """
    A due declaration timer together with what the ledger of declarations says.

    *reported* are the times of the declarations made on that day, by the time of the event.
    """

    reported: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordReport:
    """Khai báo y tế: append one declaration. Its id derives from the request, so a repeat is the same one."""

    report_id: str
    person_id: str
    by: Actor
    declared_by: DeclaredBy
    reported_at: datetime
    temperature_celsius: float | None = None
    spo2_percent: int | None = None
    symptoms: tuple[str, ...] = ()
    channel: str = ""

    @property
    def aggregate_id(self) -> str:
        """A declaration is its own aggregate."""
        return self.report_id
