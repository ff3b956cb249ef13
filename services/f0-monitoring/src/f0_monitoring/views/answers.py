"""What people get back, besides the record itself."""

from datetime import date, datetime

from pydantic import BaseModel

from f0_monitoring.domain.model import DeclaredBy, Report
from f0_monitoring.views.record import PatientView
from f0_monitoring.views.roster import ShiftView


class ReceiptView(BaseModel):
    """
    Số tiếp nhận, and what to do next in Vietnamese (*advice* is empty when there is nothing to do).

    *remeasure* names the fields to measure again after the given seconds; the reading counts at
    *remeasure_by* if nobody does (never by itself when that is empty).
    """

    receipt: str
    report_id: str
    is_late: bool
    ask_remeasure: bool
    remeasure: list[str] = []
    remeasure_after_seconds: int = 30
    remeasure_within_seconds: int = 60
    remeasure_by: datetime | None = None
    has_danger_sign: bool
    advice: str


class ReportView(BaseModel):
    """A declaration as read back."""

    report_id: str
    receipt: str
    reported_at: datetime
    received_at: datetime
    is_late: bool
    declared_by: DeclaredBy
    spo2_percent: int | None
    spo2_repeat_percent: int | None
    temperature_celsius: float | None
    pulse_per_minute: int | None
    breaths_per_minute: int | None
    systolic_mmhg: int | None
    diastolic_mmhg: int | None
    on_oxygen: bool
    consciousness: str
    symptoms: list[str]
    news2: int | None

    @classmethod
    def of(cls, report: Report, *, receipt: str, news2: int | None, symptoms: list[str]) -> "ReportView":
        """Build from the row of the ledger; *symptoms* in Vietnamese."""
        measured = report.vitals
        return cls(
            report_id=report.report_id,
            receipt=receipt,
            reported_at=report.reported_at,
            received_at=report.received_at,
            is_late=report.is_late,
            declared_by=report.declared_by,
            spo2_percent=measured.spo2_percent,
            spo2_repeat_percent=measured.spo2_repeat_percent,
            temperature_celsius=measured.temperature_celsius,
            pulse_per_minute=measured.pulse_per_minute,
            breaths_per_minute=measured.breaths_per_minute,
            systolic_mmhg=measured.systolic_mmhg,
            diastolic_mmhg=measured.diastolic_mmhg,
            on_oxygen=measured.on_oxygen,
            consciousness=measured.consciousness.value,
            symptoms=symptoms,
            news2=news2,
        )


class ReportsView(BaseModel):
    """The latest declarations of a person, newest first."""

    items: list[ReportView]


class DoctorView(BaseModel):
    """A doctor of the roster."""

    doctor_id: str
    name: str
    phone: str
    commune_codes: list[str]
    district_codes: list[str]
    capacity: int
    load: int
    specialities: list[str]
    on_duty: bool
    profession: str
    duty_at: datetime | None
    duty_by: str
    shifts: list[ShiftView]
    is_lead: bool = False


class DoctorsView(BaseModel):
    """The roster."""

    items: list[DoctorView]


class FamilyMember(BaseModel):
    """Somebody that the signed-in citizen may declare for."""

    person_id: str
    full_name: str
    next_due_at: datetime | None


class DutyView(BaseModel):
    """Việc hôm nay: until when the next declaration is owed."""

    name: str
    opens_at: datetime
    due_at: datetime


class MeView(BaseModel):
    """Trang của tôi."""

    person_id: str
    full_name: str
    commune_name: str
    duty: DutyView | None
    last_receipt: ReportView | None
    patient: PatientView
    family: list[FamilyMember]
    as_of: datetime


class ReadingView(BaseModel):
    """Who read my data."""

    at: datetime
    roles: list[str]
    purpose: str


class ReadingsView(BaseModel):
    """Ai đã xem dữ liệu của tôi."""

    items: list[ReadingView]


class WordView(BaseModel):
    """A code of the form with what people read."""

    code: str
    vi: str
    en: str
    is_danger_sign: bool


class BoundsView(BaseModel):
    """What a measurement can be at all."""

    lowest: float
    highest: float
    advice: str


class SlotView(BaseModel):
    """A time of day in which one declaration is owed, local time."""

    name: str
    opens: str
    due: str


class FormView(BaseModel):
    """Phiếu theo dõi: what is asked, within which limits, at which times of day."""

    version: str
    document: str
    slots: list[SlotView]
    bounds: dict[str, BoundsView]
    symptoms: list[WordView]
    conditions: list[WordView]


class RulesetView(BaseModel):
    """A dated rule file; *confidence* says whether a text of the document was read."""

    version: str
    key: str
    title: str
    document: str
    effective_from: date
    effective_to: date | None
    is_in_force: bool
    confidence: str
    to_be_confirmed: bool
    note: str


class RulesetsView(BaseModel):
    """Quy định, the newest first."""

    items: list[RulesetView]
