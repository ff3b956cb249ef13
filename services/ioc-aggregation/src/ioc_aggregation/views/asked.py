"""What readers of the figures ask for, and what goes out."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from common.http.pagination import PageQuery
from ioc_aggregation.domain.model import Level


class Form(StrEnum):
    """How figures are written."""

    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out; *next* is the cursor of the next page."""

    content: bytes
    type: str
    next: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page, how written, as known when (None: now)."""

    page: PageQuery
    form: Form = Form.JSON
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Days that are asked for; what is left out is the last fortnight."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which table of days: *area* and those inside it, of one *level*; *metrics* separated by commas."""

    area: str | None
    level: Level | None
    metrics: str | None
    period: Period
