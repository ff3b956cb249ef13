"""The application: one way to make it, so that every service answers alike."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, Final, Protocol

from fastapi import APIRouter, FastAPI, Response
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from fastapi.responses import JSONResponse
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from common import metrics
from common.health import Finding, Readiness
from common.http.auth import Verifier
from common.http.doors import Doors
from common.http.edge import Edge
from common.http.openapi import describe
from common.http.origins import OtherOrigins
from common.http.problems import install_problems

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Any]]
DEFAULT_BODY_LIMIT: Final = 65_536
VERSION: Final = "1.0.0"


class HttpSettings(Protocol):
    """What the application needs of the settings."""

    @property
    def http_body_limit_bytes(self) -> int:
        """Largest body accepted, bytes."""

    @property
    def page_origins(self) -> tuple[str, ...]:
        """Other origins whose pages may read answers."""


class StaticWeb(StaticFiles):
    """Files of the pages: no listing; versioned vendor files never change, the rest is asked again."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Serve one file with its cache rule."""
        response = super().file_response(*args, **kwargs)
        is_vendor = "/vendor/" in str(args[0] if args else kwargs.get("full_path", ""))
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_vendor else "no-cache"
        return response


class Application(FastAPI):
    """
    The framework's application in a shorter stack: the edge, direct routes, then everything else.

    What the framework puts around its own stack (answering faults, counting bytes, telemetry) our edge does.
    """

    def __init__(self, *, edge: Callable[[ASGIApp], ASGIApp], **options: Any) -> None:
        super().__init__(**options)
        self._edge = edge

    def build_middleware_stack(self) -> ASGIApp:
        """Put the layers around the router, once, when the first message arrives."""
        inside = AsyncExitStackMiddleware(self.router)
        handlers: Any = self.exception_handlers
        app: ASGIApp = Doors(self.routes, ExceptionMiddleware(inside, handlers=handlers))
        for layer in reversed(self.user_middleware):
            app = layer.cls(app, *layer.args, **layer.kwargs)
        return self._edge(app)


def create_app(
    title: str,
    routers: Iterable[APIRouter],
    *,
    lifespan: Lifespan | None = None,
    settings: HttpSettings | None = None,
    verifier: Verifier | None = None,
    readiness: Readiness | None = None,
    parts: Mapping[str, Any] | None = None,
    transient: tuple[type[Exception], ...] = (),
    large_bodies: Mapping[str, int] | None = None,
) -> FastAPI:
    """
    Make the HTTP application of a service.

    *parts* are what routes take with `common.http.parts.provided`. *transient* faults (database away)
    answer 503 with Retry-After. *large_bodies* are paths that take files, with their own limit in bytes.
    Documentation pages are off, because they load scripts from elsewhere;
    the OpenAPI document itself is at /openapi.json.
    """
    limit = settings.http_body_limit_bytes if settings else DEFAULT_BODY_LIMIT
    edge = partial(Edge, body_limit_bytes=limit, large_bodies=large_bodies, transient=transient)
    app = _bare_app(title, lifespan, edge)
    if settings and settings.page_origins:
        _answer_pages_of(app, settings.page_origins)
    app.state.verifier = verifier
    app.state.parts = dict(parts or {})
    app.state.readiness = readiness or Readiness()
    # Taken over as they are: what is included, the framework builds a second time for each application.
    for router in (_operations(app.state.readiness), *routers):
        app.router.routes.extend(router.routes)
    _mount_static(app)
    return app


def _bare_app(title: str, lifespan: Lifespan | None, edge: Callable[[ASGIApp], ASGIApp]) -> FastAPI:
    app = Application(
        edge=edge,
        title=title,
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # the edge does it, once
    )
    app.openapi = partial(describe, app)  # type: ignore[method-assign]
    install_problems(app)
    return app


def _answer_pages_of(app: FastAPI, origins: tuple[str, ...]) -> None:
    """Let pages that show what several services know read answers; they carry no cookie."""
    app.add_middleware(
        OtherOrigins,
        allow_origins=origins,
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "idempotency-key"],
        max_age=600,
    )


def _operations(readiness: Readiness) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def alive() -> dict[str, str]:
        """Tell that the event loop turns; asks nobody."""
        return {"status": "alive"}

    @router.get("/readyz")
    async def ready() -> JSONResponse:
        """Tell whether all dependencies answer, each by name with its time."""
        findings = await readiness.findings()
        is_ready = all(finding.is_ready for finding in findings)
        body = {"status": "ready" if is_ready else "not ready", "checks": [_shown(one) for one in findings]}
        return JSONResponse(body, 200 if is_ready else 503)

    @router.get("/metrics")
    async def measured() -> Response:
        """Metrics of this process."""
        return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)

    return router


def _shown(finding: Finding) -> dict[str, object]:
    return {
        "name": finding.name,
        "ready": not finding.fault,
        "required": finding.is_required,
        "fault": finding.fault,
        "seconds": finding.seconds,
    }


def _mount_static(app: FastAPI) -> None:
    folder = Path(str(resources.files("common"))) / "web" / "static"
    if folder.is_dir():
        app.mount("/static", StaticWeb(directory=folder), name="static")
