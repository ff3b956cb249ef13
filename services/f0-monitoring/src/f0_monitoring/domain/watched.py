"""What a declaration is judged by: a part of the record, because it is read again for each of them."""

from datetime import datetime
from typing import NamedTuple

from common.kernel.areas import Area
from f0_monitoring.domain.model import Doubt, Patient, Profile, Reading


class Watched(NamedTuple):
    """The fields of a `Patient` that keeping a declaration asks for, named alike; see there."""

    person_id: str
    area: Area
    profile: Profile
    is_closed: bool
    carer_ids: frozenset[str]
    guardian_ids: tuple[str, ...]
    doubt: Doubt | None
    first_spo2_percent: int | None
    readings: tuple[Reading, ...]
    last_report_at: datetime | None
    next_due_at: datetime | None
    missed_in_a_row: int

    @classmethod
    def of(cls, patient: Patient) -> "Watched":
        """Return the part of *patient*."""
        return cls(*(getattr(patient, name) for name in cls._fields))


Known = Patient | Watched
"""Whoever only asks for these fields takes either."""
