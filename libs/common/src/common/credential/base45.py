"""Base45 (RFC 9285): bytes in the 45 letters of a QR code's alphanumeric mode. Strict in both directions."""

import struct
from typing import Final

from common.credential.refusals import Reason, Unverifiable

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_FOREIGN: Final = 255
_VALUES: Final = bytes(ALPHABET.find(chr(code)) & _FOREIGN for code in range(256))
"""Value of each ASCII letter; 255 for those outside the alphabet ("?" stands for all that is not ASCII)."""
_PAIRS: Final = [high + low for low in ALPHABET for high in ALPHABET]
"""Two letters for each number below 2025, the lower digit first."""


def encode(data: bytes) -> str:
    """Return *data* as base45: three letters per two bytes, two for a last single byte."""
    numbers = (
        divmod(number, 2025) for number in struct.unpack(f">{len(data) // 2}H", data[: len(data) & ~1])
    )
    parts = [_PAIRS[rest] + ALPHABET[high] for high, rest in numbers]
    if len(data) % 2:
        parts.append(_PAIRS[data[-1]])
    return "".join(parts)


def decode(text: str) -> bytes:
    """Return the bytes of *text*; `Unverifiable` (damaged) for any letter or group that cannot be."""
    values = text.encode("ascii", "replace").translate(_VALUES)
    if _FOREIGN in values:
        raise Unverifiable(Reason.DAMAGED, "a letter outside base45")
    whole, rest = divmod(len(values), 3)
    if rest == 1:
        raise Unverifiable(Reason.DAMAGED, "a lone last letter")
    groups = zip(values[0::3], values[1::3], values[2::3], strict=False)
    try:
        data = struct.pack(f">{whole}H", *[low + 45 * mid + 2025 * high for low, mid, high in groups])
        if rest:
            data += struct.pack("B", values[-2] + 45 * values[-1])
    except struct.error:
        raise Unverifiable(Reason.DAMAGED, "a group beyond its bytes") from None
    return data
