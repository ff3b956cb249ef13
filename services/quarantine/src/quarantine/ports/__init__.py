"""What the doors need to look things up; the unit of work itself comes from common."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from common.kernel.areas import Area
from quarantine.domain.facility import Facility
from quarantine.domain.figures import FigureRow, Figures
from quarantine.domain.model import Case, Stay
from quarantine.domain.papers import Paper
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


@dataclass(frozen=True, slots=True)
class Lookalike:
    """An open file as far as a namesake is told by it: its tokens and days."""

    person_id: str
    tokens: frozenset[str]
    starts_on: date
    ends_on: date


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

    async def open_with(self, names: Collection[str], either: Collection[str]) -> list[Lookalike]:
        """Return what open files that carry one of *names* and one of *either* are found by."""


class Reports(Protocol):
    """The ledger of declarations."""

    async def latest_of(self, person_id: str, *, limit: int) -> list[Report]:
        """Return the declarations of a person, the latest first."""


class TestList(StrEnum):
    """Xét nghiệm: due today, overdue, or taken today."""

    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class TestSearch:
    """Whose tests are wanted: always within *area_codes*."""

    area_codes: Collection[str]
    today: date
    status: TestList = TestList.DUE
    commune_code: str | None = None


@dataclass(frozen=True, slots=True)
class TestCounts:
    """How many tests of one commune are due today, overdue, done today."""

    due: int
    overdue: int
    done: int


class HandoverSide(StrEnum):
    """Offered to somebody (in) or by somebody (out)."""

    IN = "in"
    OUT = "out"


class Moves(Protocol):
    """The same files, found by tests owed, cases at home, handovers and beds."""

    async def tests(
        self, search: TestSearch, *, limit: int, after: tuple[str, str] | None = None
    ) -> list[Case]:
        """Return files of a list of tests, the longest owed first, beginning after (day, id)."""

    async def test_counts(self, search: TestSearch) -> dict[str, TestCounts]:
        """Return how many tests are due, overdue and done today in each commune."""

    async def proposals(self, area_codes: Collection[str], *, limit: int) -> list[Case]:
        """Return files of people who live with an F0 and of whom nobody has decided."""

    async def handovers(
        self, area_codes: Collection[str], side: HandoverSide, states: Collection[str], *, limit: int
    ) -> list[Case]:
        """Return files that are offered to (in) or by (out) these areas."""

    async def waiting_for_bed(self, area_codes: Collection[str], *, limit: int) -> list[Case]:
        """Return files of people who are to stay in a facility and have no bed."""

    async def households(self, household_ids: Collection[str]) -> list[tuple[Case, int]]:
        """Return the files of everybody in these households, with their versions."""


class Facilities(Protocol):
    """Facilities for centralised quarantine."""

    async def of_areas(self, within: Collection[str], served: Collection[str]) -> list[Facility]:
        """Return the facilities that stand *within* these areas or serve one of *served*, by name."""


class Papers(Protocol):
    """Papers that were printed."""

    async def of_number(self, number: str) -> Paper | None:
        """Return the paper with this number."""


class FigureStore(Protocol):
    """The figures, kept from our own facts."""

    async def add(self, rows: Collection[FigureRow]) -> None:
        """Add rows, each once. Raises transient faults only."""

    async def sums(self, codes: Collection[str], first: date, last: date) -> dict[str, Figures]:
        """Return the figures of every commune in these areas, from *first* to *last*, both included."""
