"""Bodies of the API. Figures travel as plain integers by name; GET /v1/definitions says what each means."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from ioc_aggregation.domain.measures import unit_of, version_of
from ioc_aggregation.domain.metrics import DEFINITIONS_VERSION, METRICS, Kind
from ioc_aggregation.domain.model import AreaSummary, Level
from ioc_aggregation.ports import AlertRow


class AreaView(BaseModel):
    """The figures of one area (địa bàn)."""

    code: str
    name: str
    level: Level
    parent_code: str
    population: int = Field(description="Census 2019; apportioned for communes.")
    as_of: datetime | None = Field(description="The latest fact counted.")
    heard_at: datetime | None = Field(description="When people of the area were last heard.")
    silent_since: datetime | None = Field(
        description="Set when somebody under care has not been heard for too long."
    )
    silent_communes: int
    is_complete: bool = Field(
        description="False while a commune of the area is silent: its last numbers count."
    )
    restated: list[str] = Field(description="Figures whose past week was changed by late facts.")
    incidence_per_100k_week: float | None
    spread_level: int | None = Field(
        description="1 to 4 by new cases per 100,000 and week; null while unheard."
    )
    directive: str | None = Field(description="Directive in force (15, 16, 19), if one was set.")
    metrics: dict[str, int]
    yesterday: dict[str, int] = Field(description="The compared figures: of all yesterday, or at its end.")
    week_ago: dict[str, int]


AREA_FIELDS = tuple(
    name for name in AreaView.model_fields if name not in ("metrics", "yesterday", "week_ago")
)
"""What is told of an area besides its figures."""


class AreasView(BaseModel):
    """The areas that the reader may see."""

    server_now: datetime
    known_at: datetime | None = Field(default=None, description="Set if figures of the past were asked for.")
    definitions_version: str
    items: list[AreaView]
    next: str | None = None


class PointView(BaseModel):
    """One day."""

    day: date
    value: int
    restated: bool = Field(description="Late facts changed this number after the day was over.")


class SeriesView(BaseModel):
    """One figure of one area over days."""

    server_now: datetime
    known_at: datetime | None = Field(default=None, description="Set if figures of the past were asked for.")
    definitions_version: str
    code: str
    metric: str
    kind: Kind
    unit: str = Field(description="In what it is counted, in Vietnamese.")
    version: int = Field(description="Version of the definition of this figure.")
    items: list[PointView]
    next: str | None = None


class DayView(BaseModel):
    """The figures of one area on one day."""

    day: date
    code: str
    name: str
    level: Level
    parent_code: str
    values: dict[str, int]
    restated: list[str] = Field(description="Figures that late facts changed after the day was over.")


class DaysView(BaseModel):
    """Several figures of several areas, by day."""

    server_now: datetime
    known_at: datetime | None = Field(default=None, description="Set if figures of the past were asked for.")
    definitions_version: str
    metrics: list[str]
    items: list[DayView]
    next: str | None = None


class DefinitionView(BaseModel):
    """What a figure means."""

    name: str
    kind: Kind
    title: str
    definition: str
    unit: str = Field(description="In what it is counted, in Vietnamese.")
    version: int = Field(description="Raised when the meaning of this figure changes.")


class DefinitionsView(BaseModel):
    """All figures."""

    version: str
    items: list[DefinitionView]
    next: str | None = None


class FeedItem(BaseModel):
    """One alert, without any person."""

    alert_id: str
    state: str = Field(description="waiting, escalated, taken or resolved")
    condition: str
    severity: str
    commune_code: str
    commune_name: str
    district_name: str
    raised_at: datetime | None
    at: datetime


class FeedView(BaseModel):
    """The newest alerts."""

    items: list[FeedItem]
    next: str | None = None


class GroupView(BaseModel):
    """One consumer group."""

    group: str
    lag: int = Field(description="Facts not consumed yet.")
    dead_letters: int = Field(description="Records set aside with a reason.")


class SourceView(BaseModel):
    """One topic, or one app of a partner (`app:...`), as the figures know it."""

    topic: str
    last_fact_at: datetime | None
    is_stale: bool = Field(description="Nothing for longer than this source usually takes.")


class CheckView(BaseModel):
    """One comparison of the figures with the whole log of facts."""

    at: datetime
    is_equal: bool
    differing: int = Field(description="Communes and days of which a figure differs.")
    records: int = Field(description="Records of the log that were read.")
    seconds: float


class SystemView(BaseModel):
    """The state of the system itself."""

    server_now: datetime
    bus_seen_at: datetime | None
    bus_is_reachable: bool
    groups: list[GroupView]
    sources: list[SourceView]
    last_check: CheckView | None = Field(
        default=None, description="The last comparison of the figures with the whole log; null if never."
    )


def area_body(area: AreaSummary) -> dict[str, Any]:
    """Return one area as the API gives it."""
    unit = area.unit
    return {
        "code": unit.code,
        "name": unit.name,
        "level": unit.level.value,
        "parent_code": unit.parent_code,
        "population": unit.population,
        "as_of": _time(area.as_of),
        "heard_at": _time(area.heard_at),
        "silent_since": _time(area.silent_since),
        "silent_communes": area.silent_communes,
        "is_complete": area.is_complete,
        "restated": list(area.restated),
        "incidence_per_100k_week": None if area.incidence is None else round(area.incidence, 1),
        "spread_level": area.spread,
        "directive": area.directive,
        "metrics": area.metrics,
        "yesterday": area.yesterday,
        "week_ago": area.week_ago,
    }


def alert_body(row: AlertRow, areas: Mapping[str, AreaSummary]) -> dict[str, Any]:
    """Return one alert as the feed gives it."""
    commune = areas.get(row.commune_code)
    district = areas.get(commune.unit.parent_code) if commune else None
    return {
        "alert_id": row.alert_id,
        "state": row.state,
        "condition": row.condition,
        "severity": row.severity,
        "commune_code": row.commune_code,
        "commune_name": commune.unit.name if commune else row.commune_code,
        "district_name": district.unit.name if district else "",
        "raised_at": _time(row.raised_at),
        "at": _time(row.at),
    }


def definitions_view() -> DefinitionsView:
    """Return what every figure means."""
    items = [
        DefinitionView(
            name=m.name,
            kind=m.kind,
            title=m.title,
            definition=m.definition,
            unit=unit_of(m.name),
            version=version_of(m.name),
        )
        for m in METRICS.values()
    ]
    return DefinitionsView(version=DEFINITIONS_VERSION, items=items)


def _time(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
