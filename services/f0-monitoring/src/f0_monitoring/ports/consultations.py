"""What is looked up about consultations."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from f0_monitoring.domain.consultation import Consultation


class Consultations(Protocol):
    """Consultations, found by who takes part."""

    async def one(self, consultation_id: str) -> Consultation | None:
        """Return a consultation."""

    async def of_doctor(
        self, doctor_id: str, person_ids: Collection[str], *, since: datetime, limit: int
    ) -> list[Consultation]:
        """Return what a doctor holds, and the open ones of *person_ids*: open ones, or touched *since*."""

    async def of_areas(
        self, area_codes: Collection[str], *, since: datetime, limit: int
    ) -> list[Consultation]:
        """Return the consultations of patients in these areas: open ones, or touched *since*."""

    async def of_persons(self, person_ids: Collection[str], *, limit: int) -> list[Consultation]:
        """Return the consultations of these patients, the latest first."""
