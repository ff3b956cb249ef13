"""What readers of the figures get: areas, their summaries, and what was last published of them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Level(StrEnum):
    """Level of an administrative unit."""

    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune, district or province with its place in the tree and its people."""

    code: str
    name: str
    level: Level
    parent_code: str
    population: int


@dataclass(frozen=True, slots=True)
class AreaSummary:
    """
    The figures of one area at one moment.

    *as_of*: the latest fact counted; *heard_at*: when people of the area were last heard;
    *silent_since*: the same, once that is too long ago for an area with people under care.
    *is_complete* is false while a commune of the area is silent: its last numbers still count.
    *restated* names the figures whose published past was changed by late facts within the last
    week. *spread* is the level (1 to 4) of new cases per population, None while unheard.
    """

    unit: Unit
    metrics: dict[str, int]
    yesterday: dict[str, int]
    week_ago: dict[str, int]
    as_of: datetime | None = None
    heard_at: datetime | None = None
    silent_since: datetime | None = None
    silent_communes: int = 0
    restated: tuple[str, ...] = ()
    incidence: float | None = None
    spread: int | None = None
    directive: str | None = None

    @property
    def is_complete(self) -> bool:
        """Tell whether every commune of the area is heard."""
        return self.silent_communes == 0


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """The value of one figure on one day; *restated* if late facts changed it after the day was over."""

    day: date
    value: int
    restated: bool


@dataclass(frozen=True, slots=True)
class Published:
    """What partners were last told about an area."""

    area_code: str
    metrics: dict[str, int] = field(default_factory=dict)
    as_of: datetime | None = None
    definitions_version: str = ""
    is_complete: bool = True
    restated: bool = False
    silent_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublishSummary:
    """Tell partners the figures of an area, if they differ from what they were told last."""

    area_code: str
    level: Level
    as_of: datetime
    definitions_version: str
    is_complete: bool
    restated: bool
    metrics: dict[str, int]
    silent_since: datetime | None = None

    @property
    def aggregate_id(self) -> str:
        """One aggregate per area."""
        return self.area_code


@dataclass(frozen=True, slots=True)
class AreaSummaryChanged:
    """The figures of an area are these now."""

    area_code: str
    level: Level
    as_of: datetime
    definitions_version: str
    is_complete: bool
    restated: bool
    metrics: dict[str, int]
    silent_since: datetime | None = None

    @property
    def subject(self) -> str:
        """Keyed by area, so that a compacted topic keeps the latest of each."""
        return self.area_code
