"""The papers as A4 pages: one page each, the code 38 mm wide. They name no disease, contact or test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fpdf import FPDF

from common.credential import printing, serial
from common.credential.printing import FONT, WIDTH, line
from quarantine.domain.papers import PaperKind

_HELP: Final = "Hỏi, khiếu nại: trạm y tế nơi ở hoặc 1022. Cấp cứu, sinh nở: gọi 115, đi ngay."
_DUTIES: Final = (
    "Ở đúng nơi cách ly đến hết ngày cuối; không tiếp khách, không ra ngoài nếu không được phép.",
    "Khai báo sức khỏe mỗi ngày trên điện thoại, hoặc nhờ người nhà, trạm y tế khai giúp.",
    "Thấy không khỏe, cần thuốc men hay lương thực: gọi trạm y tế.",
)


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """Everything that is printed, in words."""

    kind: PaperKind
    number: bytes
    code: str
    name: str
    birth_year: int
    id_tail: str
    address: str
    place: str
    first_day: date
    last_day: date
    district: str
    commune: str
    order_number: str
    order_signed_on: date | None
    document: str
    issued_on: date


def pdf(sheets: Sequence[PaperSheet]) -> bytes:
    """Return one page for each. A page takes about 0.02 s: call it in the workshop."""
    page = printing.document("Giấy cách ly y tế")
    for sheet in sheets:
        page.add_page()
        draw = _order if sheet.kind is PaperKind.ORDER else _completion
        draw(page, sheet)
    return bytes(page.output())


def _head(page: FPDF, sheet: PaperSheet, titles: tuple[str, str]) -> None:
    line(page, f"UBND {sheet.district.upper()}", 11)
    line(page, f"UBND {sheet.commune.upper()}", 12, "B")
    page.ln(5)
    line(page, titles[0], 20, "B")
    page.ln(1)
    line(page, titles[1], 14, "B")
    line(page, f"Mã giấy {serial.spaced(serial.serial_of(sheet.number))}", 11)
    page.ln(7)


def _rows(sheet: PaperSheet, period: str) -> list[tuple[str, str]]:
    tail = f"  ·  giấy tờ …{sheet.id_tail}" if sheet.id_tail else ""
    return [
        ("Họ tên", sheet.name),
        ("Năm sinh", f"{sheet.birth_year}{tail}"),
        ("Nơi cách ly", f"{sheet.place}: {sheet.address}"),
        ("Từ ngày", f"{sheet.first_day:%d/%m/%Y}"),
        (period, f"{sheet.last_day:%d/%m/%Y}"),
    ]


def _order(page: FPDF, sheet: PaperSheet) -> None:
    _head(page, sheet, ("QUYẾT ĐỊNH", "về việc cách ly y tế"))
    printing.beside_code(page, sheet.code, _rows(sheet, "Đến hết ngày"), 27)
    page.set_font(FONT, "", 12)
    for number, duty in enumerate(_DUTIES, start=1):
        page.multi_cell(WIDTH, 6.5, f"{number}. {duty}", align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(2)
    text = "Ngày cuối có thể đổi, khi đó giấy này hết giá trị: quét mã ở trang xác minh để biết."
    page.multi_cell(WIDTH, 6.5, text, align="L", new_x="LMARGIN", new_y="NEXT")
    _foot(page, sheet)


def _completion(page: FPDF, sheet: PaperSheet) -> None:
    _head(page, sheet, ("GIẤY XÁC NHẬN", "hoàn thành cách ly y tế"))
    printing.beside_code(page, sheet.code, _rows(sheet, "Hoàn thành"), 27)
    page.set_font(FONT, "", 12)
    text = (
        "Người có tên trên đã hoàn thành thời gian cách ly y tế theo quy định. Giấy có giá trị khi quét mã ở "
        "trang xác minh và đúng người. Giấy này không thay giấy đi đường."
    )
    page.multi_cell(WIDTH, 6.5, text, align="L", new_x="LMARGIN", new_y="NEXT")
    _foot(page, sheet)


def _foot(page: FPDF, sheet: PaperSheet) -> None:
    page.ln(2)
    page.set_font(FONT, "", 12)
    page.cell(WIDTH, 6.5, _HELP, new_x="LMARGIN", new_y="NEXT")
    page.ln(2)
    signed = f" ngày {sheet.order_signed_on:%d/%m/%Y}" if sheet.order_signed_on else ""
    if sheet.order_number:
        line(page, f"Quyết định số {sheet.order_number}{signed}", 10, align="L")
    line(page, f"Căn cứ: {sheet.document}", 10, align="L")
    page.ln(8)
    line(page, f"{sheet.commune}, ngày {sheet.issued_on:%d/%m/%Y}", 11, align="R")
    line(page, "Người ký, đóng dấu", 11, "B", align="R")
