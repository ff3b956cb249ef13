"""The report as a workbook (XLSX): figures as numbers, the course of two weeks as a chart, definitions."""

import io
from typing import Final

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ioc_aggregation.domain.metrics import METRICS
from ioc_aggregation.domain.report import Line, Report
from ioc_aggregation.views.reports import words

TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_GREEN: Final = PatternFill("solid", fgColor="0B5C46")
_YELLOW: Final = PatternFill("solid", fgColor="FFF3CF")
_WHITE: Final = Font(bold=True, color="FFFFFF")
_NAME_WIDTH, _WIDTH, _TEXT_WIDTH = 28, 12, 90


def xlsx(report: Report) -> bytes:
    """Return the workbook. Takes tens of milliseconds: call it in the workshop."""
    book = Workbook()
    first = book.active
    if not isinstance(first, Worksheet):
        raise TypeError("a new workbook has a sheet")
    _figures(first, report)
    _course(book.create_sheet("Diễn biến"), report)
    _definitions(book.create_sheet("Định nghĩa"), report)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _figures(sheet: Worksheet, report: Report) -> None:
    sheet.title = "Báo cáo ngày"
    sheet.append([words.title(report)])
    sheet.append([words.as_of(report)])
    sheet.append([])
    sheet.append(["Đơn vị", *(words.SHORT[name] for name in report.columns)])
    _head(sheet, sheet.max_row)
    sheet.append(_row(report.total, report))
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for name, values in (("  so với hôm trước", report.yesterday), ("  so với tuần trước", report.week_ago)):
        differences = [_difference(report.total.values[c], values[c]) for c in report.columns]
        sheet.append([name, *differences])
    for line in report.lines:
        sheet.append(_row(line, report))
        if line.is_silent:
            sheet.cell(sheet.max_row, 1).fill = _YELLOW
    sheet.append([])
    for note in words.notes(report):
        sheet.append([note])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = _NAME_WIDTH
    for number in range(2, len(report.columns) + 2):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
    sheet.freeze_panes = "B5"


def _row(line: Line, report: Report) -> list[str | int]:
    name = f"{line.unit.name} (im lặng)" if line.is_silent else line.unit.name
    return [name, *(_cell(line.values[column]) for column in report.columns)]


def _cell(value: int | None) -> str | int:
    return words.HIDDEN if value is None else value


def _difference(value: int | None, before: int | None) -> str | int:
    return "" if value is None or before is None else value - before


def _course(sheet: Worksheet, report: Report) -> None:
    sheet.append(["Ngày", "Ca mới", "F0 đang theo dõi"])
    _head(sheet, 1)
    for each in report.trend:
        sheet.append([f"{each.day:%d/%m}", _cell(each.new), _cell(each.active)])
    chart = BarChart()
    chart.title, chart.legend = "Ca mới mỗi ngày", None
    last = len(report.trend) + 1
    chart.add_data(Reference(sheet, min_col=2, min_row=2, max_row=last))
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
    sheet.add_chart(chart, "E2")


def _definitions(sheet: Worksheet, report: Report) -> None:
    sheet.append(["Chỉ số", "Đếm gì"])
    _head(sheet, 1)
    for name in report.columns:
        sheet.append([METRICS[name].title, METRICS[name].definition])
    sheet.column_dimensions["A"].width = _NAME_WIDTH
    sheet.column_dimensions["B"].width = _TEXT_WIDTH


def _head(sheet: Worksheet, row: int) -> None:
    for cell in sheet[row]:
        cell.font, cell.fill = _WHITE, _GREEN
        cell.alignment = Alignment(wrap_text=True, vertical="center")
