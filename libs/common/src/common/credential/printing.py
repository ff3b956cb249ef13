"""Papers with a code on A4: the fonts, the lines and the code that all of them share."""

import io
from importlib import resources
from typing import Final

from fpdf import FPDF

from common.credential import render

CODE_MILLIMETRES: Final = 38.0
"""Width of the symbol without its quiet zone; 35 to 40 mm keeps a module above half a millimetre."""
MARGIN: Final = 20.0
WIDTH: Final = 210.0 - 2 * MARGIN
FONT: Final = "Roboto"
_PIXELS: Final = 4
"""To a module: as sharp as paper can be, and a quarter of the work of a picture for screens."""


def document(title: str, *, is_lying: bool = False) -> FPDF:
    """Return a document without pages yet; its sheets may lie for wide tables."""
    page = FPDF(orientation="landscape" if is_lying else "portrait", format="A4")
    fonts = resources.files("font_roboto") / "files"
    page.add_font(FONT, "", str(fonts / "Roboto-Regular.ttf"))
    page.add_font(FONT, "B", str(fonts / "Roboto-Bold.ttf"))
    page.set_margins(MARGIN, MARGIN, MARGIN)
    page.set_auto_page_break(auto=False)
    page.set_title(title)
    page.set_lang("vi")
    return page


def line(page: FPDF, text: str, size: float, style: str = "", align: str = "C") -> None:
    """Write one line."""
    page.set_font(FONT, style, size)
    page.cell(WIDTH, size * 0.5, text, align=align, new_x="LMARGIN", new_y="NEXT")


def code(page: FPDF, text: str, x: float, y: float) -> float:
    """Draw the code of *text*; return its side with the quiet zone, in millimetres."""
    side = render.side_millimetres(text, CODE_MILLIMETRES)
    picture = io.BytesIO(render.png(text, pixels_per_module=_PIXELS))
    page.image(picture, x=x, y=y, w=side, h=side, alt_text="Mã QR của giấy")
    return side


def beside_code(page: FPDF, text: str, rows: list[tuple[str, str]], name_width: float = 22) -> None:
    """Draw the code, and names with values to its right; go on below both."""
    top = page.get_y()
    side = code(page, text, MARGIN - 4, top)
    left = MARGIN + side + 2
    page.set_y(top)
    for name, value in rows:
        page.set_x(left)
        page.set_font(FONT, "", 11)
        page.cell(name_width, 8, name)
        page.set_font(FONT, "B", 12)
        wrapped(page, MARGIN + WIDTH - left - name_width, 8, value)
    page.set_y(max(page.get_y(), top + side) + 6)


def wrapped(page: FPDF, width: float, height: float, text: str) -> None:
    """Write text in as many lines as it needs; looking for breaks takes longer than all else on a page."""
    room = width - 2 * page.c_margin
    if "\n" not in text and page.get_string_width(text) <= room:
        page.cell(width, height, text, align="L", new_x="LMARGIN", new_y="NEXT")
    else:
        page.multi_cell(width, height, text, align="L", new_x="LMARGIN", new_y="NEXT")
