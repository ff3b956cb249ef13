"""Facts of the quarantine service: orders, breaches, ends, and the daily declarations."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from common.contracts.base import Code, Id, Instant, PersonFact
from common.contracts.vitals import DeclaredBy, SpO2, Temperature

CASES = "quarantine.cases.v1"
REPORTS = "quarantine.reports.v1"

TestDay = Annotated[int, Field(ge=0, le=60)]


class Category(StrEnum):
    """Why somebody is quarantined: F1, F2, entrant (người nhập cảnh/từ vùng dịch) or suspect."""

    F1 = "f1"
    F2 = "f2"
    ENTRANT = "entrant"
    SUSPECT = "suspect"


class Place(StrEnum):
    """At home (tại nhà) or in a concentrated facility (khu cách ly tập trung)."""

    HOME = "home"
    FACILITY = "facility"


class Breach(StrEnum):
    """How a breach became known."""

    LEFT_HOME = "left_home"
    SCANNED = "scanned"
    REPORTED = "reported"


class Outcome(StrEnum):
    """How a quarantine ended."""

    COMPLETED = "completed"
    BECAME_F0 = "became_f0"
    WRONG_ENTRY = "wrong_entry"
    LOST = "lost"
    MOVED_AWAY = "moved_away"
    DIED = "died"


class QuarantineOrdered(PersonFact):
    """Somebody must stay in quarantine (quyết định cách ly)."""

    type: ClassVar[str] = "quarantine.quarantine-ordered.v1"
    topic: ClassVar[str] = CASES

    category: Category
    place: Place
    last_exposure_on: date
    starts_on: date
    ends_on: date
    protocol: Code
    """The dated protocol that gave the days."""
    test_days: tuple[TestDay, ...] = ()
    """Days of quarantine on which a test is due; day 0 is the day it starts."""


class QuarantineExtended(PersonFact):
    """
    The last day of a quarantine moved.

    When a protocol changed (reason `protocol_changed`) both days may be the same and only the tests others.
    """

    type: ClassVar[str] = "quarantine.quarantine-extended.v1"
    topic: ClassVar[str] = CASES

    from_ends_on: date
    to_ends_on: date
    reason: Code
    protocol: Code
    test_days: tuple[TestDay, ...] | None = None
    """The tests now due, where the protocol changed them; day 0 is the day the quarantine started."""


class QuarantineBreached(PersonFact):
    """Somebody in quarantine was elsewhere."""

    type: ClassVar[str] = "quarantine.quarantine-breached.v1"
    topic: ClassVar[str] = CASES

    breach: Breach
    at: Instant
    checkpoint_id: Id | None = None
    evidence_id: Id | None = None
    """Id of what shows it, such as the scan."""


class Assay(StrEnum):
    """Test nhanh or RT-PCR."""

    RAPID = "rapid"
    PCR = "pcr"


class ContactBecameF0(PersonFact):
    """
    A quarantined contact tested positive.

    With a *test_id* it is news to F0 care, which opens a record; without one F0 care itself told us.
    """

    type: ClassVar[str] = "quarantine.contact-became-f0.v1"
    topic: ClassVar[str] = CASES

    category: Category
    place: Place
    tested_on: date
    test_id: Id | None = None
    test_kind: Assay | None = None
    recorded_at: Instant | None = None
    age_years: Annotated[int, Field(ge=0, le=130)] | None = None
    vaccination_doses: Annotated[int, Field(ge=0, le=10)] | None = None


class QuarantineEnded(PersonFact):
    """A quarantine is over."""

    type: ClassVar[str] = "quarantine.quarantine-ended.v1"
    topic: ClassVar[str] = CASES

    category: Category
    place: Place
    outcome: Outcome
    ended_on: date


class HealthReported(PersonFact):
    """A quarantined person's declaration (tờ khai y tế hằng ngày)."""

    type: ClassVar[str] = "quarantine.health-reported.v1"
    topic: ClassVar[str] = REPORTS
    sequenced: ClassVar[bool] = False

    report_id: Id
    reported_at: Instant
    """When it was filled in, by the phone's clock."""
    received_at: Instant
    is_late: bool
    declared_by: DeclaredBy
    due_at: Instant | None = None
    temperature_celsius: Temperature | None = None
    spo2_percent: SpO2 | None = None
    symptoms: tuple[Code, ...] = ()
    has_symptoms: bool
    channel: Code | None = None
    """The app that it came through (`app:bluezone`; `app:la-chan` is a phone enrolled with us), or `sms`."""


class DeclarationMissed(PersonFact):
    """No declaration came by its deadline."""

    type: ClassVar[str] = "quarantine.declaration-missed.v1"
    topic: ClassVar[str] = REPORTS

    due_at: Instant
    missed_in_a_row: Annotated[int, Field(ge=1)]
