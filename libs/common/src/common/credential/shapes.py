"""Shapes of values that several kinds of documents carry; ValueError for anything else."""

import re
from typing import Any, Final

ID_TAIL: Final = re.compile(r"[0-9A-Z]{4}|", re.ASCII)
HOLDER_BYTES: Final = 8
OLDEST_BIRTH_YEAR, LATEST_BIRTH_YEAR = 1890, 2200
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LONGEST_NAME: Final = 100


def name(value: Any) -> str:
    """Return a name that can be shown."""
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_NAME or _CONTROL.search(value):
        raise ValueError("a name that cannot be shown")
    return value


def shaped(value: Any, shape: re.Pattern[str]) -> str:
    """Return a text of this shape."""
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise ValueError("a text of the wrong shape")
    return value


def between(value: Any, least: int, most: int) -> int:
    """Return a whole number within these bounds."""
    if not isinstance(value, int) or not least <= value <= most:
        raise ValueError("a number out of range")
    return value


def holder(value: Any) -> bytes:
    """Return the keyed hash of a person: eight bytes."""
    if not isinstance(value, bytes) or len(value) != HOLDER_BYTES:
        raise ValueError("a holder that is not eight bytes")
    return value
