"""Development keys: made once per checkout, kept in `.lachan/keys` for their owner only."""

import base64
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def key(folder: Path, name: str) -> str:
    """Return the key called *name* (32 bytes, base64), making it the first time."""
    file = folder / name
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as lines:
            lines.write(made)
    return file.read_text("ascii").strip()


def password(folder: Path, name: str) -> str:
    """Return the password called *name*: hexadecimal digits, so that it fits into any address."""
    return base64.b64decode(key(folder, name)).hex()


def named_key(folder: Path, name: str) -> str:
    """Return the key as `<id>:<base64>`, the form that lists of rotating keys have."""
    return f"dev1:{key(folder, name)}"
