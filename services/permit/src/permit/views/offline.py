"""What the scanner keeps on a device, so that it starts with no network."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from common.geo import Units
from common.web import kept
from common.web.pages import STATIC

PATH: Final = "/scan"
PAGES: Final = Path(__file__).parents[1] / "pages"
_PLACES: Final = "/scan-places.json"
_MANIFEST: Final = "/scan.webmanifest"
_ANSWERS: Final = (PATH, _PLACES, _MANIFEST)
_OF_PAGES: Final = (
    *("scan.*", "camera.js", "check.js", "scanner/*.js"),
    *("verifier/*", "locales/*", "icons/scan-*"),
)
_OF_SHELL: Final = (
    *("auth.js", "device.js", "kit.js", "i18n.js", "tokens.css", "icon.svg", "locales/*"),
    *("vendor/be-vietnam-pro/*.woff2", "vendor/zxing-wasm/**/*.js", "vendor/zxing-wasm/*.wasm"),
)
_ICON_SIZES: Final = (192, 512)


def places(units: Units) -> dict[str, str]:
    """Return the names of all places that a permit may name, by code."""
    listed = [units.province(), *units.districts(), *units.communes()]
    return {unit.code: unit.name for unit in listed}


def shell_files() -> list[str]:
    """List the addresses that a device keeps."""
    return [*_ANSWERS, *(address for address, _ in _files())]


def _files() -> Iterator[tuple[str, Path]]:
    for prefix, folder, patterns in (("/pages", PAGES, _OF_PAGES), ("/static", STATIC, _OF_SHELL)):
        for pattern in patterns:
            for file in sorted(folder.glob(pattern)):
                is_shown = file.is_file() and file.name not in ("worker.js", "scan.html", "LICENSE")
                if is_shown:
                    yield f"{prefix}/{file.relative_to(folder).as_posix()}", file


@cache
def service_worker() -> str:
    """Return the service worker of the scanner."""
    script, page = PAGES / "scanner" / "worker.js", PAGES / "scan.html"
    return kept.service_worker("scan", script, page, _files(), _ANSWERS)


def manifest() -> dict[str, Any]:
    """Return what makes the scanner installable."""
    icons = [
        {"src": f"/pages/icons/scan-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
        for size in _ICON_SIZES
    ]
    return {
        "name": "Quét giấy đi đường - Lá Chắn",
        "short_name": "Quét giấy",
        "lang": "vi",
        "id": PATH,
        "start_url": PATH,
        "scope": PATH,
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#0b1220",
        "theme_color": "#0b1220",
        "icons": [*icons, {**icons[-1], "purpose": "maskable"}],
    }
