"""Statistics as files: Excel, CSV, and a table on A4 paper."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fpdf import FPDF
from fpdf.enums import TableCellFillMode

from common.credential import printing
from common.sheets import writing
from quarantine.domain.model import Outcome

Value = str | int | float | None
OUTCOMES: Final = tuple(Outcome)
_ENDED: Final = {
    Outcome.COMPLETED: "đủ ngày",
    Outcome.BECAME_F0: "thành F0",
    Outcome.WRONG_ENTRY: "nhập nhầm",
    Outcome.LOST: "mất dấu",
    Outcome.MOVED_AWAY: "chuyển đi",
    Outcome.DIED: "đã mất",
}
TITLES: Final = (
    "Mã",
    "Địa bàn",
    "Đang cách ly",
    "Vào cách ly",
    "Hết cách ly",
    *(f"Hết: {_ENDED[outcome]}" for outcome in OUTCOMES),
    "Lượt không khai báo",
    "% không khai báo",
    "Vi phạm",
    "Khai báo trong 24 giờ đầu",
    "Giờ đến lần khai báo đầu",
)
_WIDTHS: Final = (14, 52, 16, 15, 15, 14, 14, 15, 13, 15, 12, 20, 20, 14, 19, 19)
_SIZE: Final = 8


@dataclass(frozen=True, slots=True)
class Table:
    """A title and lines under `TITLES`; the last line is the total."""

    title: str
    lines: Sequence[Sequence[Value]]


def xlsx(table: Table) -> bytes:
    """Return Excel; numbers stay numbers."""
    return writing.listed("Thống kê", table.title, TITLES, table.lines)


def csv_text(table: Table) -> bytes:
    """Return CSV with the mark by which Excel knows UTF-8; codes keep their zeros as texts."""
    content = io.StringIO(newline="")
    writer = csv.writer(content)
    writer.writerow(TITLES)
    writer.writerows(table.lines)
    return content.getvalue().encode("utf-8-sig")


def pdf(table: Table) -> bytes:
    """Return A4 pages, lying; the titles stand on each."""
    page = printing.document(table.title, is_lying=True)
    page.set_margins(5, 12, 5)
    page.set_auto_page_break(auto=True, margin=12)
    page.add_page()
    page.set_font(printing.FONT, "B", 14)
    page.cell(0, 10, table.title, align="C", new_x="LMARGIN", new_y="NEXT")
    page.set_font(printing.FONT, "", _SIZE)
    _drawn(page, table)
    return bytes(page.output())


def _drawn(page: FPDF, table: Table) -> None:
    aligned = ("LEFT", "LEFT", *["RIGHT"] * (len(TITLES) - 2))
    with page.table(
        col_widths=_WIDTHS,
        text_align=aligned,
        line_height=4.5,
        padding=0.6,
        cell_fill_mode=TableCellFillMode.NONE,
    ) as drawn:
        drawn.row(TITLES)
        for line in table.lines:
            drawn.row([_shown(value) for value in line])


def _shown(value: Value) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}".replace(".", ",") if isinstance(value, float) else str(value)
