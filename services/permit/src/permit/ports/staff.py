"""What firms, their staff lists and the holders' own pages need to look things up."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from common.sheets.pages import Pages
from permit.domain.firms import Firm, FirmStatus
from permit.domain.scans import Scan
from permit.domain.staff_lists import ListStatus, StaffList


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


class StaffLists(Pages, Protocol):
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


class Scans(Protocol):
    """Scans as they are read."""

    async def of_person(
        self, person_id: str, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Scan]:
        """Return where a person's permits were scanned, the latest first."""
