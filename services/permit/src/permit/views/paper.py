"""The permit on paper (bản in): one A4 page, the code 38 mm wide, and a card to cut out for the wallet."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Final

from fpdf import FPDF

from common.credential import render, serial
from common.kernel.clock import VIETNAM

CODE_MILLIMETRES: Final = 38.0
"""Width of the symbol without its quiet zone; 35 to 40 mm keeps a module above half a millimetre."""
_PIXELS: Final = 4
"""To a module: as sharp as paper can be, and a quarter of the work of a picture for screens."""
_MARGIN: Final = 18.0
_WIDTH: Final = 210.0 - 2 * _MARGIN
_CARD: Final = (85.6, 54.0)
_ACROSS, _DOWN = 2, 5
_FONT: Final = "Roboto"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that is printed, in words."""

    permit_id: str
    code: str
    name: str
    birth_year: int
    id_tail: str
    category: str
    places: str
    hours: str
    plate: str
    valid_from: datetime
    valid_until: datetime
    policy: str
    issued_at: datetime
    route: str = ""
    co_passengers: str = ""


def local(at: datetime) -> str:
    """Return an instant as Vietnamese people write it."""
    return at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")


def pdf(sheets: Sequence[Sheet]) -> bytes:
    """Return one page for each. A page takes about 0.02 s: call it in the workshop."""
    page = _document()
    for sheet in sheets:
        page.add_page()
        _head(page, sheet)
        _body(page, sheet)
        _foot(page, sheet)
        _lone_card(page, sheet)
    return bytes(page.output())


def cards(sheets: Sequence[Sheet]) -> bytes:
    """Return wallet cards, ten on an A4 sheet, with marks where to cut."""
    page, (width, height) = _document(), _CARD
    left, top = (210 - _ACROSS * width) / 2, (297 - _DOWN * height) / 2
    for at, sheet in enumerate(sheets):
        place = at % (_ACROSS * _DOWN)
        if place == 0:
            page.add_page()
            _cut_marks(page, left, top)
        _card(page, sheet, left + place % _ACROSS * width, top + place // _ACROSS * height)
    return bytes(page.output())


def _document() -> FPDF:
    page = FPDF(format="A4")
    fonts = resources.files("font_roboto") / "files"
    page.add_font(_FONT, "", str(fonts / "Roboto-Regular.ttf"))
    page.add_font(_FONT, "B", str(fonts / "Roboto-Bold.ttf"))
    page.set_margins(_MARGIN, _MARGIN, _MARGIN)
    page.set_auto_page_break(auto=False)
    page.set_title("Giấy đi đường")
    page.set_lang("vi")
    return page


def _line(page: FPDF, text: str, size: float, style: str = "", align: str = "C") -> None:
    page.set_font(_FONT, style, size)
    page.cell(_WIDTH, size * 0.5, text, align=align, new_x="LMARGIN", new_y="NEXT")


def _head(page: FPDF, sheet: Sheet) -> None:
    _line(page, "UBND TỈNH THÁI NGUYÊN", 12)
    page.ln(4)
    _line(page, "GIẤY ĐI ĐƯỜNG", 24, "B")
    _line(page, f"Số {serial.spaced(sheet.permit_id)}  ·  Travel permit", 12)
    page.ln(6)


def _code(page: FPDF, sheet: Sheet, x: float, y: float) -> float:
    side = render.side_millimetres(sheet.code, CODE_MILLIMETRES)
    picture = io.BytesIO(render.png(sheet.code, pixels_per_module=_PIXELS))
    page.image(picture, x=x, y=y, w=side, h=side, alt_text="Mã QR của giấy")
    return side


def _body(page: FPDF, sheet: Sheet) -> None:
    top = page.get_y()
    side = _code(page, sheet, _MARGIN - 4, top)
    left = _MARGIN + side + 2
    rows = [
        ("Họ tên", sheet.name),
        ("Năm sinh", f"{sheet.birth_year}" + (f"  ·  giấy tờ …{sheet.id_tail}" if sheet.id_tail else "")),
        ("Nhóm", sheet.category),
        ("Nơi đi", sheet.places),
        *([("Tuyến", sheet.route)] if sheet.route else []),
        ("Giờ", sheet.hours),
        ("Biển số", sheet.plate or "không ghi"),
        *([("Đi cùng", sheet.co_passengers)] if sheet.co_passengers else []),
        ("Hiệu lực", f"{local(sheet.valid_from)} - {local(sheet.valid_until)}"),
    ]
    page.set_y(top)
    for name, value in rows:
        page.set_x(left)
        page.set_font(_FONT, "", 11)
        page.cell(22, 7, name)
        page.set_font(_FONT, "B", 12)
        _wrapped(page, _MARGIN + _WIDTH - left - 22, 7, value)
    page.set_y(max(page.get_y(), top + side) + 4)


_VALIDITY: Final = (
    "Giấy chỉ có giá trị khi quét mã và đúng người. Giấy có thể tạm dừng; hỏi xã, phường nơi ở."
)
_HELP: Final = "Hỏi, khiếu nại: 1022. Cấp cứu, sinh nở: đi ngay, không cần giấy."


def _wrapped(page: FPDF, width: float, height: float, text: str) -> None:
    """Write text in as many lines as it needs; looking for breaks takes longer than all else on the page."""
    room = width - 2 * page.c_margin
    if "\n" not in text and page.get_string_width(text) <= room:
        page.cell(width, height, text, align="L", new_x="LMARGIN", new_y="NEXT")
    else:
        page.multi_cell(width, height, text, align="L", new_x="LMARGIN", new_y="NEXT")


def _foot(page: FPDF, sheet: Sheet) -> None:
    page.set_font(_FONT, "", 12)
    for line in (_VALIDITY, _HELP):
        page.cell(_WIDTH, 6.5, line, new_x="LMARGIN", new_y="NEXT")
    page.ln(2)
    _line(page, f"Cấp theo quy định {sheet.policy} lúc {local(sheet.issued_at)}", 10, align="L")


def _cut_marks(page: FPDF, left: float, top: float) -> None:
    """Draw short lines outside the cards, in line with every edge: nothing is printed where people cut."""
    right, bottom = left + _ACROSS * _CARD[0], top + _DOWN * _CARD[1]
    for at in range(_ACROSS + 1):
        x = left + at * _CARD[0]
        page.line(x, top - 6, x, top - 1)
        page.line(x, bottom + 1, x, bottom + 6)
    for at in range(_DOWN + 1):
        y = top + at * _CARD[1]
        page.line(left - 6, y, left - 1, y)
        page.line(right + 1, y, right + 6, y)


def _lone_card(page: FPDF, sheet: Sheet) -> None:
    width, height = _CARD
    x, y = (210 - width) / 2, 225.0
    page.set_dash_pattern(dash=1.5, gap=1.5)
    page.rect(x, y, width, height)
    page.set_dash_pattern()
    _card(page, sheet, x, y)
    page.set_xy(_MARGIN, y + height + 1)
    _line(page, "Cắt theo nét đứt, vừa ví (85,6 × 54 mm)", 8)


def _card(page: FPDF, sheet: Sheet, x: float, y: float) -> None:
    width, height = _CARD
    side = _code(page, sheet, x + 1, y + (height - render.side_millimetres(sheet.code, CODE_MILLIMETRES)) / 2)
    page.set_xy(x + side + 2, y + 8)
    lines = [
        ("B", 10, "GIẤY ĐI ĐƯỜNG"),
        ("", 7.5, serial.spaced(sheet.permit_id)),
        ("B", 9, sheet.name),
        ("", 8, f"{sheet.birth_year}  {sheet.plate}"),
        ("", 7.5, f"đến {local(sheet.valid_until)}"),
    ]
    for style, size, text in lines:
        page.set_font(_FONT, style, size)
        page.set_x(x + side + 2)
        _wrapped(page, width - side - 3, size * 0.5, text)
        page.ln(1)
