"""What the doors need to look things up; the unit of work itself comes from common."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from common.kernel.areas import Area
from quarantine.domain.callbacks import Callback
from quarantine.domain.enrolment import Enrolment
from quarantine.domain.model import Case, Stay
from quarantine.domain.reports import Report


class Worklist(StrEnum):
    """
    Việc hôm nay: what an officer owes whom.

    *overdue*: a day was missed and nothing came since. *abnormal*: the last declaration has symptoms.
    *due*: today is not declared yet. *ending*: the last day has come. *open*: everybody in quarantine.
    """

    OPEN = "open"
    OVERDUE = "overdue"
    ABNORMAL = "abnormal"
    DUE = "due"
    ENDING = "ending"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Search:
    """Which files are wanted: always within *area_codes*; every given criterion must hold."""

    area_codes: Collection[str]
    today: date
    status: Worklist | None = None
    commune_code: str | None = None
    tokens: Sequence[str] = ()
    household_id: str = ""


@dataclass(frozen=True, slots=True)
class OpenStay:
    """An open stay and where it is, with nothing personal about whose it is."""

    person_id: str
    area: Area
    stay: Stay


class Cases(Protocol):
    """The files of people, found by what is asked for."""

    async def get(self, person_id: str) -> Case | None:
        """Return one file."""

    async def many(self, person_ids: Collection[str]) -> dict[str, Case]:
        """Return the files that exist among *person_ids*."""

    async def find(self, search: Search, *, limit: int, after: tuple[str, str] | None = None) -> list[Case]:
        """Return files by last day, then id, beginning after the (last day, id) of *after*."""

    async def open_stays(
        self, search: Search, *, limit: int, after: tuple[str, str] | None = None
    ) -> list[OpenStay]:
        """Return open stays in the order of `find`, whatever the worklist of *search*."""

    async def count(self, search: Search) -> dict[Worklist, int]:
        """Return how many files each worklist of *search* has."""

    async def with_tokens(self, tokens: Collection[str]) -> list[Case]:
        """Return the files that carry any of *tokens*."""

    async def open_like(self, tokens: Sequence[str], either: Sequence[str], *, but: str) -> list[Case]:
        """Return open files other than *but* that carry all *tokens* and one of *either*."""


class Reports(Protocol):
    """The ledger of declarations."""

    async def latest_of(self, person_id: str, *, limit: int) -> list[Report]:
        """Return the declarations of a person, the latest first."""


class Enrolments(Protocol):
    """Enrolled phones."""

    async def get(self, enrolment_id: str) -> Enrolment | None:
        """Return one enrolment."""

    async def of_person(self, person_id: str) -> list[Enrolment]:
        """Return the enrolments that act for a person, the newest first."""


class Answered(Protocol):
    """Challenges that phones answered."""

    async def is_first(self, challenge: str, at: datetime) -> bool:
        """Note that *challenge* was answered; False if it had been before."""


class Callbacks(Protocol):
    """Who waits to be called back."""

    async def waiting(self, area_codes: Collection[str], *, limit: int) -> list[Callback]:
        """Return who waits in these areas, the longest first."""


class AgedCases(Protocol):
    """Files by their age."""

    async def ended_before(self, day: date, *, limit: int, after: str) -> list[str]:
        """Return ids of named, ended files whose last day lies before *day*, in order, beyond *after*."""


class AgedReports(Protocol):
    """Declarations by their age."""

    async def purge(self, before: datetime) -> int:
        """Delete what was received before; rows whose facts still wait to be sent stay."""


class AgedEnrolments(Protocol):
    """Phones by when they ended."""

    async def purge(self, before: datetime) -> int:
        """Delete what was revoked, or ran out unused, before."""
