"""
Tự khai dương tính: somebody says "I tested positive", for themselves or for somebody at home.

It makes nobody an F0: the station confirms or refuses it with a reason. Unanswered it goes up, from the
station to the district to the province. One register per ill person: who sends it twice waits once.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from common.kernel.areas import Actor, Area

UNANSWERED = "unanswered"


class Assay(StrEnum):
    """Which test: self-taken rapid, rapid by health staff, or RT-PCR."""

    SELF_RAPID = "self_rapid"
    RAPID = "rapid"
    PCR = "pcr"


class Status(StrEnum):
    """Where a declaration is."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Reach(StrEnum):
    """Who must answer by now."""

    STATION = "station"
    DISTRICT = "district"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class Patience:
    """The dated rule: how long each unit has, counted from the declaration."""

    version: str
    station: timedelta
    district: timedelta
    most_waiting: int
    oldest_test_days: int


class PatienceRules(Protocol):
    """Which rule was in force on a Vietnamese calendar day."""

    def on(self, day: date) -> Patience:
        """Return what is in force on *day*."""


@dataclass(frozen=True, slots=True)
class SelfDeclaration:
    """
    The latest declaration about one person. *sealed* is the whole form, *note* the station's reason.

    *declarant_id* is the person who sent it; *photo* names the sealed picture of the test, by its SHA-256.
    """

    person_id: str
    declaration_id: str
    area: Area
    declarant_id: str
    is_for_self: bool
    assay: Assay
    tested_on: date
    declared_at: datetime
    status: Status
    sealed: str
    reach: Reach = Reach.STATION
    photo: str = ""
    settled_at: datetime | None = None
    settled_by: str = ""
    note: str = ""

    @property
    def source(self) -> str:
        """What the record that it opens names as its source."""
        return f"self:{self.declaration_id}"


@dataclass(frozen=True, slots=True)
class _ForPerson:
    person_id: str

    @property
    def aggregate_id(self) -> str:
        """One register per ill person."""
        return register_of(self.person_id)


def register_of(person_id: str) -> str:
    """Return the id of a person's register."""
    return f"self-{person_id}"


@dataclass(frozen=True, slots=True)
class DeclareOneself(_ForPerson):
    """
    Tự khai.

    *is_known* says that F0 care has an open record of this person, *last_step_at* when any record of theirs
    was last changed; *waiting* is how many of the sender's declarations wait already.
    """

    by: Actor
    declaration_id: str
    area: Area
    assay: Assay
    tested_on: date
    sealed: str
    photo: str = ""
    is_known: bool = False
    last_step_at: datetime | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class AnswerDeclaration(_ForPerson):
    """Xác nhận hoặc từ chối; *declaration_id* is the one that the officer read. *note* is sealed."""

    by: Actor
    declaration_id: str
    is_confirmed: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawDeclaration(_ForPerson):
    """Rút lại: by whoever sent it."""

    by: Actor
