"""Lists of people in quarantine as communes fill them in: the real template, with rows below the example."""

import io
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

import openpyxl

from common.geo import Units
from quarantine.views.lists.columns import LAYOUT, RESULT
from quarantine.views.lists.writing import template

UNITS = Units.load()
TODAY = date(2021, 8, 2)
KEYS = [column.key for column in LAYOUT.offered]


def contact(number: int, **changes: Any) -> dict[str, Any]:
    """An F1 at home, different for each *number*."""
    sample = {
        "stt": number,
        "name": f"Nguyễn Văn Mẫu {_letters(number)}",
        "paper": f"019084{number:06d}",
        "phone": f"0912{number:06d}",
        "address": "Tổ 1",
        "commune": "Phường Quang Vinh, Thành phố Thái Nguyên",
        "category": "F1",
        "exposure": "01/08/2021",
        "doses": "2",
    }
    return {**sample, **changes}


def _letters(number: int) -> str:
    """A word of its own for each number: namesakes of one birth year are asked about."""
    return "".join(chr(97 + number // 26**power % 26) for power in (3, 2, 1, 0)).capitalize()


@cache
def blank() -> bytes:
    """The template; the same few hundred names of places each time."""
    return template(UNITS, TODAY)


def filled(rows: Iterable[dict[str, Any]], empty: bytes | None = None) -> bytes:
    """The template with these rows, saved as Excel would."""
    book = openpyxl.load_workbook(io.BytesIO(empty or blank()))
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
    """What the answered sheet says: result, file and note by row number of the sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    at = next(c.column for row in sheet.iter_rows(max_row=20) for c in row if c.value == RESULT)
    found = {}
    for row in sheet.iter_rows(min_col=at, max_col=at + 2):
        told = [cell.value or "" for cell in row]
        if told[0] and told[0] != RESULT:
            found[row[0].row] = (told[0], told[1], told[2])
    return found
