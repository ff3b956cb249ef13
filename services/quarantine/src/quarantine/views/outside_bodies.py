"""What apps bring and what they are told, row by row."""

from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from common.http.bodies import Body
from quarantine.domain.model import DeclaredBy
from quarantine.views.requests import Symptom

MOST_ROWS = 500


class IntakeBody(Body):
    """Many declarations of one app; a row that is wrong is refused alone."""

    declarations: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_ROWS)


class RowBody(Body):
    """One declaration of somebody who uses the app."""

    external_id: str = Field(pattern=r"^[\x21-\x7e]{1,100}$", description="Mã tờ khai bên ứng dụng")
    cccd: str | None = Field(default=None, pattern=r"^\d{12}$", description="Số CCCD")
    phone: str | None = Field(default=None, max_length=24, description="Số điện thoại")
    full_name: str | None = Field(
        default=None, max_length=100, description="Cần khi nhiều người dùng chung một số điện thoại"
    )
    reported_at: AwareDatetime = Field(description="Giờ khai, có múi giờ")
    declared_by: DeclaredBy = Field(default=DeclaredBy.SELF, description="self hoặc relative")
    temperature_celsius: float | None = None
    spo2_percent: int | None = None
    symptoms: list[Symptom] = Field(default_factory=list, max_length=30)


class RowOutcome(StrEnum):
    """What became of a row."""

    ACCEPTED = "accepted"
    KNOWN = "known"
    REFUSED = "refused"


class RowView(BaseModel):
    """The answer to one row, in the order they were sent."""

    index: int
    external_id: str | None
    outcome: RowOutcome
    receipt: str | None = None
    is_late: bool | None = None
    code: str | None = Field(default=None, description="Mã lý do khi bị từ chối")
    detail: str | None = Field(default=None, description="Lý do bằng tiếng Việt")


class IntakeView(BaseModel):
    """Kết quả từng dòng."""

    accepted: int
    known: int
    refused: int
    items: list[RowView]
