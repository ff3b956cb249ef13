"""The daily declaration page (tờ khai y tế hằng ngày), shared by quarantine and F0 monitoring."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from common.web.kept import service_worker
from common.web.pages import STATIC, PageSettings, page, worker_script

PAGE = STATIC / "declare" / "declare.html"
WORKER = STATIC / "declare" / "sw.js"
PATH = "/khai-bao"
_SHELL_FOLDERS = ("", "declare", "declare/locales", "locales", "vendor/be-vietnam-pro")
_SHELL_SUFFIXES = (".js", ".css", ".json", ".svg", ".woff2")
_NOT_OFFLINE = ("sw.js", "ui.js", "chart.js", "live.js", "codes.js", "uploads.js", "phones.js", "phones.css")
"""Of pages of staff: nothing that a citizen declares with."""


def shell_files() -> list[tuple[str, Path]]:
    """List what a phone keeps, so that the page opens with no network: addresses and files."""
    files = (
        file
        for folder in _SHELL_FOLDERS
        for file in sorted((STATIC / folder).glob("*"))
        if file.suffix in _SHELL_SUFFIXES and file.name not in _NOT_OFFLINE
    )
    return [(f"/static/{file.relative_to(STATIC).as_posix()}", file) for file in files]


@dataclass(frozen=True, slots=True)
class Companion:
    """Another page that phones keep beside the declaration: its path, file, own files and manifest."""

    path: str
    page: Path
    files: tuple[tuple[str, Path], ...]
    manifest: Path


def declaration_routes(
    kind: Literal["quarantine", "f0"], settings: PageSettings, companion: Companion | None = None
) -> APIRouter:
    """
    Serve /khai-bao, its service worker (at the root, so that its scope covers the page) and manifest.

    *kind* decides what is asked and where it is sent: `f0` asks for vital signs and posts to
    /v1/patients/{id}/reports, `quarantine` posts to /v1/cases/{id}/reports. Both need GET /v1/me
    answering at least `person_id`, and `full_name` and `commune_name` to greet by. A *companion* is one more
    page under the same service worker, which can have but one owner per origin.
    """
    router = APIRouter(include_in_schema=False)
    own = replace(settings, meta={**settings.meta, "declare-kind": kind})

    @router.get(PATH)
    @router.head(PATH)
    def declare() -> Response:
        return page(PAGE, own)

    @router.get("/sw.js")
    def worker() -> Response:
        files, pages = shell_files(), [PATH]
        if companion is not None:
            files, pages = [*files, *companion.files], [PATH, companion.path]
        return worker_script(service_worker("declare", WORKER, PAGE, files, pages))

    @router.get("/manifest.webmanifest")
    def manifest() -> Response:
        return JSONResponse(_manifest(), media_type="application/manifest+json")

    if companion is not None:
        _add(router, companion, own)
    return router


def _add(router: APIRouter, companion: Companion, settings: PageSettings) -> None:
    @router.get(companion.path)
    @router.head(companion.path)
    def shown() -> Response:
        return page(companion.page, settings)

    @router.get(f"{companion.path}.webmanifest")
    def manifest() -> Response:
        return Response(companion.manifest.read_text("utf-8"), media_type="application/manifest+json")


def _manifest() -> dict[str, object]:
    return {
        "name": "Khai báo sức khỏe - Lá Chắn",
        "short_name": "Khai báo",
        "lang": "vi",
        "start_url": PATH,
        "scope": "/",
        "display": "standalone",
        "background_color": "#f3f6f5",
        "theme_color": "#0b5c46",
        "icons": [
            {"src": "/static/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any maskable"}
        ],
    }
