"""
Document numbers that people can read aloud and type: ten bytes as sixteen letters (Crockford base32).

No I, L, O or U; a typed O counts as 0, I and L as 1; spaces and dashes do not matter.
"""

from typing import Final

from common.credential.document import CTI_BYTES

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 16
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def serial_of(cti: bytes) -> str:
    """Return the number of a document, sixteen letters."""
    number = int.from_bytes(cti, "big")
    return "".join(_LETTERS[number >> shift & 31] for shift in range(75, -1, -5))


def normal(typed: str) -> str | None:
    """Return what somebody typed as a number, or None if it cannot be one."""
    serial = typed.strip().upper().translate(_MISREAD)
    return serial if len(serial) == _LENGTH and all(letter in _LETTERS for letter in serial) else None


def cti_of(serial: str) -> bytes:
    """Return the ten bytes of a number made by `serial_of`; ValueError for anything else."""
    if len(serial) != _LENGTH:
        raise ValueError("a document number has sixteen letters")
    number = 0
    for letter in serial:
        number = number << 5 | _LETTERS.index(letter)
    return number.to_bytes(CTI_BYTES, "big")


def spaced(serial: str) -> str:
    """Return a number in groups of four, for people."""
    return "-".join(serial[at : at + 4] for at in range(0, _LENGTH, 4))
