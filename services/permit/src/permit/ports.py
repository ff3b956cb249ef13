"""What the doors need to look things up; the unit of work itself comes from common."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.firms import Firm, FirmStatus
from permit.domain.keyring import Keyring
from permit.domain.model import Holder, Status
from permit.domain.scans import Scan
from permit.domain.staff_lists import ListStatus, StaffList


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


class Keyrings(Protocol):
    """Where the ring of signing keys is read."""

    async def ring(self) -> Keyring | None:
        """Return the ring at its newest."""


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
