"""Why a stay ends when it ends, in both languages: the document's days, and the sum that gives the day."""

from datetime import date, timedelta

from quarantine.domain.model import Category, Stay
from quarantine.domain.protocols import FirstDay, Regime

ENGLISH = {
    Category.F1: "close contact (F1)",
    Category.F2: "contact of a contact (F2)",
    Category.ENTRANT: "person arriving from elsewhere",
    Category.SUSPECT: "suspected case",
}


def english(category: Category, regime: Regime, document: str) -> str:
    """Say in English which document keeps somebody how long."""
    since = "the last contact" if regime.first_day is FirstDay.AFTER_EXPOSURE else "the start"
    days = f"{regime.isolation_days} days counted from {since}"
    after = f", then {regime.monitoring_days} days of self-monitoring" if regime.monitoring_days else ""
    return f"{ENGLISH[category].capitalize()}: {days}{after}, under {document}."


def counted(stay: Stay, regime: Regime) -> str:
    """Say in Vietnamese from which day is counted and what the sum is; who changed it tells why."""
    is_after = regime.first_day is FirstDay.AFTER_EXPOSURE
    start = "lần tiếp xúc cuối" if is_after else "ngày bắt đầu (là ngày 1)"
    day, ends_on = _sum(stay, regime)
    line = f"Tính từ {start} {day:%d/%m/%Y}, đủ {regime.isolation_days} ngày là hết ngày {ends_on:%d/%m/%Y}."
    if ends_on == stay.ends_on:
        return line
    return f"{line} Ngày kết thúc đã được đổi thành {stay.ends_on:%d/%m/%Y}."


def counted_en(stay: Stay, regime: Regime) -> str:
    """Say the same in English."""
    is_after = regime.first_day is FirstDay.AFTER_EXPOSURE
    start = "the last contact on" if is_after else "the start (day 1) on"
    day, ends_on = _sum(stay, regime)
    line = f"Counted from {start} {day:%d/%m/%Y}, {regime.isolation_days} days end with {ends_on:%d/%m/%Y}."
    return line if ends_on == stay.ends_on else f"{line} The end was moved to {stay.ends_on:%d/%m/%Y}."


def _sum(stay: Stay, regime: Regime) -> tuple[date, date]:
    is_after = regime.first_day is FirstDay.AFTER_EXPOSURE
    day = stay.last_exposure_on if is_after else stay.starts_on
    return day, day + timedelta(days=regime.isolation_days - (0 if is_after else 1))
