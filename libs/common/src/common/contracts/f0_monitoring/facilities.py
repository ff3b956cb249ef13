"""Facts of stations and treatment facilities: their beds, what they have in stock, what they ask for."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from common.contracts.base import AreaCode, Code, CommuneCode, DistrictCode, Id, Instant, Payload

FACILITIES = "f0.facilities.v1"
STOCK = "f0.stock.v1"
SUPPLIES = "f0.supplies.v1"

Count = Annotated[int, Field(ge=0)]
Amount = Annotated[float, Field(ge=0)]
UnitPhone = Annotated[str, Field(pattern=r"^[0-9 +.]{1,20}$")]


class FacilityKind(StrEnum):
    """Trạm y tế lưu động of a commune, or a treatment facility with beds."""

    STATION = "station"
    HOSPITAL = "hospital"


class BedKind(StrEnum):
    """Giường thường, giường có oxy, giường hồi sức."""

    ORDINARY = "ordinary"
    OXYGEN = "oxygen"
    ICU = "icu"


class StockLevel(StrEnum):
    """How near the end of a stock is, by the rules in force."""

    WARN = "warn"
    CRITICAL = "critical"
    EMPTY = "empty"


class BedCount(BaseModel):
    """The beds of one kind: all, kept for somebody on the way, in use, free."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    bed_kind: BedKind
    beds: Count
    reserved: Count
    occupied: Count
    free: Count


class FacilityFact(Payload):
    """A fact about one station or facility and the beds that it has after it."""

    key: ClassVar[str] = "facility_id"

    facility_id: Id
    facility_kind: FacilityKind
    tier: Annotated[int, Field(ge=1, le=3)]
    """Tầng 1, 2, 3."""
    commune_code: CommuneCode
    district_code: DistrictCode
    beds: tuple[BedCount, ...] = ()
    facility_name: Annotated[str, Field(max_length=120)] | None = None
    """The name on its door; facts from before it was told have none."""


class KeptFact(FacilityFact):
    """A fact about a station or facility as a whole."""

    doctors: Count
    staff: Count
    capacity: Count
    """How many F0 at home a station can look after; 0 for facilities with beds."""
    facility_phone: UnitPhone | None = None
    """The number of the unit, which anybody may call; never a person's."""
    serves: tuple[AreaCode, ...] = ()
    """Codes of the areas that it looks after; none are told by facts from before."""


class FacilityOpened(KeptFact):
    """A station or facility takes patients from now on."""

    type: ClassVar[str] = "f0-monitoring.facility-opened.v1"
    topic: ClassVar[str] = FACILITIES


class FacilityChanged(KeptFact):
    """Beds were added or counted anew, staff came or went, it was closed or opened again."""

    type: ClassVar[str] = "f0-monitoring.facility-changed.v1"
    topic: ClassVar[str] = FACILITIES

    is_open: bool


class BedFact(FacilityFact):
    """A bed of a facility and the patient whom it is for. *hold_id* names this one keeping of it."""

    person_id: Id
    transfer_id: Id
    hold_id: Id
    bed_kind: BedKind


class BedReserved(BedFact):
    """A bed is kept for a patient who is to come."""

    type: ClassVar[str] = "f0-monitoring.bed-reserved.v1"
    topic: ClassVar[str] = FACILITIES

    by: Id


class BedOccupied(BedFact):
    """The patient lies in it."""

    type: ClassVar[str] = "f0-monitoring.bed-occupied.v1"
    topic: ClassVar[str] = FACILITIES


class BedReleased(BedFact):
    """The bed is free again."""

    type: ClassVar[str] = "f0-monitoring.bed-released.v1"
    topic: ClassVar[str] = FACILITIES

    reason: Code


class StockLine(BaseModel):
    """How much there is of one thing, and how much of it is used in a day."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    item: Code
    quantity: Amount
    used_per_day: Amount


class StockFact(Payload):
    """A fact about what a station or facility has."""

    key: ClassVar[str] = "facility_id"

    facility_id: Id
    commune_code: CommuneCode
    district_code: DistrictCode


class StockReported(StockFact):
    """What was counted, or what there is after a delivery. Quantities are those of *at*."""

    type: ClassVar[str] = "f0-monitoring.stock-reported.v1"
    topic: ClassVar[str] = STOCK

    at: Instant
    lines: tuple[StockLine, ...]


class StockLow(StockFact):
    """Something will be used up soon if nothing comes; silence of the station does not stop that."""

    type: ClassVar[str] = "f0-monitoring.stock-low.v1"
    topic: ClassVar[str] = STOCK

    item: Code
    level: StockLevel
    at: Instant
    empty_at: Instant
    reported_at: Instant
    """When it was last counted."""


class StockRestored(StockFact):
    """There is enough of it again."""

    type: ClassVar[str] = "f0-monitoring.stock-restored.v1"
    topic: ClassVar[str] = STOCK

    item: Code
    at: Instant


class SupplyLine(BaseModel):
    """How much of one thing (or how many people) was asked for, granted, sent and received."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    item: Code
    asked: Amount
    approved: Amount | None = None
    sent: Amount | None = None
    received: Amount | None = None


class SupplyFact(Payload):
    """A fact about one request for oxygen, equipment or staff."""

    key: ClassVar[str] = "request_id"

    request_id: Id
    facility_id: Id
    commune_code: CommuneCode
    district_code: DistrictCode
    by: Id
    at: Instant
    lines: tuple[SupplyLine, ...]


class SupplyAsked(SupplyFact):
    """A station or facility asks for it."""

    type: ClassVar[str] = "f0-monitoring.supply-asked.v1"
    topic: ClassVar[str] = SUPPLIES

    is_urgent: bool


class SupplyApproved(SupplyFact):
    """The level above grants it, or a part of it."""

    type: ClassVar[str] = "f0-monitoring.supply-approved.v1"
    topic: ClassVar[str] = SUPPLIES


class SupplySent(SupplyFact):
    """It is on its way."""

    type: ClassVar[str] = "f0-monitoring.supply-sent.v1"
    topic: ClassVar[str] = SUPPLIES


class SupplyReceived(SupplyFact):
    """It has come."""

    type: ClassVar[str] = "f0-monitoring.supply-received.v1"
    topic: ClassVar[str] = SUPPLIES


class SupplyClosed(SupplyFact):
    """Nothing more comes of it: refused by the level above, or taken back by who asked."""

    type: ClassVar[str] = "f0-monitoring.supply-closed.v1"
    topic: ClassVar[str] = SUPPLIES

    is_refused: bool
    reason: Code
