"""What people send."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from common.http.bodies import Body
from common.people.body import PersonBody
from permit.domain.rules import MOST_AREAS, MOST_CO_PASSENGERS, MOST_WINDOWS, Directive

AreaCode = Annotated[str, StringConstraints(pattern=r"^(\d{2}|\d{3}|\d{5})$")]
CheckpointId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
Plate = Annotated[str, StringConstraints(max_length=20)]
Words = Annotated[str, StringConstraints(min_length=5, max_length=300)]
"""A reason that somebody will read."""
Scanned = Annotated[str, StringConstraints(strip_whitespace=False, max_length=2_000)]
"""Text of a code exactly as it was scanned: a blank is a letter of base45."""
ScanId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")]
OrderId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
Lane = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,12}$")]


class WindowBody(Body):
    """Khung giờ: from when to when on which weekdays (1 is Monday, 7 Sunday)."""

    weekdays: list[Annotated[int, Field(ge=1, le=7)]] = Field(min_length=1, max_length=7)
    from_: ClockTime = Field(alias="from")
    to: ClockTime


class CoPassengerBody(Body):
    """Người đi cùng trên xe; who travels needs a permit of their own."""

    full_name: str = Field(min_length=2, max_length=100)


class ApplicationBody(Body):
    """Đơn xin giấy đi đường."""

    person: PersonBody
    commune_code: AreaCode = Field(description="Xã, phường nơi ở")
    category: Slug = Field(description="Nhóm đối tượng, xem /v1/policies")
    purpose: str = Field(default="", max_length=300, description="Việc phải đi, viết ngắn")
    employer: str = Field(default="", max_length=200, description="Nơi làm việc")
    route: str = Field(default="", max_length=300, description="Tuyến đường: đi từ đâu, qua đâu, đến đâu")
    co_passengers: list[CoPassengerBody] = Field(default=[], max_length=MOST_CO_PASSENGERS)
    areas: list[AreaCode] = Field(min_length=1, max_length=MOST_AREAS, description="Nơi được đi qua")
    windows: list[WindowBody] = Field(default=[], max_length=MOST_WINDOWS)
    plate: Plate | None = None
    valid_from: AwareDatetime
    valid_until: AwareDatetime


class ReasonBody(Body):
    """Why an officer suspends, reinstates or revokes."""

    reason: Words


class SuspensionBody(ReasonBody):
    """Tạm dừng: an officer's order, or a suspicion of fraud."""

    kind: Literal["officer", "fraud"] = "officer"


class DecisionBody(Body):
    """Duyệt hoặc từ chối a queued application; the applicant reads the reason."""

    outcome: Literal["approved", "refused"]
    reason: str = Field(default="", max_length=300)

    @model_validator(mode="after")
    def _a_refusal_says_why(self) -> "DecisionBody":
        if self.outcome == "refused" and len(self.reason) < 5:
            raise PydanticCustomError(
                "refused", "Hãy viết lý do từ chối để người xin đọc.", {"field": "reason"}
            )
        return self


class ShownBody(Body):
    """What was shown at a checkpoint: a scanned text or a typed number."""

    qr: Scanned | None = None
    permit_id: str | None = Field(default=None, max_length=40, description="Số giấy, 16 chữ và số")
    checkpoint_id: CheckpointId
    plate: Plate | None = None
    scan_id: ScanId | None = Field(default=None, description="Mã lượt quét do máy quét đặt, UUID")
    lane: Lane | None = Field(default=None, description="Làn của chốt, nếu có nhiều làn")

    @model_validator(mode="after")
    def _one_of_both(self) -> "ShownBody":
        if (self.qr is None) == (self.permit_id is None):
            raise PydanticCustomError("refused", "Hãy gửi mã đã quét hoặc số giấy.", {"field": "qr"})
        return self


class VerificationBody(ShownBody):
    """Kiểm tra tại chốt, có mạng."""

    scanned_at: AwareDatetime | None = None


class OfflineScanBody(ShownBody):
    """One scan that the device judged without a network."""

    scan_id: ScanId
    scanned_at: AwareDatetime
    verdict: Literal["allowed", "refused", "check"]
    reason_code: Slug
    list_age_seconds: int | None = Field(default=None, ge=0, le=10**9)
    clock_offset_seconds: int | None = Field(
        default=None,
        ge=-(10**8),
        le=10**8,
        description="Đồng hồ trung tâm trừ đồng hồ máy quét (giây), theo lần kết nối gần nhất",
    )


class UploadBody(Body):
    """Scans kept on a device while there was no network, in any order, any number of times."""

    items: list[OfflineScanBody] = Field(min_length=1, max_length=100)


class CheckpointBody(Body):
    """Chốt kiểm soát."""

    name: str = Field(min_length=3, max_length=120)
    commune_code: AreaCode
    latitude: float | None = Field(default=None, ge=8, le=24, description="WGS 84, trong lãnh thổ Việt Nam")
    longitude: float | None = Field(default=None, ge=102, le=118)
    is_open: bool = True


class RotationBody(Body):
    """Đổi khóa ký: a key for everything, or one that may sign only some categories or areas."""

    categories: list[Slug] = Field(default=[], max_length=30)
    areas: list[AreaCode] = Field(default=[], max_length=30)


class KeyRevocationBody(Body):
    """Thu hồi khóa; *is_emergency*: also the key in use, a new one takes over in the same step."""

    is_emergency: bool = False


class AcceptUntilBody(Body):
    """Rút ngắn thời hạn tin một khóa đã đổi."""

    accept_until: AwareDatetime


class DirectiveBody(Body):
    """Chỉ thị áp dụng cho một địa bàn."""

    directive: Directive
    effective_at: AwareDatetime | None = Field(default=None, description="Bỏ trống: từ bây giờ")
    document: str = Field(min_length=3, max_length=200, description="Số văn bản áp dụng")
    replaces: OrderId | None = Field(default=None, description="Chỉ thị đã hẹn mà văn bản này thay")
    reason: Words | None = Field(default=None, description="Vì sao thay; phải có khi thay chỉ thị đã hẹn")

    @model_validator(mode="after")
    def _reason_of_a_replacement(self) -> "DirectiveBody":
        if self.replaces and not self.reason:
            raise PydanticCustomError("refused", "Hãy ghi vì sao thay chỉ thị đã hẹn.", {"field": "reason"})
        return self


class WithdrawalBody(ReasonBody):
    """Rút một chỉ thị đã hẹn, trước giờ áp dụng."""

    order_id: OrderId
