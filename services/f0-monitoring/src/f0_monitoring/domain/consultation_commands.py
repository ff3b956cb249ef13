"""What can be asked of a consultation; what its room tells of the call is in `calls`."""

from dataclasses import dataclass
from datetime import datetime

from common.kernel.areas import Actor, Area
from f0_monitoring.domain.consultation import Party, Way


@dataclass(frozen=True, slots=True)
class _Ordered:
    consultation_id: str

    @property
    def aggregate_id(self) -> str:
        """Id of the consultation that this changes."""
        return self.consultation_id


@dataclass(frozen=True, slots=True)
class RequestConsultation(_Ordered):
    """Xin được bác sĩ tư vấn. *wish* is sealed; *party* is as whom *by* acts, looked up in the record."""

    person_id: str
    area: Area
    doctor_id: str | None
    way: Way
    wish: str
    by: Actor
    party: Party
    is_record_open: bool = True


@dataclass(frozen=True, slots=True)
class ScheduleConsultation(_Ordered):
    """Hẹn giờ (or another hour). *doctor_id* holds it from now on."""

    doctor_id: str
    starts_at: datetime
    minutes: int
    way: Way
    by: Actor
    party: Party


@dataclass(frozen=True, slots=True)
class CancelConsultation(_Ordered):
    """Hủy. *reason* is a code."""

    reason: str
    by: Actor
    party: Party


@dataclass(frozen=True, slots=True)
class NoteConsultation(_Ordered):
    """Ghi kết quả: the doctor's words (sealed) and the number of a prescription, during or after the talk."""

    note: str
    prescription_ref: str
    by: Actor
    party: Party
