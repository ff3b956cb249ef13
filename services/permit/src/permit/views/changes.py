"""What people read about a change of directive or policy, and about how far it is."""

from datetime import datetime

from pydantic import BaseModel, Field

from permit.domain.outlook import Effect
from permit.domain.rules import Directive


class EffectsView(BaseModel):
    """How many permits stop, count in narrower terms, return, or stay as they are."""

    stops: int
    narrows: int
    returns: int
    unchanged: int


class PlaceEffectsView(EffectsView):
    """The same of one commune or one category."""

    code: str
    name: str


class MoveView(BaseModel):
    """So many permits go from one standing to another, by one rule."""

    from_status: str
    effect: Effect
    policy: str
    rule: str
    reason: str
    permits: int


class ForeseenView(BaseModel):
    """One permit that would not stay as it is; no name: the officer of its area opens it by its number."""

    permit_id: str
    number: str
    commune_name: str
    category_title: str
    effect: Effect
    reason: str
    from_hours: list[str]
    to_hours: list[str]
    from_until: datetime
    to_until: datetime


class PreviewView(BaseModel):
    """Điều gì đổi, từ lúc nào."""

    area_code: str
    area_name: str
    applies_at: datetime
    directive: Directive | None = Field(description="Bỏ trống: chỉ thị như đã ra, quy định của ngày đó")
    text: str
    counts: EffectsView
    communes: list[PlaceEffectsView]
    categories: list[PlaceEffectsView]
    moves: list[MoveView]
    samples: list[ForeseenView]
    can_order: bool
    as_of: datetime


class RolloutView(BaseModel):
    """A change going through its area."""

    rollout_id: str
    area_code: str
    area_name: str
    document: str
    due_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    withdrawn_at: datetime | None
    seen: int
    stops: int
    narrows: int
    returns: int


class RolloutsView(BaseModel):
    """Planned, running and finished changes, the newest first."""

    items: list[RolloutView]
