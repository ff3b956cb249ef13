"""Values of an application that follow from cells."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from common.kernel.clock import VIETNAM
from common.kernel.errors import Invalid
from permit.domain.rules import check_plate_shape, normal_plate
from permit.views.workbook import cells
from permit.views.workbook.cells import Unclear


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


def birth_by(paper: Mapping[str, str]) -> dict[str, Any]:
    """Return the birth year that the fourth to sixth digit of a CCCD say (Circular 07/2016/TT-BCA)."""
    number = paper.get("cccd")
    return {"birth_year": 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])} if number else {}


def sex_by(paper: Mapping[str, str]) -> str:
    """Return the sex that the fourth digit of a CCCD says; unknown without one."""
    number = paper.get("cccd")
    return ("male" if int(number[3]) % 2 == 0 else "female") if number else "unknown"
