"""What a device keeps of a page, so that it opens with no network: its service worker with the list."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path


def service_worker(
    name: str, script: Path, page: Path, files: Iterable[tuple[str, Path]], addresses: Sequence[str]
) -> str:
    """
    Write `__VERSION__` and `['__SHELL__']` into *script*.

    *files* are kept under their addresses, *addresses* are answers without a file, the page's own first.
    The version is *name* and a hash of *page*, *script* and *files*: when one changes, all is taken anew.
    """
    shell, text = list(files), script.read_text("utf-8")
    digest = hashlib.sha256(page.read_bytes() + text.encode())
    for _, file in shell:
        digest.update(file.read_bytes())
    listed = json.dumps([*addresses, *(address for address, _ in shell)])
    version = f"{name}-{digest.hexdigest()[:12]}"
    return text.replace("__VERSION__", version).replace("['__SHELL__']", listed)
