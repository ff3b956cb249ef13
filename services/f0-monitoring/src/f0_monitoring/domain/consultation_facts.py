"""What happened to consultations, in the words of this service."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from common.kernel.areas import Area
from f0_monitoring.domain.consultation import Consultation, Party, Quality, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfConsultation:
    consultation_id: str
    person_id: str
    area: Area
    doctor_id: str | None

    @property
    def subject(self) -> str:
        """Facts about one consultation stay in order."""
        return self.consultation_id

    @classmethod
    def of(cls, consultation: Consultation, **more: Any) -> Self:
        """Tell it of *consultation*."""
        return cls(
            consultation_id=consultation.consultation_id,
            person_id=consultation.person_id,
            area=consultation.area,
            doctor_id=consultation.doctor_id,
            **more,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationRequested(_OfConsultation):
    """Somebody asks to be seen by the doctor."""

    by: Party
    requested_at: datetime
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationScheduled(_OfConsultation):
    """It has an hour, or another one than before."""

    starts_at: datetime
    minutes: int
    way: Way
    from_starts_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationReminded(_OfConsultation):
    """Its hour is near: whoever can reach the patient may say so."""

    starts_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationHeld(_OfConsultation):
    """They have talked: how long, how, over what kind of line. Nothing of what was said or shown."""

    held_at: datetime
    duration_seconds: int
    way: Way
    quality: Quality
    reconnections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationMissed(_OfConsultation):
    """Nobody spoke by the end of its hour, or nobody answered the wish."""

    starts_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationCancelled(_OfConsultation):
    """It will not take place."""

    by: Party
    reason: str
