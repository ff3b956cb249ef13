"""What the checkpoint board shows: counts and times, never a person."""

from datetime import datetime

from pydantic import BaseModel, Field

from permit.domain.board import Counts, Wait


class CountsView(BaseModel):
    """Scans of a stretch of time."""

    total: int
    allowed: int
    refused: int
    checked: int
    offline: int
    late: int = Field(description="Gửi muộn sau khi mất mạng; đã cộng vào phút của chúng")

    @classmethod
    def of(cls, counts: Counts) -> "CountsView":
        """Describe counts."""
        return cls(
            total=counts.total,
            allowed=counts.allowed,
            refused=counts.refused,
            checked=counts.checked,
            offline=counts.offline,
            late=counts.late,
        )


class WaitView(BaseModel):
    """Chờ ước tính."""

    seconds: int | None = Field(description="Trống khi chưa có lượt quét nào trong 15 phút")
    is_more: bool = Field(description="Các làn đã kín: chờ ít nhất như vậy")
    load: float
    handling_seconds: int
    lanes: int
    full_minutes: int = Field(description="Các làn đã kín bao lâu")

    @classmethod
    def of(cls, wait: Wait) -> "WaitView":
        """Describe an estimate."""
        return cls(
            seconds=None if wait.seconds is None else round(wait.seconds),
            is_more=wait.is_more,
            load=wait.load,
            handling_seconds=round(wait.handling_seconds),
            lanes=wait.lanes,
            full_minutes=wait.full_minutes,
        )


class LaneView(BaseModel):
    """One lane of the last hour."""

    lane: str
    hour: int
    quarter: int


class PostView(BaseModel):
    """One checkpoint now."""

    checkpoint_id: str
    name: str
    commune_code: str
    commune_name: str
    district_code: str
    district_name: str
    is_open: bool
    per_minute: float
    before_per_minute: float = Field(description="15 phút trước đó, để thấy tăng hay giảm")
    hour: CountsView
    quarters: list[CountsView] = Field(description="12 khoảng 15 phút, mới nhất ở cuối")
    reasons: dict[str, int] = Field(description="Lượt không qua hoặc cần xem, theo mã lý do, 60 phút qua")
    wait: WaitView
    lanes: list[LaneView]
    list_age_seconds: int | None = Field(description="Danh sách cũ nhất mà máy quét mất mạng đã dùng")
    is_list_old: bool
    last_scan_at: datetime | None
    is_silent: bool


class BoardView(BaseModel):
    """Bảng chốt."""

    as_of: datetime
    formula: str
    items: list[PostView]


class HoursView(BaseModel):
    """One checkpoint by hour of the day, the present hour last."""

    post: PostView
    starts: list[datetime]
    hours: list[CountsView]
    reasons: dict[str, int]
    lanes: list[LaneView]
