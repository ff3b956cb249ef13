"""The code that is printed or shown: level M, at most version 12, alphanumeric, quiet zone of four."""

import io
from functools import lru_cache
from typing import Any, Final

import segno

LEVEL: Final = "m"
DENSEST_VERSION: Final = 12
"""65 modules: 0.58 mm each at 38 mm, the least that cheap phones read reliably off paper."""
QUIET_ZONE: Final = 4


class TooDense(ValueError):
    """The text would need more modules than cheap cameras can read off paper."""


@lru_cache(maxsize=4)
def qr_code(text: str) -> Any:
    """
    Return the code of *text*; `TooDense` beyond version 12-M (419 letters).

    Making it takes about 15 ms, and whoever prints asks for its size and its picture one after the other.
    """
    code = segno.make(text, error=LEVEL, boost_error=False, micro=False)
    if int(code.version) > DENSEST_VERSION:
        raise TooDense(f"version {code.version} at level M")
    return code


@lru_cache(maxsize=4)
def png(text: str, *, pixels_per_module: int = 8) -> bytes:
    """Return the code as a PNG picture, black on white."""
    picture = io.BytesIO()
    qr_code(text).save(picture, kind="png", scale=pixels_per_module, border=QUIET_ZONE)
    return picture.getvalue()


def side_millimetres(text: str, symbol_millimetres: float) -> float:
    """Return the printed side of the picture whose symbol, without the quiet zone, is so wide."""
    modules = 17 + 4 * int(qr_code(text).version)
    return symbol_millimetres * (modules + 2 * QUIET_ZONE) / modules
