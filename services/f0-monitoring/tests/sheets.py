"""Lists of F0 as communes fill them in: the real template, with rows typed below the example."""

import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from common.geo import Units
from f0_monitoring.rulebook import load_risk_rules
from f0_monitoring.views.lists.columns import LAYOUT, RESULT
from f0_monitoring.views.lists.writing import template

UNITS = Units.load()
TODAY = date(2022, 2, 10)
CONDITIONS = load_risk_rules(Path(__file__).parents[3] / "rules").form(TODAY).conditions
KEYS = [column.key for column in LAYOUT.offered]


def ill(number: int, **changes: Any) -> dict[str, Any]:
    """Somebody with a positive test, different for each *number*."""
    sample = {
        "stt": number,
        "name": "Nguyễn Văn Mẫu",
        "paper": f"019084{number:06d}",
        "phone": "0912 345 678",
        "address": "Tổ 1",
        "commune": "Phường Quang Vinh, Thành phố Thái Nguyên",
        "tested": "10/02/2022",
        "doses": "2",
    }
    return {**sample, **changes}


def filled(rows: Iterable[dict[str, Any]], empty: bytes | None = None) -> bytes:
    """The template with these rows, saved as Excel would."""
    book = openpyxl.load_workbook(io.BytesIO(empty or template(UNITS, CONDITIONS, TODAY)))
    sheet = book["Danh sách"]
    for number, row in enumerate(rows, start=5):
        for at, key in enumerate(KEYS, start=1):
            if key in row:
                sheet.cell(number, at, row[key])
    return saved(book)


def sheet_of(rows: Iterable[Iterable[Any]]) -> bytes:
    """A sheet of somebody's own making."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def saved(book: Any) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def answers_in(data: bytes) -> dict[int, tuple[str, str, str]]:
    """What the answered sheet says: result, record and note by row number of the sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    at = next(c.column for row in sheet.iter_rows(max_row=20) for c in row if c.value == RESULT)
    found = {}
    for row in sheet.iter_rows(min_col=at, max_col=at + 2):
        told = [cell.value or "" for cell in row]
        if told[0] and told[0] != RESULT:
            found[row[0].row] = (told[0], told[1], told[2])
    return found
