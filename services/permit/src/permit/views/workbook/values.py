"""Values of an application that follow from cells."""

from datetime import date, datetime, time, timedelta
from typing import Any

from common.kernel.clock import VIETNAM
from common.kernel.errors import Invalid
from common.sheets import cells
from common.sheets.cells import Unclear
from permit.domain.rules import check_plate_shape, normal_plate


def plate(value: Any) -> str:
    """Return a number plate without marks; `Unclear` for what is none."""
    number = normal_plate(cells.text_of(value))
    try:
        check_plate_shape(number)
    except Invalid as fault:
        raise Unclear(fault.detail) from None
    return number


def companions(value: Any) -> list[dict[str, str]]:
    """Return who travels along, by name."""
    names = cells.text_of(value).replace(";", ",").split(",")
    return [{"full_name": name.strip()} for name in names if name.strip()]


def midnight(day: date | None, *, days: int = 0) -> str | None:
    """Return the instant at which a Vietnamese day begins, or ends with *days* = 1."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=days), time(), VIETNAM).isoformat()
