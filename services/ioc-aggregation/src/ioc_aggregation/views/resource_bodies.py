"""Bodies of oxygen, beds and requests."""

from datetime import datetime

from pydantic import BaseModel, Field


class StockView(BaseModel):
    """One thing at one station or facility."""

    facility_id: str
    facility_name: str
    kind: str
    tier: int | None
    commune_code: str
    commune_name: str
    district_name: str
    item: str
    left: float = Field(description="What is left now if it is used as reported.")
    used_per_day: float
    hours_left: float | None = Field(description="Falls on when nobody reports; null if none is used.")
    empty_at: datetime | None
    reported_at: datetime
    is_old: bool = Field(description="Counted more than 24 hours ago.")
    level: str = Field(description="ok, warn, critical or empty, by the rules in force")


class RequestLineView(BaseModel):
    """One thing in all requests of one state."""

    item: str
    asked: float
    approved: float
    sent: float
    received: float


class StateView(BaseModel):
    """The requests of one state."""

    state: str
    requests: int
    urgent: int
    oldest_asked_at: datetime | None
    lines: list[RequestLineView]


class BedsView(BaseModel):
    """The beds of one kind."""

    bed_kind: str
    beds: int
    reserved: int
    occupied: int
    free: int


class StationsView(BaseModel):
    """Open stations and facilities, and who works there."""

    stations: int
    hospitals: int
    doctors: int
    staff: int
    capacity: int = Field(description="F0 at home that the stations can look after.")
    at_home: int


class NeedView(BaseModel):
    """The forecast for one horizon."""

    hours: int
    patients_on_oxygen: float
    litres: float
    litres_lowest: float
    litres_highest: float
    cylinders: float


class OxygenView(BaseModel):
    """What is needed beside what is left."""

    left_litres: float
    used_per_day_litres: float
    cover_hours: float | None = Field(description="How long what is left covers the first forecast.")
    need: list[NeedView]
    rules: str
    document: str
    is_confirmed: bool = Field(description="False: the health authority has yet to sign these parameters.")


class CountedView(BaseModel):
    """What is counted."""

    item: str
    name_vi: str
    name_en: str
    unit_vi: str
    unit_en: str


class ResourcesView(BaseModel):
    """Everything about one area; stocks that run out first come first."""

    server_now: datetime
    code: str
    name: str
    stocks: list[StockView]
    stocks_in_all: int
    requests: list[StateView]
    beds: list[BedsView]
    places: StationsView
    oxygen: OxygenView
    counted: list[CountedView]
