"""Staff lists as employers fill them in: the real template, with rows typed below the example."""

import io
from collections.abc import Iterable
from datetime import date
from typing import Any

import openpyxl

from common.geo import Units
from permit.views.workbook.writing import template

UNITS = Units.load()
CATEGORIES = {
    "factory-work": "Người lao động của nhà máy được hoạt động",
    "essential-goods": "Vận chuyển hàng thiết yếu",
}
COLUMNS = (  # noqa: SIM905  one word per column of the template, in its order
    "stt name paper birth sex phone commune category purpose areas route leaves returns plate with from until"
).split(" ")
TODAY = date(2022, 1, 15)


def worker(number: int, **changes: Any) -> dict[str, Any]:
    """Somebody of the staff, different for each *number*."""
    sample = {
        "stt": number,
        "name": "Nguyễn Văn Mẫu",
        "paper": f"019084{number:06d}",
        "commune": "Phường Quang Vinh, Thành phố Thái Nguyên",
        "category": CATEGORIES["factory-work"],
        "purpose": "Đi làm ca sáng",
        "areas": "Thành phố Thái Nguyên; Thị xã Phổ Yên",
        "leaves": "05:00",
        "returns": "20:00",
        "from": "15/01/2022",
        "until": "17/01/2022",
    }
    return {**sample, **changes}


def filled(rows: Iterable[dict[str, Any]], empty: bytes | None = None) -> bytes:
    """The template with these rows, saved as Excel would."""
    book = openpyxl.load_workbook(io.BytesIO(empty or template(UNITS, CATEGORIES.values(), TODAY)))
    sheet = book["Danh sách"]
    for number, row in enumerate(rows, start=5):
        for at, key in enumerate(COLUMNS, start=1):
            if key in row:
                sheet.cell(number, at, row[key])
    return saved(book)


def saved(book: Any) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def sheet_of(rows: Iterable[Iterable[Any]]) -> bytes:
    """A sheet of somebody's own making."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def answers_in(data: bytes) -> dict[str, tuple[str, str, str]]:
    """What the answered sheet says: result, number and note by row number of the sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    at = next(c.column for row in sheet.iter_rows(max_row=20) for c in row if c.value == "Kết quả")
    found = {}
    for row in range(1, sheet.max_row + 1):
        told = [sheet.cell(row, at + n).value or "" for n in range(3)]
        if told[0] and told[0] != "Kết quả":
            found[str(row)] = (told[0], told[1], told[2])
    return found
