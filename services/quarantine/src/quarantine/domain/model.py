"""
The file of a person: the stay in quarantine, what F0 care said about them, the daily duty.

Every field that a foreign fact may change is a register whose latest sequence wins. Where the stay stands is
*derived* from the registers (`standing.py`), so every order of arrival ends the same.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from common.kernel.areas import Area
from quarantine.domain.infection import Infection
from quarantine.domain.joined import Joined
from quarantine.domain.registers import Bed, BeforeHome, Handover, HomeExposure
from quarantine.domain.swabs import PositiveTest, Result


class Category(StrEnum):
    """Đối tượng: F1, F2, entrant (người về từ nơi khác), suspect (nghi mắc)."""

    F1 = "f1"
    F2 = "f2"
    ENTRANT = "entrant"
    SUSPECT = "suspect"


class Place(StrEnum):
    """Cách ly tại nhà or tập trung."""

    HOME = "home"
    FACILITY = "facility"


class Origin(StrEnum):
    """Where an entrant came from: abroad, an affected area, or one that is locked (level 4)."""

    ABROAD = "abroad"
    AFFECTED_AREA = "affected_area"
    LOCKED_AREA = "locked_area"


class Outcome(StrEnum):
    """How a stay ended."""

    COMPLETED = "completed"
    BECAME_F0 = "became_f0"
    WRONG_ENTRY = "wrong_entry"
    LOST = "lost"
    MOVED_AWAY = "moved_away"
    DIED = "died"


class BreachKind(StrEnum):
    """How a breach became known: a check-in elsewhere, a scan at a checkpoint, an officer's report."""

    LEFT_HOME = "left_home"
    SCANNED = "scanned"
    REPORTED = "reported"


class ExtensionReason(StrEnum):
    """Why the last day moved; a code because the fact on the bus must not carry prose."""

    STILL_POSITIVE = "still_positive"
    NEW_CASE_AT_HOME = "new_case_at_home"
    EXPOSED_AGAIN = "exposed_again"
    BREACH = "breach"
    PROTOCOL_CHANGED = "protocol_changed"
    SUSPICION_CLEARED = "suspicion_cleared"
    CORRECTION = "correction"


class DeclaredBy(StrEnum):
    """Who filled in a declaration: the person, a relative, an officer on their behalf (khai hộ)."""

    SELF = "self"
    RELATIVE = "relative"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Immunity:
    """What somebody has against infection; unknown dates are None."""

    doses: int = 0
    last_dose_on: date | None = None
    recovered_on: date | None = None


@dataclass(frozen=True, slots=True)
class OrderPaper:
    """Quyết định cách ly on paper: number, kind, day of signing."""

    number: str
    kind: str = "quyet_dinh"
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Who is supervised, without a name in clear: sealed fields, search tokens, household, area."""

    area: Area
    sealed: str
    blind: tuple[str, ...] = ()
    household_id: str = ""
    trusted: tuple[str, ...] = ()
    """Person ids of relatives who may declare for this person, besides the household's members."""
    grams: tuple[int, ...] = ()
    """Keyed pieces of name and numbers, by which the person is found while somebody types."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How and when a stay ended. *on* is the Vietnamese local day of *at*."""

    outcome: Outcome
    at: datetime
    on: date
    by: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """
    Khai báo hằng ngày: the next day to be judged, the days missed, the last declaration.

    *last_reported_at* is the time of the event, not of its arrival.
    """

    next_on: date
    missed_on: tuple[date, ...] = ()
    last_declared_on: date | None = None
    """The last day that was judged and found declared."""
    last_reported_at: datetime | None = None
    has_symptoms: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """What a protocol looked at in the person, so that another protocol can look at the same."""

    origin: Origin = Origin.AFFECTED_AREA
    immunity: Immunity = field(default_factory=Immunity)


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay in quarantine under one order. *test_days* count from *starts_on*, which is day 0."""

    category: Category
    place: Place
    last_exposure_on: date
    starts_on: date
    ends_on: date
    protocol: str
    test_days: tuple[int, ...]
    ordered_at: datetime
    ordered_by: str
    duty: Duty
    paper: OrderPaper | None = None
    index_person_id: str = ""
    basis: Basis | None = None
    """None in files of before it was kept."""
    moved_because: ExtensionReason | None = None
    """Why the last day was last moved."""
    ending: Ending | None = None
    """How officers ended it here; what F0 care says about the person is kept apart."""
    note: str = ""
    """Sealed words of the officer behind the last extension or ending."""
    positive: PositiveTest | None = None
    """The test that made a contact an F0; F0 care may find it to be wrong."""
    results: tuple[Result, ...] = ()
    """Tests of this stay, in the order in which they were recorded."""
    before_home: BeforeHome | None = None
    """What the stay was before a case at home changed it; None once an officer moved it."""
    is_home_order: bool = False
    """Ordered because of a case at home: void if that turns out to be wrong."""
    handover: Handover | None = None
    bed: Bed | None = None
    source: str = ""
    """Which uploaded list ordered it; empty when an officer did."""


@dataclass(frozen=True, slots=True)
class PastStay:
    """A line about an earlier stay."""

    category: Category
    place: Place
    starts_on: date
    ends_on: date
    protocol: str
    outcome: Outcome
    ended_on: date


@dataclass(frozen=True, slots=True)
class Case:
    """Hồ sơ cách ly: a person has one file and at most one open stay in it."""

    person_id: str
    person: Person | None = None
    stay: Stay | None = None
    infection: Infection = field(default_factory=Infection)
    past: tuple[PastStay, ...] = ()
    scans: tuple[str, ...] = ()
    """The latest evidence (scans, check-ins, reports) that already counted as breaches."""
    home: tuple[HomeExposure, ...] = ()
    """What is known of F0 in the household, one line each."""
    home_dismissed_on: date | None = None
    """An officer decided that exposures at home up to this day need no order."""
    joined: Joined = field(default_factory=Joined)
