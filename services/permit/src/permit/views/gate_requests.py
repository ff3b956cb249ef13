"""What checkpoints send beside scans."""

from typing import Literal

from pydantic import AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from common.http.bodies import Body
from permit.views.requests import CheckpointId, Plate, ScanId, Slug

REASONS = {
    "let-pass": ("on-the-way-home", "office-confirmed", "scanner-fault", "other"),
    "turned-back": ("paper-doubtful", "purpose-doubtful", "other"),
    "emergency": ("urgent-care", "rescue", "priority-vehicle", "disaster", "other"),
}
"""Why an officer may decide otherwise. `other` needs words."""


class ActionBody(Body):
    """One act of an officer."""

    action_id: ScanId
    act: Literal["matched", "differed", "let-pass", "turned-back", "emergency"]
    checkpoint_id: CheckpointId
    reason_code: Slug | None = Field(default=None, description="Lý do, xem mô tả của từng việc")
    note: str = Field(default="", max_length=300)
    plate: Plate | None = None
    scan_id: ScanId | None = None
    permit_id: str | None = Field(default=None, pattern=r"^[0-9A-HJKMNP-TV-Z]{16}$")
    told: str = Field(default="", pattern=r"^[a-z0-9-]{0,40}$", description="Lý do mà máy quét đã báo")
    acted_at: AwareDatetime

    @model_validator(mode="after")
    def _has_its_reason(self) -> "ActionBody":
        reasons = REASONS.get(self.act)
        if reasons and self.reason_code not in reasons:
            raise PydanticCustomError(
                "refused", f"Hãy chọn lý do: {', '.join(reasons)}.", {"field": "reason_code"}
            )
        if self.reason_code == "other" and len(self.note.strip()) < 5:
            raise PydanticCustomError("refused", "Hãy viết lý do, ít nhất 5 chữ.", {"field": "note"})
        return self


class ActionsBody(Body):
    """Acts kept on a device, in any order, any number of times."""

    items: list[ActionBody] = Field(min_length=1, max_length=100)


class CountsBody(Body):
    """What the device counted in a shift."""

    allowed: int = Field(default=0, ge=0, le=100_000)
    refused: int = Field(default=0, ge=0, le=100_000)
    check: int = Field(default=0, ge=0, le=100_000)
    overridden: int = Field(default=0, ge=0, le=100_000)
    emergencies: int = Field(default=0, ge=0, le=100_000)


class ShiftBody(Body):
    """Ca trực: begun, or handed over when `closed_at` is given."""

    checkpoint_id: CheckpointId
    opened_at: AwareDatetime
    closed_at: AwareDatetime | None = None
    counts: CountsBody = CountsBody()
    note: str = Field(default="", max_length=500, description="Dặn lại ca sau")

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> "ShiftBody":
        if self.closed_at is not None and self.closed_at < self.opened_at:
            raise PydanticCustomError(
                "refused", "Ca trực phải kết thúc sau khi bắt đầu.", {"field": "closed_at"}
            )
        return self
