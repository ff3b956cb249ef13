"""Figures as CSV: one line of names, then a line per row; with the mark by which Excel knows UTF-8."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

TYPE: Final = "text/csv; charset=utf-8"
_FIGURES: Final = {"metrics": "", "values": "", "yesterday": "yesterday_", "week_ago": "week_ago_"}
"""Figures by name become columns of their own; those of other days say so."""


def csv_text(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> bytes:
    """
    Write *rows*; their columns are *names*, whether or not there is any row.

    Lists are joined by spaces, what is not known is empty. No value begins with a sign that a
    spreadsheet takes for a formula: codes, times, numbers and names of places are all there are.
    """
    content = io.StringIO(newline="")
    writer = csv.DictWriter(content, names, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(_flat(row) for row in rows)
    return content.getvalue().encode("utf-8-sig")


def figure_columns(field: str, metrics: Iterable[str]) -> list[str]:
    """Return the columns of the figures in the field *field* of a row."""
    return [f"{_FIGURES[field]}{name}" for name in metrics]


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for field, value in row.items():
        if field in _FIGURES:
            flat |= {f"{_FIGURES[field]}{name}": amount for name, amount in value.items()}
        else:
            flat[field] = _cell(value)
    return flat


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return "" if value is None else value
