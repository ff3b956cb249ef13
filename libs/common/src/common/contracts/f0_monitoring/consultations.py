"""Facts of consultations (tư vấn, khám từ xa) between F0 and their doctors."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from common.contracts.base import Code, Id, Instant, PersonFact

CONSULTATIONS = "f0.consultations.v1"


class Way(StrEnum):
    """With a picture, by voice in the browser, or by an ordinary telephone."""

    VIDEO = "video"
    AUDIO = "audio"
    PHONE = "phone"


class Party(StrEnum):
    """Who acted."""

    PATIENT = "patient"
    PROXY = "proxy"
    DOCTOR = "doctor"
    OFFICER = "officer"
    MACHINE = "machine"


class LineQuality(StrEnum):
    """How well the line carried the talk; unknown when nobody measured it, as on a telephone."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNKNOWN = "unknown"


class ConsultationFact(PersonFact):
    """A fact about one consultation. Facts of a consultation stay in order, those of a patient need not."""

    key: ClassVar[str] = "consultation_id"

    consultation_id: Id
    doctor_id: Id | None = None
    """The doctor who holds it; missing while the patient has none."""


class ConsultationRequested(ConsultationFact):
    """Somebody asked to be seen by the doctor."""

    type: ClassVar[str] = "f0-monitoring.consultation-requested.v1"
    topic: ClassVar[str] = CONSULTATIONS

    by: Party
    requested_at: Instant
    way: Way


class ConsultationScheduled(ConsultationFact):
    """A consultation has an hour; *from_starts_at* is the one it had before."""

    type: ClassVar[str] = "f0-monitoring.consultation-scheduled.v1"
    topic: ClassVar[str] = CONSULTATIONS

    starts_at: Instant
    minutes: Annotated[int, Field(ge=1, le=240)]
    way: Way
    from_starts_at: Instant | None = None


class ConsultationReminded(ConsultationFact):
    """The hour is near: whoever can reach the patient may say so."""

    type: ClassVar[str] = "f0-monitoring.consultation-reminded.v1"
    topic: ClassVar[str] = CONSULTATIONS

    starts_at: Instant


class ConsultationHeld(ConsultationFact):
    """Doctor and patient have talked; nothing of what was said or shown is kept anywhere."""

    type: ClassVar[str] = "f0-monitoring.consultation-held.v1"
    topic: ClassVar[str] = CONSULTATIONS

    held_at: Instant
    duration_seconds: Annotated[int, Field(ge=0)]
    """How long both were connected, breaks left out; for a telephone call, what the doctor noted."""
    way: Way
    quality: LineQuality
    loss_percent: Annotated[float, Field(ge=0, le=100)] | None = None
    round_trip_ms: Annotated[int, Field(ge=0)] | None = None
    was_relayed: bool
    """Whether the media went through the relay (TURN) instead of directly."""
    reconnections: Annotated[int, Field(ge=0)]


class ConsultationMissed(ConsultationFact):
    """Nobody spoke by the end of the hour (not-held), or nobody answered the wish (unanswered)."""

    type: ClassVar[str] = "f0-monitoring.consultation-missed.v1"
    topic: ClassVar[str] = CONSULTATIONS

    starts_at: Instant | None = None
    reason: Code


class ConsultationCancelled(ConsultationFact):
    """A consultation will not take place."""

    type: ClassVar[str] = "f0-monitoring.consultation-cancelled.v1"
    topic: ClassVar[str] = CONSULTATIONS

    by: Party
    reason: Code
