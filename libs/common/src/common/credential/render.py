"""The code that is printed or shown: level M, at most version 12, alphanumeric, quiet zone of four."""

import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import segno

from common.credential import masks

LEVEL: Final = "m"
DENSEST_VERSION: Final = 12
"""65 modules: 0.58 mm each at 38 mm, the least that cheap phones read reliably off paper."""
QUIET_ZONE: Final = 4


class TooDense(ValueError):
    """The text would need more modules than cheap cameras can read off paper."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A code: rows of modules, 1 is dark."""

    version: int
    rows: tuple[bytes, ...]


@lru_cache(maxsize=4)
def qr_code(text: str) -> Symbol:
    """
    Return the code of *text*; `TooDense` beyond version 12-M (419 letters).

    Making it takes about 4 ms, and whoever prints asks for its size and its picture one after the other.
    """
    plain = _made(text, mask=0)
    version = int(plain.version)
    if version > DENSEST_VERSION:
        raise TooDense(f"version {version} at level M")
    rows = masks.masked(plain, lambda mask: _made("A", mask=mask, version=version))
    return Symbol(version, tuple(rows))


def _made(text: str, **more: Any) -> Any:
    return segno.make(text, error=LEVEL, boost_error=False, micro=False, **more)


@lru_cache(maxsize=4)
def png(text: str, *, pixels_per_module: int = 8) -> bytes:
    """Return the code as a PNG picture of one bit per pixel, black on white."""
    lines = _lines(text, pixels_per_module)
    header = struct.pack(">IIBBBBB", len(lines), len(lines), 1, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + line for line in lines), 6)
    parts = (_chunk(b"IHDR", header), _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _lines(text: str, pixels_per_module: int) -> list[bytes]:
    """Return the lines of the picture with its quiet zone, eight pixels to a byte, white set."""
    rows = qr_code(text).rows
    side = len(rows) + 2 * QUIET_ZONE
    white = b"\1" * QUIET_ZONE
    modules = [white + bytes(1 - module for module in row) + white for row in rows]
    framed = [b"\1" * side] * QUIET_ZONE + modules + [b"\1" * side] * QUIET_ZONE
    return [line for row in framed for line in [_packed(row, pixels_per_module)] * pixels_per_module]


def _packed(row: bytes, pixels_per_module: int) -> bytes:
    bits = "".join(("1" if module else "0") * pixels_per_module for module in row)
    whole = -(-len(bits) // 8)
    return int(bits.ljust(whole * 8, "0"), 2).to_bytes(whole)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def side_millimetres(text: str, symbol_millimetres: float) -> float:
    """Return the printed side of the picture whose symbol, without the quiet zone, is so wide."""
    modules = 17 + 4 * qr_code(text).version
    return symbol_millimetres * (modules + 2 * QUIET_ZONE) / modules
