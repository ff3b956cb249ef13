"""What people get back."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from common.geo import Units
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective, Order, Withdrawal, order_id
from permit.domain.rules import Directive
from permit.views.place import PlaceView

WITHDRAWN_SHOWN = 5


class HolderView(BaseModel):
    """Who the permit is for, as far as the paper shows."""

    full_name: str
    birth_year: int | None = Field(description="Không có khi họ tên đã xóa vì hết thời hạn lưu")
    id_tail: str = Field(description="Bốn ký tự cuối của giấy tờ")


class DecisionView(BaseModel):
    """What was decided, by which policy and rule, in a sentence for the applicant."""

    outcome: str = Field(description="approved, queued, refused")
    policy: str
    rule: str
    reason: str
    by: str = Field(description="machine: máy quyết; officer: cán bộ quyết")
    issuer: str = Field(description="Cơ quan quyết định, xem /v1/policies")
    answer_by: datetime | None = Field(description="Hạn trả lời khi đang chờ duyệt")


class TermsView(BaseModel):
    """Where and when the permit counts."""

    category: str
    category_title: str
    areas: list[PlaceView]
    hours: list[str]
    plate: str
    valid_from: datetime
    valid_until: datetime


class QuestionView(BaseModel):
    """Hỏi thêm: what the office asked before deciding, and the answer."""

    question_id: str
    text: str
    asked_at: datetime
    reply: str
    replied_at: datetime | None = Field(description="Chưa có: đang chờ người xin trả lời")


class PermitView(TermsView):
    """Giấy đi đường."""

    permit_id: str
    number: str
    person_id: str
    status: str = Field(description="queued, refused, issued, suspended, revoked, expired")
    message: str = Field(description="Một câu cho người xin, khi giấy không dùng được")
    decision: DecisionView
    person: HolderView
    purpose: str
    employer: str
    route: str = ""
    co_passengers: list[str] = []
    commune: PlaceView
    applied_at: datetime
    questions: list[QuestionView] = []
    names_removed_on: date | None = Field(
        default=None, description="Ngày xóa họ tên, biển số, mục đích đi vì hết thời hạn lưu"
    )
    qr: str | None = Field(description="Nội dung mã QR; không có khi giấy chưa được cấp hoặc đã kết thúc")


class ShownPermitView(TermsView):
    """What the officer compares with the person and the vehicle. Only after the signature verified."""

    person: HolderView


class VerdictView(BaseModel):
    """Kết quả kiểm tra: colour, words, what to do next."""

    scan_id: str
    verdict: str = Field(description="allowed, refused, check")
    reason_code: str
    message_vi: str
    next_vi: str
    permit_id: str | None = None
    shown: ShownPermitView | None = None
    person: HolderView | None = None


class UploadedView(BaseModel):
    """What became of one uploaded scan."""

    scan_id: str
    outcome: str = Field(description="recorded, duplicate, refused")
    reason: str = ""


class UploadView(BaseModel):
    """What became of an upload; only refused ones need a person."""

    items: list[UploadedView]


class TrustListView(BaseModel):
    """The signed list of believed keys; only `cose` counts, the rest is for people."""

    cose: str = Field(description="COSE_Sign1, base64")
    root: str = Field(description="Khóa gốc (SPKI, base64); máy quét phải lấy từ nơi tin cậy")
    sequence: int
    issued_at: datetime
    expires_at: datetime
    server_now: datetime = Field(description="Đồng hồ của trung tâm, để máy quét chỉnh giờ")


class CheckpointView(BaseModel):
    """Chốt kiểm soát."""

    checkpoint_id: str
    name: str
    commune_code: str
    district_code: str
    province_code: str
    commune_name: str
    latitude: float | None
    longitude: float | None
    is_open: bool

    @classmethod
    def of(cls, checkpoint: Checkpoint, units: Units) -> "CheckpointView":
        """Describe a checkpoint."""
        area = checkpoint.area
        return cls(
            checkpoint_id=checkpoint.checkpoint_id,
            name=checkpoint.name,
            commune_code=area.commune_code,
            district_code=area.district_code,
            province_code=area.province_code,
            commune_name=units.name_of(area.commune_code),
            latitude=checkpoint.latitude,
            longitude=checkpoint.longitude,
            is_open=checkpoint.is_open,
        )


class CheckpointsView(BaseModel):
    """All checkpoints."""

    items: list[CheckpointView]


class PlannedOrderView(BaseModel):
    """Chỉ thị đã hẹn, chưa tới giờ."""

    order_id: str
    directive: str
    effective_at: datetime
    document: str
    is_last: bool = Field(description="Chỉ rút được chỉ thị hẹn sau cùng")


class WithdrawnOrderView(BaseModel):
    """Chỉ thị đã rút trước giờ."""

    directive: str
    effective_at: datetime
    document: str
    withdrawn_at: datetime
    reason: str


class DirectiveView(BaseModel):
    """Which directive an area has by its own order."""

    area_code: str
    name: str
    directive: str
    effective_at: datetime | None
    document: str
    planned: list[PlannedOrderView]
    withdrawn: list[WithdrawnOrderView]

    @classmethod
    def of(cls, area: AreaDirective, units: Units, now: datetime) -> "DirectiveView":
        """Describe what is in force now."""
        order = area.in_force(now)
        return cls(
            area_code=area.area_code,
            name=units.name_of(area.area_code),
            directive=order.directive if order else Directive.NONE,
            effective_at=order.effective_at if order else None,
            document=order.document if order else "",
            planned=[_planned(area, each) for each in area.planned(now)],
            withdrawn=[_withdrawn(each) for each in reversed(area.withdrawn[-WITHDRAWN_SHOWN:])],
        )


def _planned(area: AreaDirective, order: Order) -> PlannedOrderView:
    return PlannedOrderView(
        order_id=order_id(area.area_code, order),
        directive=order.directive,
        effective_at=order.effective_at,
        document=order.document,
        is_last=order is area.orders[-1],
    )


def _withdrawn(withdrawal: Withdrawal) -> WithdrawnOrderView:
    return WithdrawnOrderView(
        directive=withdrawal.order.directive,
        effective_at=withdrawal.order.effective_at,
        document=withdrawal.order.document,
        withdrawn_at=withdrawal.at,
        reason=withdrawal.reason,
    )


class DirectivesView(BaseModel):
    """All areas that have an order of their own."""

    items: list[DirectiveView]
