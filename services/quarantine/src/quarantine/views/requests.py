"""What people send."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from common.http.bodies import Body
from common.people.body import PersonBody
from quarantine.domain.model import (
    Category,
    DeclaredBy,
    ExtensionReason,
    Immunity,
    OrderPaper,
    Origin,
    Outcome,
    Place,
)
from quarantine.domain.swabs import Assay

Symptom = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
HouseholdId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
PersonIdText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,64}$")]
Words = Annotated[str, StringConstraints(min_length=5, max_length=500)]
"""A reason that somebody will read."""


class OrderPaperBody(Body):
    """Quyết định trên giấy."""

    number: str = Field(min_length=1, max_length=60, description="Số quyết định")
    kind: str = Field(default="quyet_dinh", pattern="^[a-z_]{1,30}$", description="Loại văn bản")
    signed_on: date | None = Field(default=None, description="Ngày ký")

    def to_paper(self) -> OrderPaper:
        """Return it as the domain knows it."""
        return OrderPaper(self.number, self.kind, self.signed_on)


class QuarantineOrderBody(Body):
    """Ra quyết định cách ly cho một người."""

    person: PersonBody
    commune_code: str = Field(pattern=r"^\d{5}$", description="Mã xã, phường nơi cách ly")
    address: str = Field(
        min_length=2, max_length=200, description="Số nhà, thôn, tổ; hoặc phòng ở khu tập trung"
    )
    category: Category = Field(description="F1, F2, người về từ nơi khác, người nghi mắc")
    place: Place = Field(default=Place.HOME, description="Tại nhà hoặc tập trung")
    last_exposure_on: date = Field(description="Ngày tiếp xúc cuối, hoặc ngày về đến")
    starts_on: date | None = Field(default=None, description="Ngày bắt đầu; để trống là hôm nay")
    arrived_from: Origin = Field(default=Origin.AFFECTED_AREA, description="Với người về từ nơi khác")
    vaccination_doses: int = Field(default=0, ge=0, le=10, description="Số mũi đã tiêm")
    last_dose_on: date | None = Field(default=None, description="Ngày tiêm mũi cuối")
    recovered_on: date | None = Field(default=None, description="Ngày khỏi bệnh, nếu từng là F0")
    order: OrderPaperBody | None = None
    order_number: str | None = Field(default=None, min_length=1, max_length=60, description="Số quyết định")
    household_id: HouseholdId | None = Field(default=None, description="Mã hộ của người cùng nhà")
    relatives: list[PersonIdText] = Field(
        default_factory=list, max_length=5, description="Mã người thân được khai hộ"
    )
    index_person_id: PersonIdText | None = Field(default=None, description="F0 đã tiếp xúc")
    confirm: bool = Field(default=False, description="Đã xem cảnh báo trùng, đúng là người khác")

    @property
    def immunity(self) -> Immunity:
        """What the person has against infection."""
        return Immunity(self.vaccination_doses, self.last_dose_on, self.recovered_on)

    @property
    def paper(self) -> OrderPaper | None:
        """The order on paper, in its long or its short form."""
        if self.order:
            return self.order.to_paper()
        return OrderPaper(self.order_number) if self.order_number else None


class ExtensionBody(Body):
    """Gia hạn hoặc rút ngắn."""

    ends_on: date = Field(description="Ngày kết thúc mới")
    reason_code: ExtensionReason = Field(description="Lý do theo danh mục")
    reason: Words = Field(description="Lý do, người dân sẽ đọc được")


class ReleaseBody(Body):
    """Kết thúc cách ly."""

    outcome: Outcome
    reason: str | None = Field(default=None, max_length=500, description="Bắt buộc nếu không phải đủ ngày")
    waives_tests: bool = Field(default=False, description="Cấp huyện cho kết thúc khi còn thiếu xét nghiệm")


class PositiveTestBody(Body):
    """Kết quả xét nghiệm dương tính."""

    tested_on: date = Field(description="Ngày có kết quả dương tính")
    kind: Assay = Field(description="Test nhanh hoặc RT-PCR")


class ReportBody(Body):
    """Tờ khai y tế hằng ngày."""

    reported_at: AwareDatetime = Field(description="Giờ khai theo máy, có múi giờ")
    declared_by: DeclaredBy = Field(default=DeclaredBy.SELF)
    temperature_celsius: float | None = Field(default=None, description="Thân nhiệt, °C")
    spo2_percent: int | None = Field(default=None, description="SpO2, %")
    symptoms: list[Symptom] = Field(default_factory=list, max_length=30)
