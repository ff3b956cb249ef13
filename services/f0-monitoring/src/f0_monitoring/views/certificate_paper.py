"""The certificate on paper: one A4 page with the code 38 mm wide. It names no disease."""

import io
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Final

from fpdf import FPDF

from common.credential import render, serial

CODE_MILLIMETRES: Final = 38.0
_MARGIN: Final = 20.0
_WIDTH: Final = 210.0 - 2 * _MARGIN
_FONT: Final = "Roboto"


@dataclass(frozen=True, slots=True)
class CertificateSheet:
    """Everything that is printed, in words."""

    number: bytes
    code: str
    name: str
    birth_year: int
    id_tail: str
    address: str
    from_on: date
    until_on: date
    valid_until_on: date
    station: str
    document: str


def pdf(sheet: CertificateSheet) -> bytes:
    """Return the page. Takes about 0.05 s: call it in the workshop."""
    page = FPDF(format="A4")
    fonts = resources.files("font_roboto") / "files"
    page.add_font(_FONT, "", str(fonts / "Roboto-Regular.ttf"))
    page.add_font(_FONT, "B", str(fonts / "Roboto-Bold.ttf"))
    page.set_margins(_MARGIN, _MARGIN, _MARGIN)
    page.set_auto_page_break(auto=False)
    page.set_title("Giấy xác nhận hoàn thành theo dõi y tế")
    page.set_lang("vi")
    page.add_page()
    _head(page, sheet)
    _body(page, sheet)
    return bytes(page.output())


def _line(page: FPDF, text: str, size: float, style: str = "", align: str = "C") -> None:
    page.set_font(_FONT, style, size)
    page.cell(_WIDTH, size * 0.5, text, align=align, new_x="LMARGIN", new_y="NEXT")


def _head(page: FPDF, sheet: CertificateSheet) -> None:
    _line(page, "SỞ Y TẾ TỈNH THÁI NGUYÊN", 12)
    _line(page, sheet.station, 12)
    page.ln(6)
    _line(page, "GIẤY XÁC NHẬN", 22, "B")
    page.ln(1)
    _line(page, "HOÀN THÀNH THEO DÕI Y TẾ", 16, "B")
    _line(page, f"Số {serial.spaced(serial.serial_of(sheet.number))}", 12)
    page.ln(8)


def _body(page: FPDF, sheet: CertificateSheet) -> None:
    top = page.get_y()
    side = render.side_millimetres(sheet.code, CODE_MILLIMETRES)
    picture = io.BytesIO(render.png(sheet.code))
    page.image(picture, x=_MARGIN - 4, y=top, w=side, h=side, alt_text="Mã QR của giấy")
    left = _MARGIN + side + 2
    tail = f"  ·  giấy tờ …{sheet.id_tail}" if sheet.id_tail else ""
    rows = [
        ("Họ tên", sheet.name),
        ("Năm sinh", f"{sheet.birth_year}{tail}"),
        ("Nơi ở", sheet.address),
        ("Theo dõi", f"{sheet.from_on:%d/%m/%Y} - {sheet.until_on:%d/%m/%Y}"),
        ("Hiệu lực", f"đến hết {sheet.valid_until_on:%d/%m/%Y}"),
    ]
    page.set_y(top)
    for name, value in rows:
        page.set_x(left)
        page.set_font(_FONT, "", 11)
        page.cell(22, 8, name)
        page.set_font(_FONT, "B", 12)
        page.multi_cell(_MARGIN + _WIDTH - left - 22, 8, value, align="L", new_x="LMARGIN", new_y="NEXT")
    page.set_y(max(page.get_y(), top + side) + 6)
    page.set_font(_FONT, "", 12)
    text = (
        "Người có tên trên đã hoàn thành thời gian theo dõi y tế tại nhà theo quy định. Giấy có giá trị khi "
        "quét mã ở trang xác minh và đúng người. Hỏi: trạm y tế nơi ở hoặc 1022."
    )
    page.multi_cell(_WIDTH, 6.5, text, align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(2)
    _line(page, f"Căn cứ: {sheet.document}", 10, align="L")
