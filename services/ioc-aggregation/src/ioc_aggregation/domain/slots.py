"""The hours at which reports leave (giờ gửi báo cáo), and the day that each is about."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from common.kernel.clock import VIETNAM

CATCH_UP = timedelta(hours=6)
"""A report that could not leave in its hour is still news for so long; after that the next one is."""
NOON = time(12)


def latest_slot(hours: Sequence[time], now: datetime) -> datetime | None:
    """Return the newest hour that has come, if it is not too long ago; hours are local."""
    local = now.astimezone(VIETNAM)
    days = (local.date(), local.date() - timedelta(days=1))
    slots = [datetime.combine(day, hour, VIETNAM) for day in days for hour in hours]
    past = [slot for slot in slots if slot <= local and local - slot < CATCH_UP]
    return max(past).astimezone(UTC) if past else None


def day_of(slot: datetime) -> date:
    """Return the day a report is about: in the morning the whole day before, later the day so far."""
    local = slot.astimezone(VIETNAM)
    return local.date() - timedelta(days=1) if local.time() < NOON else local.date()


def read_hours(text: str) -> tuple[time, ...]:
    """Read "06:00,16:30"; raises ValueError."""
    return tuple(sorted({time.fromisoformat(part.strip()) for part in text.split(",") if part.strip()}))
