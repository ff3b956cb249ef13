"""Reading secret keys: 32 bytes, base64. A fault names the setting and never shows the key."""

import base64
import binascii
import hashlib
import hmac
import re

KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


def secret_key(text: str, *, name: str) -> bytes:
    """Decode one base64 key of 32 bytes (either alphabet, padding optional); ValueError otherwise."""
    plain = text.strip().rstrip("=").replace("-", "+").replace("_", "/")
    try:
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        raise ValueError(f"{name} must be base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"{name} must hold {KEY_BYTES} bytes, not {len(key)}")
    return key


def named_keys(text: str, *, name: str) -> dict[str, bytes]:
    """Decode `id:base64,id:base64` in order; the first one is the active key."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        key_id, colon, encoded = part.partition(":")
        if not colon or not _KEY_ID.fullmatch(key_id):
            raise ValueError(f"{name} must look like id:base64,id:base64")
        if key_id in keys:
            raise ValueError(f"{name} repeats the key id {key_id}")
        keys[key_id] = secret_key(encoded, name=f"{name}[{key_id}]")
    if not keys:
        raise ValueError(f"{name} holds no key")
    return keys


def derived_key(key: bytes, purpose: str) -> bytes:
    """Derive the key of one *purpose* from *key*: neither tells anything about the other."""
    return hmac.new(key, f"la-chan:{purpose}".encode(), hashlib.sha256).digest()
