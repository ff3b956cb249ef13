"""What is told about stock."""

from dataclasses import dataclass
from datetime import datetime

from common.kernel.areas import Area
from f0_monitoring.domain.stock_items import Item, StockLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class StockFact:
    """A fact about one stock."""

    facility_id: str
    area: Area
    at: datetime

    @property
    def subject(self) -> str:
        """Facts about one stock stay in order."""
        return self.facility_id


@dataclass(frozen=True, slots=True, kw_only=True)
class StockReported(StockFact):
    """These were counted, or came."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLow(StockFact):
    """It will be used up soon."""

    item: str
    level: StockLevel
    empty_at: datetime
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StockRestored(StockFact):
    """There is enough of it again."""

    item: str
