"""What the doors need to look things up; the unit of work itself comes from common."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from common.kernel.areas import Area
from common.sheets.upload_desk import Uploads
from f0_monitoring.domain.cover import Cover
from f0_monitoring.domain.equipment import Device
from f0_monitoring.domain.model import CareState, Level, Patient, Report
from f0_monitoring.domain.roster import Doctor
from f0_monitoring.domain.self_declared import SelfDeclaration
from f0_monitoring.domain.timeline import Entry, Words
from f0_monitoring.domain.watched import Watched

After = tuple[int, datetime, str]
"""Where a page ends: rank of the risk, last sign of life, person id."""


@dataclass(frozen=True, slots=True)
class Search:
    """
    Which records are wanted: within *area_codes* or cared for by *carer_id*, and every criterion given.

    *is_own_only* leaves out the area: the patients of that doctor alone. *tab* is a tab of the worklist (act,
    quiet, aside, knock), by what is put aside at *now*.
    """

    area_codes: Collection[str] = ()
    carer_id: str = ""
    is_own_only: bool = False
    is_open: bool = True
    commune_code: str | None = None
    level: Level | None = None
    care: CareState | None = None
    tokens: Sequence[str] = ()
    tab: str = ""
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open records are behind each tab of the worklist; *mine*: of the reader as a doctor."""

    act: int = 0
    quiet: int = 0
    aside: int = 0
    knock: int = 0
    all: int = 0
    mine: int = 0


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Open patients of one commune without a doctor on duty: how many, the worst level, how many pinned."""

    area: Area
    patients: int
    level: Level
    pinned: int


class Patients(Protocol):
    """The records of patients, found by what is asked for."""

    async def open_after(
        self, area_codes: Collection[str], *, limit: int, after: str = "", commune_code: str | None = None
    ) -> list[Patient]:
        """Return open records of these areas in the order of their ids, beyond *after*."""

    async def many(self, person_ids: Collection[str]) -> dict[str, Patient]:
        """Return the records that exist among *person_ids*."""

    async def watched(self, person_ids: Collection[str]) -> dict[str, Watched]:
        """Return of the records that exist among *person_ids* what declarations are judged by."""

    async def find(self, search: Search, *, limit: int, after: After | None = None) -> list[Patient]:
        """Return records by risk (worst first), then silence (longest first), then id."""

    async def rows(self, search: Search, *, limit: int, after: After | None = None) -> list[Patient]:
        """Return records behind the tab of *search*, in the order of `find`."""

    async def counts(self, search: Search) -> Counts:
        """Return how many are behind each tab, whatever the tab of *search* is."""

    async def looked_after_by(self, guardian_id: str, *, limit: int) -> list[Patient]:
        """Return open records that name this person as a carer (người chăm sóc)."""

    async def without_doctor(self, *, limit: int) -> list[Patient]:
        """Return open records that have no doctor yet."""

    async def awaiting_details(self, codes: Collection[str], *, limit: int) -> list[Patient]:
        """Return open records of these areas that nobody has named yet, the oldest first."""

    async def at_home_since(
        self,
        codes: Collection[str],
        tested_on: date,
        *,
        limit: int,
        after: tuple[date, str] | None = None,
    ) -> list[Patient]:
        """Return patients at home of these areas who tested positive by that day, the longest first."""

    async def in_areas(self, codes: Collection[str], *, limit: int, after: str = "") -> list[Patient]:
        """Return records of these areas, open and closed, by person id."""

    async def loads(self) -> dict[str, int]:
        """Return how many open patients each doctor has."""

    async def misplaced(self, on_duty: Collection[str], *, limit: int) -> list[Patient]:
        """Return open patients, not pinned, whose doctor is none of *on_duty*: the worst first."""

    async def away(self, leads: Collection[str], *, limit: int) -> list[Patient]:
        """Return open patients, not pinned, who are with another than their own doctor out of *leads*."""

    async def calmest_of(self, doctor_id: str, *, limit: int) -> list[Patient]:
        """Return open patients of a doctor, not pinned, who would miss the doctor least."""

    async def uncovered(self, on_duty: Collection[str]) -> list[Uncovered]:
        """Return the communes in which open patients have none of *on_duty*."""


class Reports(Protocol):
    """The ledger of declarations."""

    async def by_ids(self, report_ids: Collection[str]) -> list[Report]:
        """Return the declarations that exist among *report_ids*, in any order."""

    async def latest_of(self, person_id: str, *, limit: int) -> list[Report]:
        """Return the declarations of a person, the latest first."""

    async def person_of(self, report_id: str) -> str | None:
        """Return whom a declaration is about, or None when there is no such."""


class CaseLists(Uploads, Protocol):
    """Uploaded lists of F0 and their pages."""


class SelfDeclarations(Protocol):
    """What people declared themselves, one register per ill person."""

    async def of_people(self, person_ids: Collection[str]) -> dict[str, SelfDeclaration]:
        """Return the latest declarations about these people."""

    async def waiting(self, codes: Collection[str], *, limit: int) -> list[SelfDeclaration]:
        """Return what waits for an answer in these areas, the oldest first."""

    async def sent_by(self, declarant_id: str, *, limit: int) -> list[SelfDeclaration]:
        """Return what one person sent, the newest first."""


class TestPhotos(Protocol):
    """Sealed pictures of tests; they are deleted by themselves after some days."""

    async def keep(self, owner_id: str, digest: str, sealed: str) -> None:
        """Keep a picture; the same one again changes nothing."""

    async def sealed_of(self, owner_id: str, digest: str) -> str | None:
        """Return a sealed picture, or None when it never came or was deleted."""


class Doctors(Protocol):
    """The roster."""

    async def roster(self) -> list[Doctor]:
        """Return every doctor, by id."""


class Covers(Protocol):
    """Communes and whether their patients have a doctor on duty."""

    async def broken(self) -> list[Cover]:
        """Return the communes of which it was told that somebody has none."""


class Devices(Protocol):
    """Lent equipment."""

    async def lent_to(self, person_ids: Collection[str]) -> list[Device]:
        """Return the devices that are with these patients."""


class Timeline(Protocol):
    """What happened to patients."""

    async def of(self, person_id: str, *, limit: int) -> list[Entry]:
        """Return what happened to a person, the latest first."""


class WordsKept(Protocol):
    """What was written about patients, sealed."""

    async def many(self, words_ids: Collection[str]) -> dict[str, Words]:
        """Return what was written under these ids."""


class Changes(Protocol):
    """Whose record or timeline was written."""

    async def since_last(self) -> set[str] | None:
        """Return the people concerned since the last call; None when that is not known."""

    async def rest(self) -> None:
        """Stop following: nobody looks."""
