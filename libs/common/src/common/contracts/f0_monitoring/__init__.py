"""Facts of the F0 monitoring service: patients, their risk, and their declarations."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from common.contracts.base import Code, Document, Id, Instant, PersonFact
from common.contracts.f0_monitoring.consultations import (
    CONSULTATIONS,
    ConsultationCancelled,
    ConsultationHeld,
    ConsultationMissed,
    ConsultationReminded,
    ConsultationRequested,
    ConsultationScheduled,
)
from common.contracts.vitals import (
    BreathsPerMinute,
    Consciousness,
    DeclaredBy,
    MillimetresOfMercury,
    PulsePerMinute,
    SpO2,
    Temperature,
)

__all__ = [
    "CONSULTATIONS",
    "ConsultationCancelled",
    "ConsultationHeld",
    "ConsultationMissed",
    "ConsultationReminded",
    "ConsultationRequested",
    "ConsultationScheduled",
]
"""What belongs to consultations is kept in `consultations` and read here, too."""

PATIENTS = "f0.patients.v1"
REPORTS = "f0.reports.v1"


class Origin(StrEnum):
    """Who declared the patient: an officer, the quarantine service (contact), or the person."""

    OFFICER = "officer"
    CONTACT = "contact"
    SELF = "self"


class RiskLevel(StrEnum):
    """Nguy cơ: thấp (xanh), trung bình (vàng), cao (cam), rất cao (đỏ)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


class CareState(StrEnum):
    """Where a patient is in the course of care."""

    DECLARED = "declared"
    AT_HOME = "at_home"
    TRANSFERRING = "transferring"
    IN_HOSPITAL = "in_hospital"
    RECOVERED = "recovered"
    DIED = "died"
    WRONGLY_DECLARED = "wrongly_declared"


class Outcome(StrEnum):
    """How an F0 record was closed."""

    RECOVERED = "recovered"
    DIED = "died"
    WRONGLY_DECLARED = "wrongly_declared"


class Reason(BaseModel):
    """One criterion that fired."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    criterion: Code
    value: int | float | str | None = None
    threshold: int | float | str | None = None
    document: Document


class PatientDeclared(PersonFact):
    """Somebody is an F0 (ca F0) and under care from now on."""

    type: ClassVar[str] = "f0-monitoring.patient-declared.v1"
    topic: ClassVar[str] = PATIENTS

    origin: Origin
    declared_at: Instant
    age_years: Annotated[int, Field(ge=0, le=130)]
    risk_level: RiskLevel
    ruleset: Code
    care_state: CareState


class RiskEscalated(PersonFact):
    """A patient's risk rose."""

    type: ClassVar[str] = "f0-monitoring.risk-escalated.v1"
    topic: ClassVar[str] = PATIENTS

    from_level: RiskLevel
    to_level: RiskLevel
    ruleset: Code
    report_id: Id | None = None
    assessed_at: Instant
    is_danger_sign: bool
    carer_id: Id | None = None
    """The doctor who looks after the patient, if there is one yet."""
    reasons: tuple[Reason, ...] = ()


class RiskLowered(PersonFact):
    """A patient's risk fell, after the calm period of the rules."""

    type: ClassVar[str] = "f0-monitoring.risk-lowered.v1"
    topic: ClassVar[str] = PATIENTS

    from_level: RiskLevel
    to_level: RiskLevel
    ruleset: Code
    report_id: Id | None = None
    assessed_at: Instant
    is_danger_sign: bool
    carer_id: Id | None = None
    reasons: tuple[Reason, ...] = ()


class DoctorAssigned(PersonFact):
    """A doctor looks after a patient."""

    type: ClassVar[str] = "f0-monitoring.doctor-assigned.v1"
    topic: ClassVar[str] = PATIENTS

    doctor_id: Id
    from_doctor_id: Id | None = None
    reason: Code
    because: Code | None = None
    """Why there was to be another: new, off-duty, full, back, manual, released, nobody."""
    lead_id: Id | None = None
    """The doctor in charge over the days, where that is another: at night somebody covers."""


class PatientMoved(PersonFact):
    """A patient's care went on elsewhere."""

    type: ClassVar[str] = "f0-monitoring.patient-moved.v1"
    topic: ClassVar[str] = PATIENTS

    from_state: CareState
    to_state: CareState
    risk_level: RiskLevel
    reason: Code


class PatientClosed(PersonFact):
    """An F0 record is closed; *care_state* and *risk_level* are those it had until then."""

    type: ClassVar[str] = "f0-monitoring.patient-closed.v1"
    topic: ClassVar[str] = PATIENTS

    outcome: Outcome
    care_state: CareState
    risk_level: RiskLevel
    closed_on: date


class HealthReported(PersonFact):
    """An F0's declaration with vital signs."""

    type: ClassVar[str] = "f0-monitoring.health-reported.v1"
    topic: ClassVar[str] = REPORTS
    sequenced: ClassVar[bool] = False

    report_id: Id
    reported_at: Instant
    """When it was filled in, by the phone's clock."""
    received_at: Instant
    is_late: bool
    declared_by: DeclaredBy
    spo2_percent: SpO2 | None = None
    spo2_repeat_percent: SpO2 | None = None
    """Second measurement, asked for when the first was low or odd."""
    temperature_celsius: Temperature | None = None
    pulse_per_minute: PulsePerMinute | None = None
    breaths_per_minute: BreathsPerMinute | None = None
    systolic_mmhg: MillimetresOfMercury | None = None
    diastolic_mmhg: MillimetresOfMercury | None = None
    on_oxygen: bool
    consciousness: Consciousness
    symptoms: tuple[Code, ...] = ()
    channel: Code | None = None
    """The app that it came through; `app:la-chan` is a phone enrolled with us."""


class DeclarationMissed(PersonFact):
    """No declaration came by its deadline."""

    type: ClassVar[str] = "f0-monitoring.declaration-missed.v1"
    topic: ClassVar[str] = REPORTS

    due_at: Instant
    missed_in_a_row: Annotated[int, Field(ge=1)]
    last_report_at: Instant | None = None
    risk_level: RiskLevel
    carer_id: Id | None = None
