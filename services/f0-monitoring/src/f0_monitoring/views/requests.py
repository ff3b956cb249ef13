"""What people send."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from common.http.bodies import Body
from common.people.body import PersonBody
from f0_monitoring.domain.model import CareState, Consciousness, DeclaredBy, Vitals
from f0_monitoring.domain.self_declared import Assay

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
PersonIdText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
DoctorIdText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
CommuneCode = Annotated[str, StringConstraints(pattern=r"^\d{5}$")]
DistrictCode = Annotated[str, StringConstraints(pattern=r"^\d{3}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
DeclarationId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
Words = Annotated[str, StringConstraints(min_length=2, max_length=500)]
"""A reason that somebody will read. A plain code (worsening, end-of-care) goes on the bus, words do not."""


class DetailsBody(Body):
    """Bổ sung thông tin của hồ sơ mở từ F1: who it is, and what decides the risk before any measurement."""

    person: PersonBody
    address: str = Field(min_length=2, max_length=200, description="Số nhà, thôn, tổ")
    onset_on: date | None = Field(default=None, description="Ngày có triệu chứng đầu tiên")
    conditions: list[Code] = Field(default_factory=list, max_length=30, description="Bệnh nền")
    pregnant: bool = Field(default=False, description="Đang mang thai")
    vaccination_doses: int = Field(default=0, ge=0, le=10, description="Số mũi đã tiêm")
    weight_kg: float | None = Field(default=None, gt=0.3, lt=350, description="Cân nặng, kg")
    carers: list[PersonIdText] = Field(
        default_factory=list, max_length=5, description="Mã người thân được khai hộ"
    )


class PatientBody(DetailsBody):
    """Khai báo một F0."""

    commune_code: CommuneCode = Field(description="Mã xã, phường nơi theo dõi")
    tested_on: date = Field(description="Ngày có kết quả dương tính")


class SelfDeclarationBody(Body):
    """Tự khai dương tính, cho bản thân hoặc người nhà."""

    is_for_self: bool = Field(description="Bản thân tôi; nếu không: người nhà")
    person: PersonBody
    commune_code: CommuneCode = Field(description="Mã xã, phường nơi đang ở")
    address: str = Field(min_length=2, max_length=200, description="Số nhà, thôn, tổ")
    test: Assay = Field(description="Tự test nhanh, nhân viên y tế test nhanh, hoặc RT-PCR")
    tested_on: date = Field(description="Ngày có kết quả dương tính")
    photo_sha256: Sha256 | None = Field(default=None, description="Ảnh que thử đã gửi trước")
    onset_on: date | None = Field(default=None, description="Ngày có triệu chứng đầu tiên")
    conditions: list[Code] = Field(default_factory=list, max_length=30, description="Bệnh nền")
    pregnant: bool = Field(default=False, description="Đang mang thai")
    vaccination_doses: int = Field(default=0, ge=0, le=10, description="Số mũi đã tiêm")

    def to_patient(self) -> PatientBody:
        """Return the declaration that the station makes of it."""
        given = self.model_dump(exclude={"is_for_self", "test", "photo_sha256"})
        return PatientBody.model_validate(given)


class AnswerBody(Body):
    """Trạm y tế trả lời một tờ tự khai."""

    declaration_id: DeclarationId = Field(description="Tờ khai đã đọc")
    confirmed: bool = Field(description="Xác nhận là F0")
    reason: Words | None = Field(default=None, description="Lý do, bắt buộc khi từ chối; người dân sẽ đọc")

    @model_validator(mode="after")
    def _says_why(self) -> "AnswerBody":
        if not self.confirmed and not self.reason:
            raise PydanticCustomError("refused", "Hãy ghi lý do từ chối; người dân sẽ đọc được.")
        return self


class ReportBody(Body):
    """
    Phiếu theo dõi sức khỏe.

    Numbers are only checked for their kind here; what is impossible is refused by the rules of the day,
    in words that say what to look at again.
    """

    reported_at: AwareDatetime = Field(description="Lúc điền, theo đồng hồ của máy")
    declared_by: DeclaredBy = Field(description="Tự khai, người thân, hoặc nhân viên y tế")
    spo2_percent: int | None = Field(default=None, description="SpO2, %")
    spo2_repeat_percent: int | None = Field(default=None, description="SpO2 đo lại sau 30-60 giây, %")
    temperature_celsius: float | None = Field(default=None, description="Thân nhiệt, °C")
    pulse_per_minute: int | None = Field(default=None, description="Mạch, lần/phút")
    breaths_per_minute: int | None = Field(default=None, description="Nhịp thở, lần/phút")
    systolic_mmhg: int | None = Field(default=None, description="Huyết áp số trên, mmHg")
    diastolic_mmhg: int | None = Field(default=None, description="Huyết áp số dưới, mmHg")
    on_oxygen: bool = Field(default=False, description="Đang thở oxy")
    consciousness: Consciousness = Field(default=Consciousness.ALERT, description="Ý thức (ACVPU)")
    symptoms: list[Code] = Field(default_factory=list, max_length=30, description="Triệu chứng")

    def to_vitals(self) -> Vitals:
        """Return the measurements as the domain knows them."""
        return Vitals(
            spo2_percent=self.spo2_percent,
            spo2_repeat_percent=self.spo2_repeat_percent,
            temperature_celsius=self.temperature_celsius,
            pulse_per_minute=self.pulse_per_minute,
            breaths_per_minute=self.breaths_per_minute,
            systolic_mmhg=self.systolic_mmhg,
            diastolic_mmhg=self.diastolic_mmhg,
            on_oxygen=self.on_oxygen,
            consciousness=self.consciousness,
        )


class MoveBody(Body):
    """Chuyển nơi điều trị."""

    to_state: CareState = Field(description="at_home, transferring, in_hospital")
    reason: Words = Field(description="Lý do, người trực sau sẽ đọc")


class ClosingBody(Body):
    """Kết thúc hồ sơ."""

    outcome: CareState = Field(description="recovered, died, wrongly_declared")
    reason: Words = Field(description="Lý do")
    override: bool = Field(
        default=False,
        description="Khỏi bệnh trước hạn: chỉ huyện trở lên, ghi rõ lý do; không có giấy xác nhận",
    )


class AssignmentBody(Body):
    """Phân công bác sĩ."""

    doctor_id: DoctorIdText | None = Field(default=None, description="Để trống: máy chọn người phù hợp nhất")


class DoctorBody(Body):
    """Bác sĩ trong danh sách trực."""

    name: str = Field(min_length=2, max_length=100, description="Họ tên")
    phone: str = Field(min_length=3, max_length=20, pattern=r"^[0-9+ .()-]+$", description="Số điện thoại")
    commune_codes: list[CommuneCode] = Field(default_factory=list, max_length=178)
    district_codes: list[DistrictCode] = Field(default_factory=list, max_length=20)
    capacity: int = Field(default=50, description="Số F0 tối đa")
    specialities: list[Code] = Field(default_factory=list, max_length=5, description="children, pregnancy")
    on_duty: bool = Field(default=True, description="Đang trực; người đã xếp ca thì theo ca")
    profession: Code = Field(
        default="doctor", description="doctor, nurse, health_officer, pharmacist, volunteer"
    )
    is_lead: bool = Field(default=False, description="Bác sĩ trưởng: xếp lịch trực trong địa bàn của mình")
