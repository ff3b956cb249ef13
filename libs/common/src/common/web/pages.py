"""
Serves a page file under a strict content security policy.

The only inline script of a page is the import map, allowed by its hash. Placeholders of a page file:
`<!--shell-->` becomes the import map, the addresses that the page needs, and the shared style sheet.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"
IMPORT_MAP = Path(__file__).parent / "importmap.json"
PLACEHOLDER = "<!--shell-->"


@dataclass(frozen=True)
class PageSettings:
    """
    What a page must know: who issues tokens, and what else it may do.

    *meta* becomes `<meta name=… content=…>`; *connect* are further origins that it may call;
    *wasm* allows WebAssembly (the QR reader); *devices* are what it may ask for (`camera`, `microphone`,
    `geolocation`): nothing unless it is named.
    """

    oidc_issuer: str
    oidc_client: str = "la-chan-pages"
    meta: Mapping[str, str] = field(default_factory=dict)
    connect: tuple[str, ...] = ()
    wasm: bool = False
    devices: tuple[str, ...] = ()


DEVICES = ("camera", "geolocation", "microphone")
WORKER_POLICY = "default-src 'none'; connect-src 'self'"
"""A worker is held to the policy of its own answer, not of the page: it may fetch from here, nothing else."""


def worker_script(text: str) -> Response:
    """Serve a service worker: asked for again at every visit, and allowed to fetch what it shall keep."""
    headers = {"cache-control": "no-cache", "content-security-policy": WORKER_POLICY}
    return Response(text, media_type="text/javascript", headers=headers)


@cache
def import_map() -> tuple[str, str]:
    """Return the import map as one line of JSON, and its CSP source (`'sha256-…'`)."""
    imports = json.loads(IMPORT_MAP.read_text("utf-8"))["imports"]
    versioned = {name: _versioned(address) for name, address in imports.items()}
    text = json.dumps({"imports": versioned}, separators=(",", ":"))
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return text, f"'sha256-{digest}'"


def _versioned(address: str) -> str:
    """Add the content's hash to the address of a library: browsers may keep it for ever."""
    file = STATIC / address.removeprefix("/static/")
    if not file.is_file():
        return address
    return f"{address}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:8]}"


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address: what browsers compare."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def content_security_policy(settings: PageSettings) -> str:
    """Return the policy of a page: its own origin, the issuer, and nothing inline but the import map."""
    scripts = ["'self'", import_map()[1], *(["'wasm-unsafe-eval'"] if settings.wasm else [])]
    connect = ["'self'", origin_of(settings.oidc_issuer), *settings.connect]
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {' '.join(scripts)}",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            f"connect-src {' '.join(connect)}",
            "worker-src 'self'",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )


def permissions_policy(settings: PageSettings) -> str:
    """Return which devices a page may ask for, and that no frame in it may."""
    return ", ".join(f"{name}=({'self' if name in settings.devices else ''})" for name in DEVICES)


def render(file: Path, settings: PageSettings) -> str:
    """Return the text of a page file with the shell written in."""
    meta = {
        "oidc-issuer": settings.oidc_issuer,
        "oidc-client": settings.oidc_client,
        **settings.meta,
    }
    shell = [f'<meta name="{escape(name)}" content="{escape(value)}">' for name, value in meta.items()]
    shell += [
        '<link rel="stylesheet" href="/static/tokens.css">',
        '<link rel="icon" href="/static/icon.svg" type="image/svg+xml">',
        f'<script type="importmap">{import_map()[0]}</script>',
    ]
    return file.read_text("utf-8").replace(PLACEHOLDER, "\n".join(shell))


def page(file: Path, settings: PageSettings) -> HTMLResponse:
    """Answer with a page; browsers ask again each time whether it changed."""
    return HTMLResponse(
        render(file, settings),
        headers={
            "content-security-policy": content_security_policy(settings),
            "cache-control": "no-cache",
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "permissions-policy": permissions_policy(settings),
        },
    )


def page_routes(pages: Mapping[str, Path], settings: PageSettings, assets: Path | None = None) -> APIRouter:
    """
    Routes of a service's pages: `{"/": Path("wall.html")}`.

    Files of *assets* (scripts, styles, locales of the service) appear under `/pages/`.
    """
    router = APIRouter(include_in_schema=False)
    for path, file in pages.items():
        router.add_api_route(path, _serve(file, settings), methods=["GET", "HEAD"], name=file.stem)
    if assets is not None:
        router.routes.append(Mount("/pages", StaticFiles(directory=assets), name="pages"))
    return router


def _serve(file: Path, settings: PageSettings) -> Callable[[], Response]:
    def serve() -> Response:
        return page(file, settings)

    return serve
