"""What the doors need to look things up; the unit of work itself comes from common."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from f0_monitoring.domain.model import CareState, Level, Patient, Report
from f0_monitoring.domain.roster import Doctor

After = tuple[int, datetime, str]
"""Where a page ends: rank of the risk, last sign of life, person id."""


@dataclass(frozen=True, slots=True)
class Search:
    """
    Which records are wanted: within *area_codes* or cared for by *carer_id*, and every criterion given.

    *is_own_only* leaves out the area: the patients of that doctor alone.
    """

    area_codes: Collection[str] = ()
    carer_id: str = ""
    is_own_only: bool = False
    is_open: bool = True
    commune_code: str | None = None
    level: Level | None = None
    care: CareState | None = None
    tokens: Sequence[str] = ()


class Patients(Protocol):
    """The records of patients, found by what is asked for."""

    async def open_after(
        self, area_codes: Collection[str], *, limit: int, after: str = "", commune_code: str | None = None
    ) -> list[Patient]:
        """Return open records of these areas in the order of their ids, beyond *after*."""

    async def many(self, person_ids: Collection[str]) -> dict[str, Patient]:
        """Return the records that exist among *person_ids*."""

    async def find(self, search: Search, *, limit: int, after: After | None = None) -> list[Patient]:
        """Return records by risk (worst first), then silence (longest first), then id."""

    async def looked_after_by(self, guardian_id: str, *, limit: int) -> list[Patient]:
        """Return open records that name this person as a carer (người chăm sóc)."""

    async def without_doctor(self, *, limit: int) -> list[Patient]:
        """Return open records that have no doctor yet."""

    async def loads(self) -> dict[str, int]:
        """Return how many open patients each doctor has."""


class Reports(Protocol):
    """The ledger of declarations."""

    async def by_ids(self, report_ids: Collection[str]) -> list[Report]:
        """Return the declarations that exist among *report_ids*, in any order."""

    async def latest_of(self, person_id: str, *, limit: int) -> list[Report]:
        """Return the declarations of a person, the latest first."""


class Doctors(Protocol):
    """The roster."""

    async def roster(self) -> list[Doctor]:
        """Return every doctor, by id."""
