"""What a phone keeps of the holders' page, so that a permit opens where there is no network."""

from functools import cache
from pathlib import Path
from typing import Final

from common.web import kept
from common.web.pages import STATIC

PAGES: Final = Path(__file__).parents[1] / "pages"
_PAGE: Final = "/my-permits"
_OURS: Final = ("my-permits.js", "places.js", "people.css", "locales/vi.json", "locales/en.json")
_SHELL: Final = ("auth.js", "device.js", "files.js", "i18n.js", "kit.js", "ui.js", "tokens.css", "icon.svg")
_MORE: Final = ("locales/*.json", "vendor/preact/*.mjs", "vendor/htm/*.js", "vendor/be-vietnam-pro/*.woff2")


@cache
def service_worker() -> str:
    """Return the service worker of the holders' page."""
    shell = [STATIC / name for name in _SHELL] + [f for more in _MORE for f in sorted(STATIC.glob(more))]
    files = [(f"/pages/{name}", PAGES / name) for name in _OURS]
    files += [(f"/static/{file.relative_to(STATIC).as_posix()}", file) for file in shell]
    script, page = PAGES / "my-permits-sw.js", PAGES / "my-permits.html"
    return kept.service_worker("my-permits", script, page, files, [_PAGE])
