"""Files that hold secrets: for their owner only, and never half-written."""

import os
from pathlib import Path


def write_private(file: Path, text: str) -> None:
    """Write *text* to *file*, replacing what was there; its folder is made for the owner only."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f"{file.name}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    draft.replace(file)
