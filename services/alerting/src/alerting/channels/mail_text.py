"""The bytes of a plain letter (RFC 5322, RFC 2047 for words beyond ASCII)."""

from base64 import b64encode, encodebytes
from collections.abc import Mapping

WORD_CHARS = 15
"""Characters of one encoded word: even of four bytes each they stay below the 75 that a word may have."""


def written(headers: Mapping[str, str], body: str) -> bytes:
    """Return the letter; raises ValueError where a header holds a line break or another control character."""
    lines = [f"{name}: {_value(name, value)}" for name, value in headers.items()]
    lines += [
        "MIME-Version: 1.0",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: base64",
    ]
    content = encodebytes(body.encode()).replace(b"\n", b"\r\n")
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + content


def _value(name: str, value: str) -> str:
    if not value.isprintable():
        raise ValueError(f"{name} holds a line break")
    if value.isascii():
        return value
    parts = [value[at : at + WORD_CHARS] for at in range(0, len(value), WORD_CHARS)]
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part.encode()).decode()}?=" for part in parts)
