"""
Opens a file that somebody uploaded as a list, and trusts nothing in it.

What the parts of the archive claim is checked before anything is unpacked (number, size, document types,
macros); then the sheet is read row by row. Formulas are never computed: the value
that Excel stored counts.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final

import openpyxl

from common.sheets import separated
from common.sheets.cells import text_of
from common.sheets.layout import Layout, UnreadableSheet

FILE_MAX_BYTES: Final = 6_000_000
"""10,000 rows of the template take about 1 MB."""
_PARTS_MAX: Final = 300
_UNPACKED_MAX_BYTES: Final = 60_000_000
_COLUMNS_MAX: Final = 40
_HEAD_ROWS: Final = 20
_EMPTY_ROWS_MAX: Final = 200
"""So many empty rows end a sheet: some sheets claim a million."""
_SPARE_ROWS: Final = 2_000
_CELL_MAX_LETTERS: Final = 400
_TITLE_MAX_LETTERS: Final = 80
_ZIP: Final = b"PK"
_TEXT_NAME: Final = "Danh sách"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_DECLARES: Final = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T)")
_FEWEST_TITLES: Final = 4

Cells = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it was filled in: what stands above its rows, which column is where, and the rows."""

    name: str
    above: list[list[str]]
    """Every row down to the titles, as text."""
    columns: dict[str, int]
    rows: list[tuple[int, Cells]]
    """Number in the sheet (from 1) and the cells of every row that is not empty."""


def read_sheet(data: bytes, layout: Layout) -> Sheet:
    """Return the list in *data*; `UnreadableSheet` says what to do about a file that holds none."""
    _check_archive(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions of other programs are of no interest
            return _Opener(layout).opened(data)
    except UnreadableSheet:
        raise
    except Exception:  # noqa: BLE001  a broken file may break the library in any way; it is one answer
        raise _unreadable(
            "Tệp bị hỏng hoặc không do Excel tạo ra. Hãy mở lại bằng Excel rồi lưu thành .xlsx."
        ) from None


def read_list(data: bytes, layout: Layout) -> Sheet:
    """Return the list in *data*, an Excel file or text with separators; `UnreadableSheet` otherwise."""
    if data.startswith((_ZIP, _OLD_EXCEL)):
        return read_sheet(data, layout)
    try:
        last = layout.rows_max + _HEAD_ROWS + _SPARE_ROWS
        rows = islice((row[:_COLUMNS_MAX] for row in separated.rows_of(data)), last)
        return _Opener(layout).found([(_TEXT_NAME, enumerate(rows, start=1))])
    except separated.NotText:
        raise _unreadable(
            "Tệp không phải Excel .xlsx hay CSV. Hãy dùng mẫu danh sách của trang này."
        ) from None


def _unreadable(detail: str) -> UnreadableSheet:
    return UnreadableSheet(detail, field="file")


def _check_archive(data: bytes) -> None:
    if data.startswith(_OLD_EXCEL):
        raise _unreadable(
            "Tệp .xls đời cũ hoặc có mật khẩu. Hãy bỏ mật khẩu, chọn Lưu thành (Save as) .xlsx rồi gửi lại."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive)
    except UnreadableSheet:
        raise
    except Exception:  # noqa: BLE001  any fault of the archive is the same answer
        raise _unreadable("Đây không phải tệp Excel .xlsx. Hãy dùng mẫu danh sách của trang này.") from None


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if len(parts) > _PARTS_MAX or sum(part.file_size for part in parts) > _UNPACKED_MAX_BYTES:
        raise _unreadable("Tệp quá lớn khi mở ra. Hãy chép danh sách sang mẫu mới, bỏ ảnh và định dạng thừa.")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise _unreadable("Tệp có macro nên không nhận. Hãy lưu thành .xlsx không có macro.")
    if "xl/workbook.xml" not in names:
        raise _unreadable("Đây không phải tệp Excel .xlsx. Hãy dùng mẫu danh sách của trang này.")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as content:
                if _DECLARES.search(content.read(8_192)):
                    raise _unreadable("Tệp có nội dung lạ nên không mở. Hãy chép danh sách sang mẫu mới.")


class _Opener:
    """Finds the list of one layout in a book."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def opened(self, data: bytes) -> Sheet:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        last = self._layout.rows_max + _HEAD_ROWS + _SPARE_ROWS
        try:
            return self.found(
                (sheet.title, enumerate(rows, start=1))
                for sheet in book.worksheets
                if sheet.sheet_state == "visible"
                for rows in [sheet.iter_rows(max_row=last, max_col=_COLUMNS_MAX, values_only=True)]
            )
        finally:
            book.close()

    def found(self, sheets: Iterable[tuple[str, Iterator[tuple[int, Cells]]]]) -> Sheet:
        """Return the first of *sheets* that is the list; `UnreadableSheet` names what the best one lacks."""
        best: set[str] = set()
        for name, rows in sheets:
            found = self._titled(name, rows)
            if isinstance(found, Sheet):
                return found
            best = max(best, found, key=len)
        raise _unreadable(self._missing(best))

    def _titled(self, name: str, rows: Iterator[tuple[int, Cells]]) -> Sheet | set[str]:
        """Return the sheet below the first row of titles, or which titles its best row had."""
        above: list[list[str]] = []
        best: set[str] = set()
        for number, cells in rows:
            if number > _HEAD_ROWS:
                break
            above.append([_shortened(text_of(cell)) for cell in cells])
            columns = self._columns(cells)
            best = max(best, set(columns), key=len)
            if len(columns) >= _FEWEST_TITLES:
                return self._below(name, above, columns, rows)
        return best

    def _below(
        self, name: str, above: list[list[str]], columns: dict[str, int], rows: Iterator[tuple[int, Cells]]
    ) -> Sheet | set[str]:
        first = next(rows, None)
        second = self._columns(first[1]) if first else {}
        more = {key: at for key, at in second.items() if key not in columns and at not in columns.values()}
        if first and more and not self._is_filled(first[1], columns):
            # Titles in two rows, merged above: "Thời gian" over "Từ ngày", "Đến ngày".
            columns = columns | more
            above.append([_shortened(text_of(cell)) for cell in first[1]])
            first = None
        if self._layout.required - columns.keys():
            return set(columns)
        listed = list(self._until_the_end([first] if first else [], rows))
        return Sheet(name, above, columns, listed)

    def _until_the_end(
        self, first: Iterable[tuple[int, Cells]], rows: Iterator[tuple[int, Cells]]
    ) -> Iterator[tuple[int, Cells]]:
        empty, count, most = 0, 0, self._layout.rows_max
        for number, cells in chain(first, rows):
            if not any(text_of(cell) for cell in cells):
                empty += 1
                if empty > _EMPTY_ROWS_MAX:
                    return
                continue
            empty, count = 0, count + 1
            if count > most + _HEAD_ROWS:
                raise _unreadable(
                    f"Danh sách dài hơn {most:,} dòng. Hãy chia thành nhiều tệp.".replace(",", ".")
                )
            yield number, cells

    def _columns(self, cells: Cells) -> dict[str, int]:
        found: dict[str, int] = {}
        for at, cell in enumerate(cells):
            is_title = isinstance(cell, str) and len(cell) < _TITLE_MAX_LETTERS
            key = self._layout.column_of(text_of(cell)) if is_title else None
            if key:
                found.setdefault(key, at)
        return found

    def _is_filled(self, cells: Cells, columns: dict[str, int]) -> bool:
        return any(text_of(cells[columns[key]]) for key in self._layout.somebody if key in columns)

    def _missing(self, found: set[str]) -> str:
        lacking = self._layout.required - found
        titles = ", ".join(f"“{column.title}”" for column in self._layout.columns if column.key in lacking)
        if len(found) < _FEWEST_TITLES:
            return f"Không thấy dòng tiêu đề của danh sách. Hãy dùng mẫu, giữ nguyên các cột: {titles}."
        return f"Danh sách thiếu cột {titles}. Hãy thêm cột rồi gửi lại, hoặc dùng mẫu."


def _shortened(text: str) -> str:
    return text[:_CELL_MAX_LETTERS]
