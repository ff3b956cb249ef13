"""Phones of citizens, wishes to be called, and what is forgotten in time."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Protocol

from quarantine.domain.callbacks import Callback
from quarantine.domain.enrolment import Enrolment


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
