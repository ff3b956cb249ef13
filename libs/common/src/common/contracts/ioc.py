"""Facts of the IOC aggregation service: the published totals of every area."""

from enum import StrEnum
from typing import ClassVar

from common.contracts.base import AreaCode, Code, Instant, Payload

AREAS = "ioc.areas.v1"


class AreaLevel(StrEnum):
    """Level of an administrative unit."""

    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"


class AreaSummaryChanged(Payload):
    """The totals of one area as known at *as_of*; the topic is compacted by area."""

    type: ClassVar[str] = "ioc-aggregation.area-summary-changed.v1"
    topic: ClassVar[str] = AREAS
    key: ClassVar[str] = "area_code"

    area_code: AreaCode
    area_level: AreaLevel
    as_of: Instant
    definitions_version: Code
    is_complete: bool
    """False while a source of this area is silent or still catching up."""
    restated: bool
    """True when late facts changed a number already published."""
    metrics: dict[Code, int]
    silent_since: Instant | None = None
