"""The template to fill in, and the sheet that comes back with an answer beside every row."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from common.geo import Units
from common.sheets.layout import Layout
from common.sheets.places import full_name

TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LIST: Final = "Danh sách"
_HELP: Final = "Hướng dẫn"
_CHOICES: Final = "Danh mục"
_HEAD: Final = 3
_SHEET_NAME_LETTERS: Final = 31
_GREEN: Final = PatternFill("solid", fgColor="0B5C46")
YELLOW: Final = PatternFill("solid", fgColor="FFF3CF")
RED: Final = PatternFill("solid", fgColor="FDEAEC")
_WRAPPED: Final = Alignment(wrap_text=True, vertical="center")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a column may be chosen from; *is_strict* refuses anything else already in Excel."""

    key: str
    title: str
    values: tuple[str, ...]
    is_strict: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """An empty list: *steps* say how to fill it in, *examples* replace those of the columns."""

    layout: Layout
    title: str
    steps: tuple[str, ...]
    choices: tuple[Choice, ...]
    examples: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a row: the words of the three added columns, and the colour behind them."""

    result: str
    number: str
    message: str
    fill: PatternFill | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """How the answer to a row is told: words and colours by outcome; *number* is the field in the middle."""

    words: Mapping[str, str]
    fills: Mapping[str, PatternFill]
    number: str = "number"

    def of(self, answer: Mapping[str, Any] | None) -> Told | None:
        """Return the columns for *answer* (`outcome`, the number, `message`); None for nobody."""
        if answer is None:
            return None
        outcome, number = str(answer["outcome"]), str(answer.get(self.number, ""))
        return Told(self.words[outcome], number, str(answer.get("message", "")), self.fills.get(outcome))


def empty(template: Template) -> bytes:
    """Return the empty list as a file."""
    book = Workbook()
    sheet = book.active
    sheet.title = _LIST
    sheet.append([template.title])
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.append(["Điền từ dòng 5. Cách điền: xem trang “Hướng dẫn”."])
    columns = template.layout.offered
    sheet.append([column.title + (" *" if column.is_required else "") for column in columns])
    sheet.append([template.examples.get(column.key, column.example) for column in columns])
    _dress(sheet, template.layout)
    _help(book.create_sheet(_HELP), template)
    _choices(book.create_sheet(_CHOICES), template.choices)
    for validation in _validations(template):
        sheet.add_data_validation(validation)
    return _saved(book)


def answered(
    answers: Sequence[str],
    name: str,
    above: Sequence[Sequence[str]],
    rows: Iterable[tuple[int, Sequence[str], Told | None]],
) -> bytes:
    """
    Return the sheet as it came, each row at its old number, with what became of it in added columns.

    *answers* are the titles of these; *rows* are number, cells and what is told, None for rows about nobody.
    All cells are texts: nothing that somebody typed becomes a formula. Takes seconds for 10,000 rows.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:_SHEET_NAME_LETTERS] or _LIST)
    titles = list(above[-1])
    while titles and not titles[-1]:
        titles.pop()
    at = titles.index(answers[0]) if answers[0] in titles else len(titles)
    for column, width in [*((n, 18) for n in range(at)), (at, 14), (at + 1, 22), (at + 2, 70)]:
        sheet.column_dimensions[get_column_letter(column + 1)].width = width
    sheet.freeze_panes = f"A{len(above) + 1}"
    for line in above[:-1]:
        sheet.append([_text(sheet, text) for text in line])
    sheet.append([_title(sheet, text) for text in (*titles[:at], *answers)])
    written = len(above)
    for number, cells, told in rows:
        for _ in range(number - written - 1):
            sheet.append([])
        sheet.append(_row(sheet, cells, at, told))
        written = number
    return _saved(book)


def listed(name: str, title: str, titles: Sequence[str], lines: Iterable[Sequence[Any]]) -> bytes:
    """
    Return a plain list: a title, a row of column titles, the lines below.

    Texts stay texts, whatever they begin with. Takes seconds for 10,000 lines.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:_SHEET_NAME_LETTERS])
    for at, text in enumerate(titles, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = max(12, min(36, len(text) + 4))
    sheet.freeze_panes = "A3"
    sheet.append([_text(sheet, title)])
    sheet.append([_title(sheet, text) for text in titles])
    for line in lines:
        sheet.append([_text(sheet, each) if isinstance(each, str) else each for each in line])
    return _saved(book)


def communes_by_district(units: Units) -> tuple[str, ...]:
    """Return the full names of all communes, district by district: what a column of places offers."""
    return tuple(full_name(c, units) for d in units.districts() for c in units.communes(d.code))


def _row(sheet: Any, cells: Sequence[str], at: int, told: Told | None) -> list[Any]:
    line = [_text(sheet, text) for text in [*cells, *[""] * at][:at]]
    if told is None:
        return line
    return line + [_marked(sheet, text, told.fill) for text in (told.result, told.number, told.message)]


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


def _dress(sheet: Any, layout: Layout) -> None:
    for at, column in enumerate(layout.offered, start=1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = column.width
        # Text: Excel then keeps the zeros of papers and telephones, and dates as they were typed.
        sheet.column_dimensions[letter].number_format = "@"
        title, example = sheet.cell(_HEAD, at), sheet.cell(_HEAD + 1, at)
        title.font, title.fill, title.alignment = Font(bold=True, color="FFFFFF"), _GREEN, _WRAPPED
        example.font, example.fill, example.number_format = Font(italic=True), YELLOW, "@"
    sheet.row_dimensions[_HEAD].height = 34
    sheet.freeze_panes = sheet.cell(_HEAD + 1, 3)


def _help(sheet: Any, template: Template) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 90
    sheet.append(["Cách điền danh sách"])
    sheet["A1"].font = Font(bold=True, size=16)
    for step in template.steps:
        sheet.append([step])
    sheet.append([])
    sheet.append(["Cột", "Ghi gì"])
    for column in template.layout.offered:
        sheet.append([column.title + (" *" if column.is_required else ""), column.hint])


def _choices(sheet: Any, choices: Sequence[Choice]) -> None:
    for at, choice in enumerate(choices, start=1):
        for row, value in enumerate([choice.title, *choice.values], start=1):
            sheet.cell(row, at, value)
    sheet.sheet_state = "hidden"


def _validations(template: Template) -> Iterable[DataValidation]:
    keys = [column.key for column in template.layout.offered]
    for at, choice in enumerate(template.choices, start=1):
        letter = get_column_letter(at)
        offered = f"'{_CHOICES}'!${letter}$2:${letter}${len(choice.values) + 1}"
        # Only offered, not enforced, where people may also type: a commune without accents, several places.
        validation = DataValidation(
            type="list", formula1=offered, allow_blank=True, showErrorMessage=choice.is_strict
        )
        validation.errorTitle, validation.error = "Chưa đúng", "Hãy chọn trong danh sách."
        column = get_column_letter(keys.index(choice.key) + 1)
        validation.add(f"{column}{_HEAD + 1}:{column}{_HEAD + 1 + template.layout.rows_max}")
        yield validation


def _saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
