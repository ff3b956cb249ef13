"""Time as the province counts it: instants in UTC, days in Vietnam."""

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Whoever knows what time it is."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""


def local_day(instant: datetime) -> date:
    """Return the Vietnamese calendar day of *instant*: quarantine is counted in local days."""
    return instant.astimezone(VIETNAM).date()
