"""A JPEG without what a camera writes beside the picture: place, device, time, comments, previews."""

from typing import Final

_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_BESIDE: Final = frozenset((*range(0xE0, 0xF0), _COMMENT))
"""APP0 to APP15 and COM (ITU-T T.81, table B.1): nothing of them is needed to draw what a canvas made."""
_IN_SCAN: Final = frozenset((0x00, *range(0xD0, 0xD8)))
"""After 0xFF inside a scan: a stuffed byte or a restart, no new segment."""


class NotAPicture(ValueError):
    """The bytes are no whole JPEG."""


def bare(data: bytes) -> bytes:
    """Return the picture alone, up to its end; `NotAPicture` for anything else."""
    if data[:2] != bytes((0xFF, _START)):
        raise NotAPicture
    kept, at, has_scan = [data[:2]], 2, False
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise NotAPicture
        kind, end = data[at + 1], at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if kind == _SCAN:
            end, has_scan = _end_of_scan(data, end), True
        if kind not in _BESIDE:
            kept.append(data[at:end])
        at = end
        if data[at : at + 2] == bytes((0xFF, _END)) and has_scan:
            return b"".join((*kept, data[at : at + 2]))
    raise NotAPicture


def _end_of_scan(data: bytes, at: int) -> int:
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] not in _IN_SCAN:
            return at
        at += 2
    raise NotAPicture
