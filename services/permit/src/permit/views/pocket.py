"""What a phone keeps of the holders' page, so that a permit opens where there is no network."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Final

from common.web.pages import STATIC

PAGES: Final = Path(__file__).parents[1] / "pages"
_PAGE: Final = "/my-permits"
_OURS: Final = ("my-permits.js", "files.js", "places.js", "people.css", "locales/vi.json", "locales/en.json")
_SHELL: Final = ("auth.js", "i18n.js", "kit.js", "ui.js", "tokens.css", "icon.svg")
_MORE: Final = ("locales/*.json", "vendor/preact/*.mjs", "vendor/htm/*.js", "vendor/be-vietnam-pro/*.woff2")


@cache
def service_worker() -> str:
    """Return the service worker with its list of files and a version that changes with their content."""
    shell = [STATIC / name for name in _SHELL] + [f for more in _MORE for f in sorted(STATIC.glob(more))]
    ours = [PAGES / name for name in _OURS]
    digest = hashlib.sha256((PAGES / "my-permits.html").read_bytes())
    for file in (*ours, *shell):
        digest.update(file.read_bytes())
    addresses = [_PAGE, *(f"/pages/{file.relative_to(PAGES).as_posix()}" for file in ours)]
    addresses += [f"/static/{file.relative_to(STATIC).as_posix()}" for file in shell]
    text = (PAGES / "my-permits-sw.js").read_text("utf-8")
    version = f"my-permits-{digest.hexdigest()[:12]}"
    return text.replace("__VERSION__", version).replace("['__SHELL__']", json.dumps(addresses))
