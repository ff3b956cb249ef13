"""The template to fill in, and the sheet that comes back with an answer beside every row."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from common.geo import Units
from permit.domain.staff_lists import RowOutcome
from permit.views.workbook.columns import ANSWERS, COLUMNS, RESULT
from permit.views.workbook.places import full_name
from permit.views.workbook.reading import ROWS_MAX

TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LIST: Final = "Danh sách"
_HELP: Final = "Hướng dẫn"
_CHOICES: Final = "Danh mục"
_TITLE: Final = "DANH SÁCH NGƯỜI LAO ĐỘNG XIN GIẤY ĐI ĐƯỜNG"
_HEAD: Final = 3
_GREEN: Final = PatternFill("solid", fgColor="0B5C46")
_YELLOW: Final = PatternFill("solid", fgColor="FFF3CF")
_RED: Final = PatternFill("solid", fgColor="FDEAEC")
_WRAPPED: Final = Alignment(wrap_text=True, vertical="center")
_WORDS: Final = {
    RowOutcome.READY: "Chưa xét",
    RowOutcome.WRONG: "CẦN SỬA",
    RowOutcome.REPEATED: "Đã có giấy",
    RowOutcome.ISSUED: "Đã cấp",
    RowOutcome.QUEUED: "Chờ duyệt",
    RowOutcome.REFUSED: "Không cấp",
}
_MARKED: Final = {RowOutcome.WRONG: _RED, RowOutcome.REFUSED: _RED, RowOutcome.QUEUED: _YELLOW}
_STEPS: Final = (
    "1. Điền mỗi người một dòng vào trang “Danh sách”, từ dòng 5. Dòng 4 là ví dụ, máy bỏ qua.",
    "2. Cột có dấu * bắt buộc. Nhóm, xã, giới tính: bấm mũi tên ở ô để chọn; tự gõ không dấu cũng được.",
    "3. Số CCCD mất số 0 ở đầu, ngày ghi 15/01/1984 hay 15.1.84, chữ hoa hay chữ thường: máy tự hiểu.",
    "4. Lưu tệp dạng .xlsx rồi nộp ở trang “Danh sách đi đường”. Mỗi tệp nhiều nhất {most} người.",
    "5. Dòng đúng được xét ngay. Dòng sai: tải tệp trả lời về, sửa chính dòng đó, gửi lại cả tệp.",
    "6. Gửi lại bao nhiêu lần cũng không sinh hai giấy: cùng người, cùng nhóm, cùng ngày là một giấy.",
    "7. Muốn đổi biển số, nơi đi của giấy đã cấp: hủy giấy đó trên trang, rồi gửi lại với ngày mới.",
    "8. Tệp được mã hóa và tự xóa sau 14 ngày. Không ghi thông tin sức khỏe vào danh sách.",
)


def template(units: Units, categories: Iterable[str], today: date) -> bytes:
    """Return the empty list; *categories* are the titles of those an employer may ask for."""
    book = Workbook()
    sheet = book.active
    sheet.title = _LIST
    sheet.append([_TITLE])
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.append(["Điền từ dòng 5. Cách điền: xem trang “Hướng dẫn”."])
    sheet.append([column.title + (" *" if column.is_required else "") for column in COLUMNS])
    sheet.append([_example(column.key, column.example, today) for column in COLUMNS])
    _dress(sheet)
    _help(book.create_sheet(_HELP))
    _choices(book.create_sheet(_CHOICES), units, list(categories))
    for validation in _validations(units, len(list(categories))):
        sheet.add_data_validation(validation)
    return _saved(book)


def answered(
    name: str,
    above: Sequence[Sequence[str]],
    rows: Iterable[tuple[int, Sequence[str], Mapping[str, Any] | None]],
) -> bytes:
    """
    Return the sheet as it came, each row at its old number, with what became of it in added columns.

    *rows* are number, cells and answer (`outcome`, `number`, `message`); None for rows about nobody. All
    cells are texts: nothing that somebody typed becomes a formula. Takes seconds for 10,000 rows.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31] or _LIST)
    titles = list(above[-1])
    while titles and not titles[-1]:
        titles.pop()
    at = titles.index(RESULT) if RESULT in titles else len(titles)
    for column, width in [*((n, 18) for n in range(at)), (at, 14), (at + 1, 22), (at + 2, 70)]:
        sheet.column_dimensions[get_column_letter(column + 1)].width = width
    sheet.freeze_panes = f"A{len(above) + 1}"
    for line in above[:-1]:
        sheet.append([_text(sheet, text) for text in line])
    sheet.append([_title(sheet, text) for text in (*titles[:at], *ANSWERS)])
    written = len(above)
    for number, cells, answer in rows:
        for _ in range(number - written - 1):
            sheet.append([])
        sheet.append(_row(sheet, cells, at, answer))
        written = number
    return _saved(book)


def _row(sheet: Any, cells: Sequence[str], at: int, answer: Mapping[str, Any] | None) -> list[Any]:
    line = [_text(sheet, text) for text in [*cells, *[""] * at][:at]]
    if answer is None:
        return line
    outcome = RowOutcome(answer["outcome"])
    told = [_WORDS[outcome], str(answer.get("number", "")), str(answer.get("message", ""))]
    return line + [_marked(sheet, text, _MARKED.get(outcome)) for text in told]


def _text(sheet: Any, text: str) -> Any:
    """Return a cell that stays text: a value that begins with = would become a formula."""
    if not text.startswith("="):
        return text or None
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _marked(sheet: Any, text: str, fill: PatternFill | None) -> Any:
    if fill is None:
        return text or None
    cell = WriteOnlyCell(sheet, text)
    cell.fill = fill
    return cell


def _title(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font, cell.fill, cell.alignment = Font(bold=True, color="FFFFFF"), _GREEN, _WRAPPED
    cell.data_type = "s"
    return cell


def _example(key: str, example: str, today: date) -> str:
    days = {"from": today + timedelta(days=1), "until": today + timedelta(days=3)}
    return days[key].strftime("%d/%m/%Y") if key in days else example


def _dress(sheet: Any) -> None:
    for at, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = column.width
        # Text: Excel then keeps the zeros of papers and telephones, and dates as they were typed.
        sheet.column_dimensions[letter].number_format = "@"
        title, example = sheet.cell(_HEAD, at), sheet.cell(_HEAD + 1, at)
        title.font, title.fill, title.alignment = Font(bold=True, color="FFFFFF"), _GREEN, _WRAPPED
        example.font, example.fill, example.number_format = Font(italic=True), _YELLOW, "@"
    sheet.row_dimensions[_HEAD].height = 34
    sheet.freeze_panes = sheet.cell(_HEAD + 1, 3)


def _help(sheet: Any) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 90
    sheet.append(["Cách điền danh sách"])
    sheet["A1"].font = Font(bold=True, size=16)
    for step in _STEPS:
        sheet.append([step.format(most=f"{ROWS_MAX:,}".replace(",", "."))])
    sheet.append([])
    sheet.append(["Cột", "Ghi gì"])
    for column in COLUMNS:
        sheet.append([column.title + (" *" if column.is_required else ""), column.hint])


def _choices(sheet: Any, units: Units, categories: list[str]) -> None:
    communes = [full_name(unit, units) for unit in _by_district(units)]
    areas = ["Cả tỉnh", *(unit.name for unit in units.districts())]
    lists = [communes, categories, areas, ["Nam", "Nữ"]]
    for at, (title, values) in enumerate(
        zip(("Xã, phường", "Nhóm", "Nơi đi", "Giới tính"), lists, strict=True), 1
    ):
        for row, value in enumerate([title, *values], start=1):
            sheet.cell(row, at, value)
    sheet.sheet_state = "hidden"


def _by_district(units: Units) -> list[Any]:
    return [commune for district in units.districts() for commune in units.communes(district.code)]


def _validations(units: Units, categories: int) -> Iterable[DataValidation]:
    lists = (
        ("commune", "A", len(units.communes()), False),
        ("category", "B", categories, True),
        ("areas", "C", len(units.districts()) + 1, False),
        ("sex", "D", 2, True),
    )
    for key, letter, count, is_strict in lists:
        choices = f"'{_CHOICES}'!${letter}$2:${letter}${count + 1}"
        # Only offered, not enforced, where people may also type: a commune without accents, several places.
        validation = DataValidation(
            type="list", formula1=choices, allow_blank=True, showErrorMessage=is_strict
        )
        validation.errorTitle, validation.error = "Chưa đúng", "Hãy chọn trong danh sách."
        at = next(n for n, column in enumerate(COLUMNS, start=1) if column.key == key)
        column = get_column_letter(at)
        validation.add(f"{column}{_HEAD + 1}:{column}{_HEAD + 1 + ROWS_MAX}")
        yield validation


def _saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
