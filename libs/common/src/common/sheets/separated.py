"""
Lists as text with separators (CSV, TSV), in the encodings that Vietnamese offices still produce.

Excel saves UTF-8 with a mark, "Unicode text" as UTF-16 with tabs, and plain CSV in the code page of Windows:
cp1258, which writes many letters as a letter and a tone.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

_SEPARATORS: Final = (";", "\t", ",", "|")
_LOOKED_AT: Final = 20
_FIELD_MAX: Final = 20_000
_TEXT_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_BINARY: Final = b"\x00"


class NotText(ValueError):
    """The bytes are no text that people write lists in."""


def rows_of(data: bytes) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a list; `NotText` for anything but text with separators."""
    text = _decoded(data)
    lines = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    separator = max(_SEPARATORS, key=lambda sign: max((line.count(sign) for line in lines), default=0))
    csv.field_size_limit(_FIELD_MAX)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            yield tuple(row)
    except csv.Error:
        raise NotText("a field without an end") from None


def _decoded(data: bytes) -> str:
    if data.startswith(_TEXT_MARKS):
        return _as(data, "utf-16")
    if _BINARY in data[:4096]:
        raise NotText("binary")
    try:
        return _as(data, "utf-8-sig")
    except NotText:
        return _as(data, "cp1258")


def _as(data: bytes, encoding: str) -> str:
    try:
        return unicodedata.normalize("NFC", data.decode(encoding))
    except UnicodeError:
        raise NotText(encoding) from None
