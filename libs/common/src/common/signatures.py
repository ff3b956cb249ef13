"""
Signed calls between systems: `X-Signature: t=<Unix seconds>,v1=<hex of HMAC-SHA256(secret, "t." + body)>`.

The time is signed with the body, so a call that somebody kept cannot be played again after some minutes;
within them it is the body's own id that counts once.
"""

import hashlib
import hmac
from typing import Final

HEADER: Final = "X-Signature"
TOLERANCE_SECONDS: Final = 300
_LONGEST_TIME: Final = 12


def signature(secret: bytes, body: bytes, at: float) -> str:
    """Return the value of the header for *body*, signed at *at* (Unix seconds)."""
    return f"t={int(at)},v1={_digest(secret, body, str(int(at)))}"


def is_signed(secret: bytes | None, body: bytes, header: str, now: float) -> bool:
    """Tell whether *header* signs *body* and is no older (or newer) than five minutes; no secret: never."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    at = parts.get("t", "")
    if secret is None or not (at.isascii() and at.isdigit()) or len(at) > _LONGEST_TIME:
        return False
    matches = hmac.compare_digest(_digest(secret, body, at).encode(), parts.get("v1", "").encode())
    return matches and abs(now - int(at)) <= TOLERANCE_SECONDS


def _digest(secret: bytes, body: bytes, at: str) -> str:
    return hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
