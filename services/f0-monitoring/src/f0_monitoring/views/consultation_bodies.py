"""What people send and get back about consultations."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from common.http.bodies import Body
from common.kernel.messages import MessageState
from f0_monitoring.domain.consultation import Grade, Party, State, Way
from f0_monitoring.ports.meeting import Seat
from f0_monitoring.views.requests import DoctorIdText

Secret = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,100}$")]
PrescriptionRef = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./-]{2,39}$")]


class WishBody(Body):
    """Xin được bác sĩ tư vấn."""

    way: Literal["video", "audio", "phone"] = Field(description="Gọi có hình, gọi tiếng, hay điện thoại")
    wish: str = Field(default="", max_length=500, description="Muốn hỏi gì (không bắt buộc)")


class HourBody(Body):
    """Hẹn giờ."""

    starts_at: AwareDatetime = Field(description="Giờ hẹn")
    minutes: int = Field(default=15, description="Thời gian dự kiến, 5-60 phút")
    way: Literal["video", "audio", "phone"] | None = Field(default=None, description="Để trống: như đã xin")
    doctor_id: DoctorIdText | None = Field(default=None, description="Để trống: bác sĩ phụ trách")


class CancelBody(Body):
    """Hủy cuộc tư vấn."""

    reason: Literal["patient-better", "went-to-hospital", "not-reached", "asked-by-mistake", "other"] = Field(
        description="Lý do"
    )


class ResultBody(Body):
    """Ghi kết quả tư vấn; *phone_minutes* khi đã gọi bằng điện thoại thường."""

    phone_minutes: int | None = Field(
        default=None, description="Số phút đã gọi điện, nếu không gọi qua trang"
    )
    note: str = Field(default="", max_length=2_000, description="Nhận định, chỉ bác sĩ đọc")
    advice: str = Field(default="", max_length=2_000, description="Lời dặn, người bệnh đọc được")
    prescription_ref: PrescriptionRef | Literal[""] = Field(
        default="", description="Mã đơn thuốc hoặc túi thuốc"
    )


class LinkBody(Body):
    """Mở đường dẫn một lần."""

    link: Secret


class TicketBody(Body):
    """Lượt vào phòng khám."""

    ticket: Secret


class StepView(BaseModel):
    """Who did what, when, why."""

    to_state: State
    at: datetime
    party: Party
    reason: str


class QualityView(BaseModel):
    """The line, as both browsers measured it."""

    grade: Grade
    loss_percent: float | None
    round_trip_ms: int | None
    is_relayed: bool
    reconnections: int


class ReminderView(BaseModel):
    """Tin nhắn nhắc hẹn: what became of it; for staff. *fault* is a word of the gateway or of ours."""

    state: MessageState
    at: datetime | None
    fault: str


class ConsultationView(BaseModel):
    """
    Cuộc tư vấn.

    *as_party* is as whom the reader looks at it. Doctors and staff see the patient's telephone, patients
    their doctor's; *note* is for doctors alone.
    """

    consultation_id: str
    person_id: str
    patient_name: str
    doctor_id: str | None
    doctor_name: str
    call_number: str
    commune_name: str
    as_party: Party
    way: Way
    state: State
    is_over: bool
    may_enter: bool
    wish: str
    requested_at: datetime
    requested_by: Party
    starts_at: datetime | None
    ends_at: datetime | None
    minutes: int
    duration_seconds: int | None
    quality: QualityView | None
    note: str
    advice: str
    prescription_ref: str
    noted_at: datetime | None
    history: list[StepView]
    reminder: ReminderView | None = None


class PersonChoice(BaseModel):
    """Somebody for whom the signed-in citizen may ask: oneself, or whom one cares for."""

    person_id: str
    full_name: str
    doctor_name: str
    doctor_phone: str


class ConsultationsView(BaseModel):
    """Consultations, open ones first; *people* is for whom a citizen may ask."""

    items: list[ConsultationView]
    people: list[PersonChoice]
    as_of: datetime


class WaitingView(BaseModel):
    """Who sits in which room now, without names: asked for every few seconds."""

    items: dict[str, list[Seat]]
    as_of: datetime


class IceServerView(BaseModel):
    """One server of RTCConfiguration.iceServers."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class EntryView(BaseModel):
    """How to get into the room; *ticket* is shown this once."""

    kind: str
    consultation_id: str
    address: str
    ticket: str
    seat: Seat
    expires_at: datetime
    call_number: str
    other_name: str


class LinkView(BaseModel):
    """A link that opens the room once, without a login; *path* ends in the secret, after a `#`."""

    path: str
    expires_at: datetime
    phone: str


class IceServersView(BaseModel):
    """Where browsers find each other, and until when the relay takes these credentials."""

    ice_servers: list[IceServerView]
    expires_at: datetime
