"""The daily declaration page (tờ khai y tế hằng ngày), shared by quarantine and F0 monitoring."""

from dataclasses import replace
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
_NOT_OFFLINE = ("sw.js", "ui.js", "chart.js", "live.js")


def shell_files() -> list[tuple[str, Path]]:
    """List what a phone keeps, so that the page opens with no network: addresses and files."""
    files = (
        file
        for folder in _SHELL_FOLDERS
        for file in sorted((STATIC / folder).glob("*"))
        if file.suffix in _SHELL_SUFFIXES and file.name not in _NOT_OFFLINE
    )
    return [(f"/static/{file.relative_to(STATIC).as_posix()}", file) for file in files]


def declaration_routes(kind: Literal["quarantine", "f0"], settings: PageSettings) -> APIRouter:
    """
    Serve /khai-bao, its service worker (at the root, so that its scope covers the page) and manifest.

    *kind* decides what is asked and where it is sent: `f0` asks for vital signs and posts to
    /v1/patients/{id}/reports, `quarantine` posts to /v1/cases/{id}/reports. Both need GET /v1/me
    answering at least `person_id`, and `full_name` and `commune_name` to greet by.
    """
    router = APIRouter(include_in_schema=False)
    own = replace(settings, meta={**settings.meta, "declare-kind": kind})

    @router.get(PATH)
    @router.head(PATH)
    def declare() -> Response:
        return page(PAGE, own)

    @router.get("/sw.js")
    def worker() -> Response:
        return worker_script(service_worker("declare", WORKER, PAGE, shell_files(), [PATH]))

    @router.get("/manifest.webmanifest")
    def manifest() -> Response:
        return JSONResponse(_manifest(), media_type="application/manifest+json")

    return router


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
