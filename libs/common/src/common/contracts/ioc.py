"""Facts of the IOC aggregation service: the published totals of every area."""

from enum import StrEnum
from typing import ClassVar

from common.contracts.base import AreaCode, Code, CommuneCode, DistrictCode, Id, Instant, Payload

AREAS = "ioc.areas.v1"
SOURCES = "ioc.sources.v1"


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


class SourceKind(StrEnum):
    """What has gone quiet: a topic of a service, an app of a partner, or a commune."""

    SERVICE = "service"
    PARTNER = "partner"
    COMMUNE = "commune"


class SourceFact(Payload):
    """A fact about one source of the figures; a commune's own codes are with it."""

    key: ClassVar[str] = "source_id"

    source_id: Id
    """A topic (`f0.reports.v1`), an app (`app:bluezone`) or the code of a commune."""
    source_kind: SourceKind
    commune_code: CommuneCode | None = None
    district_code: DistrictCode | None = None
    last_fact_at: Instant
    at: Instant


class SourceWentSilent(SourceFact):
    """Nothing has come from it for longer than it ever takes while all is well."""

    type: ClassVar[str] = "ioc-aggregation.source-went-silent.v1"
    topic: ClassVar[str] = SOURCES


class SourceCameBack(SourceFact):
    """Something came again, or nothing is expected of it any more."""

    type: ClassVar[str] = "ioc-aggregation.source-came-back.v1"
    topic: ClassVar[str] = SOURCES
