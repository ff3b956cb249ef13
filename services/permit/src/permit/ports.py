"""What the doors need to look things up; the unit of work itself comes from common."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from common.kernel.trail import Entry, Seal
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.firms import Firm, FirmStatus
from permit.domain.gate_actions import GateAction
from permit.domain.keyring import Keyring
from permit.domain.listed import Listed
from permit.domain.model import Holder, Status
from permit.domain.rollouts import Rollout
from permit.domain.scans import Scan
from permit.domain.shifts import Shift
from permit.domain.staff_lists import ListStatus, StaffList
from permit.domain.watch import Flag


@dataclass(frozen=True, slots=True)
class Search:
    """
    Which files are wanted; every given criterion must hold.

    One of the first three says whose files the caller may see at all.
    """

    area_codes: Collection[str] | None = None
    applied_by: str | None = None
    person_id: str | None = None
    status: Status | None = None
    tokens: Collection[str] = ()
    issuers: Collection[str] | None = None


class Queue(StrEnum):
    """What waits for an officer."""

    APPLICATIONS = "applications"
    APPEALS = "appeals"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many files wait, and how many of them are overdue."""

    waiting: int
    overdue: int


class Holders(Protocol):
    """The files of people who asked for permits."""

    async def of_permit(self, permit_id: str) -> Holder | None:
        """Return the file that holds a permit."""

    async def of_permits(self, permit_ids: Collection[str]) -> Mapping[str, Holder]:
        """Return the files by permit, in one query, at their newest."""

    async def find(
        self, search: Search, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Holder]:
        """Return files by latest application, the newest first, after the (time, person) of *after*."""

    async def waiting(
        self, search: Search, what: Queue, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Holder]:
        """Return files in which something waits, the nearest deadline first, after the (deadline, person)."""

    async def tally(self, search: Search, what: Queue, now: datetime) -> Tally:
        """Count the files in which something waits."""

    async def reached(self, area_codes: Collection[str], *, limit: int, after: str = "") -> list[Holder]:
        """
        Return files with an open permit that is of these areas or goes through them, by person.

        *after* is the person at which the last batch ended.
        """


class Directives(Protocol):
    """Which directive is in force where."""

    async def of_areas(self, codes: Collection[str]) -> Mapping[str, AreaDirective]:
        """Return what is known of these areas."""

    async def every(self) -> list[AreaDirective]:
        """Return all areas that ever had an order, by code."""


class Checkpoints(Protocol):
    """The list of checkpoints."""

    async def of_ids(self, ids: Collection[str]) -> Mapping[str, Checkpoint]:
        """Return those that exist among *ids*."""

    async def every(self) -> list[Checkpoint]:
        """Return all of them, by id."""


class Rollouts(Protocol):
    """Changes going through their areas."""

    async def running(self) -> list[Rollout]:
        """Return those whose minute has come and that are not finished, the longest running first."""

    async def latest(self, limit: int) -> list[Rollout]:
        """Return the newest ones by their minute, planned ones first."""


class Record(Protocol):
    """The record of decisions on file."""

    async def of_permit(self, permit_id: str) -> list[Entry]:
        """Return the entries about one permit, the oldest first."""

    async def tally(self, area_codes: Collection[str], since: datetime) -> Counter[tuple[str, str, str]]:
        """Count the entries of these areas since an instant by act, rule and who (machine or person)."""

    async def seal_next(self, key: bytes, now: datetime) -> Seal | None:
        """Seal the next hour that is over; None if there is none."""


class Keyrings(Protocol):
    """Where the ring of signing keys is read."""

    async def ring(self) -> Keyring | None:
        """Return the ring at its newest."""


class Standings(Protocol):
    """The files, as the lists for scanners read them."""

    async def barred(self) -> list[Listed]:
        """Return every permit that does not count now and whose time is not over."""

    async def of_people(self, person_ids: Collection[str]) -> tuple[list[Listed], Collection[str]]:
        """Return those among the permits of these people, and the ids of all their permits."""


class Changes(Protocol):
    """Which files were written lately."""

    async def since(self, token: str) -> tuple[set[str] | None, str]:
        """Return whose files were written since *token* (None: unknown), and the next token."""


class Watch(Protocol):
    """The watch list of scanners. Doing the same thing twice changes nothing."""

    async def put(self, flag: Flag) -> None:
        """Look at the holder's paper with care from now on, for this reason, too."""

    async def clear(self, permit_id: str, reason: str) -> None:
        """Settle this reason; others stay."""

    async def of_permits(self, permit_ids: Collection[str]) -> frozenset[str]:
        """Return those of *permit_ids* that are watched."""

    async def ends(self) -> Mapping[str, datetime]:
        """Return the watched permits that are on file, each with its end."""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """
    One numbered change of the lists as kept.

    *token* is how far the changes of files had been looked at, *people* whose files it was made from.
    """

    sequence: int
    signed: bytes
    list_hash: bytes
    issued_at: datetime
    token: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Base:
    """The full list after one of the changes."""

    sequence: int
    packed: bytes
    list_hash: bytes
    built_at: datetime
    token: str


class Journal(Protocol):
    """The numbered changes of the lists. An entry is never altered."""

    async def append(self, entry: ListEntry) -> bool:
        """Put *entry* under its number; False if another entry has it."""

    async def after(self, sequence: int, *, until: int | None = None) -> list[ListEntry]:
        """Return the entries after *sequence*, in order, not beyond *until*."""

    async def newest(self) -> ListEntry | None:
        """Return the entry with the highest number."""

    async def base(self) -> Base | None:
        """Return the newest full list."""

    async def keep_base(self, base: Base) -> None:
        """Keep a full list; the first one of a number stays."""

    async def note_checked(self, at: datetime) -> None:
        """Note that at *at* the newest entry said all there was to say."""

    async def checked_at(self) -> datetime | None:
        """Return the latest such instant."""

    async def forget(self, before_sequence: int, issued_before: datetime) -> None:
        """Forget entries and full lists that are older than both."""


class GateActions(Protocol):
    """What officers did at checkpoints."""

    async def find(
        self,
        codes: Collection[str],
        acts: Collection[str],
        *,
        officer: str | None = None,
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> list[GateAction]:
        """Return the acts in an area, the newest first, after the (time, id) of *after*."""


class Shifts(Protocol):
    """Shifts at checkpoints."""

    async def find(
        self, codes: Collection[str], *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Shift]:
        """Return the shifts in an area, the newest first, after the (time, id) of *after*."""

    async def received(self, shift: Shift, until: datetime) -> int:
        """Return how many scans of the shift have arrived."""


class FirmById(Protocol):
    """Firms by id."""

    async def of_id(self, firm_id: str) -> Firm | None:
        """Return one firm."""


class Firms(FirmById, Protocol):
    """Firms by id, by area and by tax code."""

    async def in_areas(
        self,
        codes: Collection[str],
        status: FirmStatus | None,
        *,
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> list[Firm]:
        """Return firms of these areas, the longest waiting first, after the (time, id) of *after*."""

    async def with_tax_code(self, tax_code: str) -> int:
        """Count the accounts that registered a tax code: more than one is for the officer to see."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """
    Some rows of a staff list: *sealed* is what the sheet says, *answers* what became of each row.

    An answer is `{"row": number in the sheet, "outcome", "permit_id", "message"}`.
    """

    list_id: str
    number: int
    sealed: str
    answers: tuple[Mapping[str, str | int], ...]


class StaffLists(Protocol):
    """Staff lists and their pages. Pages are deleted by themselves some days after they came."""

    async def of_id(self, list_id: str) -> StaffList | None:
        """Return one list."""

    async def of_subject(
        self, subject: str, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[StaffList]:
        """Return the lists of an account, the newest first, after the (time, id) of *after*."""

    async def in_status(
        self, status: ListStatus, *, limit: int, firm_id: str | None = None
    ) -> list[StaffList]:
        """Return lists in a status, the longest waiting first."""

    async def waiting_firms(self) -> list[str]:
        """Return the firms whose lists wait for their confirmation."""

    async def keep_pages(self, pages: Collection[ListPage]) -> None:
        """Keep pages, in place of those of the same list and number."""

    async def pages(self, list_id: str, first: int, count: int) -> list[ListPage]:
        """Return some pages of a list in order; fewer when they were deleted."""


class Scans(Protocol):
    """Scans as they are read."""

    async def of_person(
        self, person_id: str, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Scan]:
        """Return where a person's permits were scanned, the latest first."""
