"""The report on paper (PDF, A4 across): headline figures, new cases of two weeks, a table by unit, notes."""

from importlib import resources
from typing import Final

from fpdf import FPDF
from fpdf.fonts import FontFace

from ioc_aggregation.domain.metrics import METRICS
from ioc_aggregation.domain.report import Line, Report
from ioc_aggregation.views.reports import words

TYPE: Final = "application/pdf"
_FONT: Final = "Roboto"
_MARGIN, _WIDTH = 12.0, 297.0 - 2 * 12.0
_TILE_HEIGHT, _CHART_HEIGHT, _LINE = 24.0, 38.0, 5.2
_GREEN, _PALE, _YELLOW, _GREY = (11, 92, 70), (232, 242, 238), (255, 243, 207), (110, 118, 125)


class _Sheet(FPDF):
    """Pages that number themselves."""

    def footer(self) -> None:
        self.set_y(-9)
        self.set_font(_FONT, "", 8)
        self.set_text_color(*_GREY)
        self.cell(0, 5, f"Trang {self.page_no()}/{{nb}}", align="R")
        self.set_text_color(0)


def pdf(report: Report) -> bytes:
    """Return the pages. Takes some tenths of a second: call it in the workshop."""
    page = _Sheet(orientation="L", format="A4")
    fonts = resources.files("font_roboto") / "files"
    page.add_font(_FONT, "", str(fonts / "Roboto-Regular.ttf"))
    page.add_font(_FONT, "B", str(fonts / "Roboto-Bold.ttf"))
    page.set_margins(_MARGIN, _MARGIN, _MARGIN)
    page.set_auto_page_break(auto=True, margin=12)
    page.set_title(words.title(report))
    page.set_lang("vi")
    page.set_creation_date(report.drawn_at)
    page.add_page()
    _head(page, report)
    _headlines(page, report)
    _course(page, report)
    _table(page, report)
    _notes(page, report)
    return bytes(page.output())


def _head(page: FPDF, report: Report) -> None:
    page.set_font(_FONT, "B", 16)
    page.cell(_WIDTH, 8, words.title(report), new_x="LMARGIN", new_y="NEXT")
    page.set_font(_FONT, "", 10)
    page.set_text_color(*_GREY)
    page.cell(_WIDTH, 6, words.as_of(report), new_x="LMARGIN", new_y="NEXT")
    page.set_text_color(0)
    page.ln(2)


def _headlines(page: FPDF, report: Report) -> None:
    top, width = page.get_y(), (_WIDTH - 4 * (len(words.HEADLINES) - 1)) / len(words.HEADLINES)
    for number, name in enumerate(words.HEADLINES):
        left, value = _MARGIN + number * (width + 4), report.total.values[name]
        page.set_fill_color(*_PALE)
        page.rect(left, top, width, _TILE_HEIGHT, style="F", round_corners=True, corner_radius=2)
        page.set_xy(left + 3, top + 2)
        page.set_font(_FONT, "", 9)
        page.cell(width - 6, 4, METRICS[name].title)
        page.set_xy(left + 3, top + 7)
        page.set_font(_FONT, "B", 18)
        page.cell(width - 6, 8, words.shown(value))
        page.set_xy(left + 3, top + 16)
        page.set_font(_FONT, "", 7)
        day, week = (words.compared(value, past[name]) for past in (report.yesterday, report.week_ago))
        page.cell(width - 6, 5, f"hôm trước {day} · tuần trước {week}")
    page.set_xy(_MARGIN, top + _TILE_HEIGHT + 5)


def _course(page: FPDF, report: Report) -> None:
    page.set_font(_FONT, "B", 10)
    page.cell(_WIDTH, 5, "Ca mới mỗi ngày, 14 ngày", new_x="LMARGIN", new_y="NEXT")
    top, step = page.get_y() + 4, _WIDTH / len(report.trend)
    highest = max((each.new or 0 for each in report.trend), default=0) or 1
    page.set_font(_FONT, "", 8)
    for number, each in enumerate(report.trend):
        left = _MARGIN + number * step
        height = (_CHART_HEIGHT - 10) * (each.new or 0) / highest
        bottom = top + _CHART_HEIGHT - 6
        page.set_fill_color(*_GREEN)
        if height:
            page.rect(left + step * 0.2, bottom - height, step * 0.6, height, style="F")
        page.set_xy(left, bottom - height - 4.5)
        page.cell(step, 4, words.shown(each.new), align="C")
        page.set_xy(left, bottom + 0.5)
        page.cell(step, 4, f"{each.day:%d/%m}", align="C")
    page.set_xy(_MARGIN, top + _CHART_HEIGHT + 3)


def _table(page: FPDF, report: Report) -> None:
    page.set_font(_FONT, "", 8)
    name_share = 3
    widths = (name_share, *(1 for _ in report.columns))
    head = FontFace(emphasis="BOLD", color=(255, 255, 255), fill_color=_GREEN)
    page.set_fill_color(255)
    aligned = ("LEFT", *("RIGHT" for _ in report.columns))
    with page.table(
        col_widths=widths, headings_style=head, line_height=_LINE, text_align=aligned, width=_WIDTH
    ) as table:
        table.row(["Đơn vị", *(words.SHORT[name] for name in report.columns)])
        table.row(_cells(report.total, report), style=FontFace(emphasis="BOLD"))
        for line in report.lines:
            style = FontFace(fill_color=_YELLOW) if line.is_silent else None
            table.row(_cells(line, report), style=style)


def _cells(line: Line, report: Report) -> list[str]:
    name = f"{line.unit.name} (im lặng)" if line.is_silent else line.unit.name
    return [
        name,
        *(words.shown(line.values[c]) + ("*" if c in line.restated else "") for c in report.columns),
    ]


def _notes(page: FPDF, report: Report) -> None:
    page.ln(2)
    page.set_font(_FONT, "", 9)
    for note in words.notes(report):
        page.multi_cell(_WIDTH, 5, note, align="L", new_x="LMARGIN", new_y="NEXT")
