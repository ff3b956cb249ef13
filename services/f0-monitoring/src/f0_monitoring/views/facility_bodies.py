"""What is sent and shown of stations and facilities: beds by kind, stock and for how long it lasts."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from common.http.bodies import Body
from f0_monitoring.domain.beds import counts
from f0_monitoring.domain.facility import BedKind, Facility, FacilityKind, Ward
from f0_monitoring.domain.stock import Stock
from f0_monitoring.domain.stock_items import (
    ItemRule,
    StockLevel,
    StockRules,
    empty_at,
    hours_to_empty,
    left_of,
    level_of,
)

Name = Annotated[str, StringConstraints(min_length=2, max_length=120)]
ItemName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
AreaCode = Annotated[str, StringConstraints(pattern=r"^(\d{2}|\d{3}|\d{5})$")]


class WardBody(Body):
    """Giường của một loại."""

    bed_kind: BedKind = Field(description="ordinary (thường), oxygen (oxy), icu (hồi sức)")
    beds: int = Field(ge=0, le=2000, description="Tổng số giường")
    others: int = Field(
        default=0, ge=0, le=2000, description="Giường có người không qua chuyển tuyến trên hệ thống"
    )


class FacilityBody(Body):
    """Trạm y tế lưu động, hoặc cơ sở điều trị."""

    kind: FacilityKind = Field(description="station (trạm lưu động), hospital (cơ sở điều trị)")
    tier: int = Field(ge=1, le=3, description="Tầng điều trị 1, 2, 3")
    name: Name
    commune_code: Annotated[str, StringConstraints(pattern=r"^\d{5}$")]
    serves: list[AreaCode] = Field(
        default_factory=list, max_length=50, description="Nhận người bệnh từ xã, huyện, tỉnh nào"
    )
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9 +.]{0,20}$")] = ""
    staff: int = Field(default=0, ge=0, le=5000)
    doctors: int = Field(default=0, ge=0, le=5000)
    capacity: int = Field(default=0, ge=0, le=1000, description="Trạm quản lý được bao nhiêu F0 (50-100)")
    beds: list[WardBody] = Field(default_factory=list, max_length=3)
    is_open: bool = True


class BedsBody(Body):
    """Đếm lại giường."""

    beds: list[WardBody] = Field(min_length=1, max_length=3)


class StockLineBody(Body):
    """Một loại vật tư: còn bao nhiêu, mỗi ngày dùng bao nhiêu."""

    item: ItemName
    quantity: float = Field(ge=0, le=10_000_000)
    used_per_day: float = Field(ge=0, le=10_000_000)


class StockBody(Body):
    """Báo cáo vật tư."""

    lines: list[StockLineBody] = Field(min_length=1, max_length=20)


class BedsView(BaseModel):
    """The beds of one kind."""

    bed_kind: BedKind
    beds: int
    reserved: int
    occupied: int
    others: int
    free: int


class StockView(BaseModel):
    """One item; *hours_left* is null when none of it is used."""

    item: str
    quantity: float
    used_per_day: float
    left: float
    hours_left: float | None
    empty_at: datetime | None
    reported_at: datetime
    level: StockLevel


class FacilityView(BaseModel):
    """A station or facility as its staff, and those who send patients, see it."""

    facility_id: str
    kind: FacilityKind
    tier: int
    name: str
    commune_code: str
    commune_name: str
    district_name: str
    serves: list[str]
    phone: str
    staff: int
    doctors: int
    capacity: int
    at_home: int | None
    """F0 at home in the commune of a station."""
    is_open: bool
    is_mine: bool
    beds: list[BedsView]
    stock: list[StockView]


class ItemView(BaseModel):
    """What is counted."""

    item: str
    name_vi: str
    name_en: str
    unit_vi: str
    unit_en: str
    warn_hours: float
    critical_hours: float


class FacilitiesView(BaseModel):
    """All that the reader may see: own ones with their stock, others with their beds."""

    items: list[FacilityView]
    counted: list[ItemView]
    as_of: datetime


def stock_views(stock: Stock, rules: StockRules, now: datetime) -> list[StockView]:
    """Return what is left of each item *now*, the first to run out first."""
    items = [item for item in stock.items if item.item in rules]
    views = [
        StockView(
            item=item.item,
            quantity=item.quantity,
            used_per_day=item.used_per_day,
            left=left_of(item, now),
            hours_left=hours_to_empty(item, now),
            empty_at=empty_at(item),
            reported_at=item.at,
            level=level_of(item, rules[item.item], now),
        )
        for item in items
    ]
    return sorted(views, key=lambda view: (view.hours_left is None, view.hours_left or 0, view.item))


def wards(bodies: list[WardBody]) -> tuple[Ward, ...]:
    """Return the beds of a body as the domain reads them."""
    return tuple(Ward(body.bed_kind, body.beds, body.others) for body in bodies)


def beds_views(facility: Facility) -> list[BedsView]:
    """Return the beds of every kind, counted."""
    others = {ward.kind: ward.others for ward in facility.wards}
    return [
        BedsView(
            bed_kind=count.kind,
            beds=count.beds,
            reserved=count.reserved,
            occupied=count.occupied,
            others=others[count.kind],
            free=count.free,
        )
        for count in counts(facility)
    ]


def item_view(name: str, rule: ItemRule) -> ItemView:
    """Return what is counted, with its words."""
    return ItemView(
        item=name,
        name_vi=rule.name[0],
        name_en=rule.name[1],
        unit_vi=rule.unit[0],
        unit_en=rule.unit[1],
        warn_hours=rule.warn.total_seconds() / 3600,
        critical_hours=rule.critical.total_seconds() / 3600,
    )
