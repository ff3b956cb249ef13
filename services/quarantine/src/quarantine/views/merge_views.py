"""What officers send about merges, and what they get back."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from common.http.bodies import Body
from quarantine.domain.merges import Merge, Stage
from quarantine.views.case import CaseView
from quarantine.views.requests import PersonIdText

Side = Literal["survivor", "other"]
Chosen = Literal["full_name", "birth", "sex", "phone", "address", "household", "stay"]


class MergeBody(Body):
    """Gộp hai hồ sơ của một người."""

    survivor_id: PersonIdText = Field(description="Hồ sơ giữ lại")
    other_id: PersonIdText = Field(description="Hồ sơ nhập vào, sẽ được đọc như hồ sơ giữ lại")
    choices: dict[Literal["full_name", "birth", "sex", "phone", "address", "household", "stay"], Side] = (
        Field(
            default_factory=dict, description="Trường nào lấy của hồ sơ nào; không ghi là của hồ sơ giữ lại"
        )
    )
    seen: str = Field(min_length=1, max_length=64, description="Dấu của bản so sánh đã xem")


class FieldView(BaseModel):
    """One line of the comparison; *chosen* is what is proposed."""

    name: str
    survivor: str | None
    other: str | None
    chosen: Side
    is_same: bool


class ComparisonView(BaseModel):
    """Hai hồ sơ cạnh nhau."""

    survivor: CaseView
    other: CaseView
    fields: list[FieldView]
    refusal: str | None
    seen: str


class MergeView(BaseModel):
    """Một lần gộp."""

    merge_id: str
    survivor_id: str
    other_id: str
    stage: Stage
    started_at: datetime
    may_undo_until: datetime
    refusal: str | None

    @classmethod
    def of(cls, merge: Merge) -> "MergeView":
        """Build from the record."""
        return cls(
            merge_id=merge.merge_id,
            survivor_id=merge.joining.survivor.person_id,
            other_id=merge.joining.other.person_id,
            stage=merge.stage,
            started_at=merge.started_at,
            may_undo_until=merge.may_undo_until(),
            refusal=merge.refusal or None,
        )


class MergesView(BaseModel):
    """Merges of one person's files, the latest first."""

    items: list[MergeView]
