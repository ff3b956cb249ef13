"""
The edge: what happens to every request before and after our code, as one plain ASGI layer.

Correlation id and trace, security headers, the body limit (also for streamed bodies), RED metrics
by route, one access line in the log without query strings, and a problem for whatever nobody caught.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from fastapi import HTTPException
from opentelemetry.trace import SpanKind
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common import metrics, tracing
from common.http.problems import problem
from common.logs import correlated, logger

_CORRELATION: Final = re.compile(r"[A-Za-z0-9_\-.:]{8,128}")
CORRELATION_HEADER: Final = "X-Correlation-ID"
API_CSP: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": API_CSP,
    "Cache-Control": "no-store",
}
_ALWAYS: Final = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
"""What every answer carries unless its route has set it."""
_CORRELATION_HEADER: Final = CORRELATION_HEADER.lower().encode()
_QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
Given = dict[bytes, bytes]
"""Headers by name, in lower case."""
log = logger(__name__)

_access: Final = logging.getLogger(__name__)
"""Asked before a line is made that nobody wants."""


class BodyTooLarge(HTTPException):
    """More bytes arrived than the limit allows (an HTTPException, so that the framework lets it pass)."""

    def __init__(self) -> None:
        super().__init__(413)


class Edge:
    """ASGI layer around the whole application."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        body_limit_bytes: int,
        large_bodies: Mapping[str, int] | None = None,
        transient: tuple[type[Exception], ...] = (),
    ) -> None:
        self._app = app
        self._limit = body_limit_bytes
        self._large = dict(large_bodies or {})
        self._transient = transient

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; websockets and lifespan pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(reversed(scope["headers"]))  # of a header that comes twice, the first counts
        traceparent = headers.get(b"traceparent", b"").decode("latin-1")
        with (
            tracing.span(scope["method"], traceparent, kind=SpanKind.SERVER),
            correlated(_correlation_of(headers)) as correlation,
        ):
            await self._serve(scope, receive, send, headers, correlation)

    async def _serve(
        self, scope: Scope, receive: Receive, send: Send, headers: Given, correlation: str
    ) -> None:
        started = time.perf_counter()
        status, is_live = 0, False

        async def noted(message: Message) -> None:
            nonlocal status, is_live
            if message["type"] == "http.response.start":
                status = message["status"]
                is_live = _add_headers(message, correlation)
            await send(message)

        metrics.http_in_progress.inc()
        try:
            await self._answer(scope, receive, noted, headers, lambda: status)
        finally:
            metrics.http_in_progress.dec()
            _record(scope, status, None if is_live else time.perf_counter() - started)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, headers: Given, status: Callable[[], int]
    ) -> None:
        limit = self._large.get(scope["path"], self._limit)
        try:
            announced = _announced(headers)  # and the server lets no more than that through
            if announced > limit:
                raise BodyTooLarge
            await self._app(scope, receive if announced else _limited(receive, limit), send)
        except BodyTooLarge:
            response = problem(413, headers={"Connection": "close"})
        except self._transient as fault:
            log.warning("a dependency is away", fault=type(fault).__name__)
            response = problem(503, headers={"Retry-After": "2"})
        except Exception:
            log.exception("a request failed", route=_route(scope))
            response = problem(500)
        else:
            return
        if not status():
            await response(scope, receive, send)


def _limited(receive: Receive, limit: int) -> Receive:
    """Count what arrives: a chunked body has no announced length."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise BodyTooLarge
        return message

    return counted


def _announced(headers: Given) -> int:
    """Return the length that the body will have, 0 if it is not known or not to be relied on."""
    length = headers.get(b"content-length", b"")
    is_known = length.isdigit() and len(length) < 19 and b"transfer-encoding" not in headers
    return int(length) if is_known else 0


def _correlation_of(headers: Given) -> str:
    given = headers.get(_CORRELATION_HEADER, b"").decode("latin-1")
    return given if given and _CORRELATION.fullmatch(given) else tracing.trace_id() or str(uuid.uuid4())


def _add_headers(message: Message, correlation: str) -> bool:
    """Add what every answer carries; tell whether this one is a live stream."""
    raw = message["headers"]
    given: Given = dict(raw)
    raw += [always for always in _ALWAYS if always[0] not in given]
    raw.append((_CORRELATION_HEADER, correlation.encode()))
    return given.get(b"content-type", b"").startswith(b"text/event-stream")


def _route(scope: Scope) -> str:
    """Return the template of the matched route: a raw path would make a label per person."""
    route: Any = scope.get("route")
    if route is not None:
        return str(getattr(route, "path", "other"))
    path = str(scope.get("path", ""))
    return "/static" if path.startswith("/static/") else "other"


def _record(scope: Scope, status: int, seconds: float | None) -> None:
    """Count and log one answer; *seconds* is None for a live stream, whose length says nothing."""
    route, method = _route(scope), scope["method"]
    answered, took = _meters(method, route, status)
    answered.inc()
    if seconds is not None:
        took.observe(seconds)
    if _access.isEnabledFor(logging.INFO) and route not in _QUIET:
        ms = None if seconds is None else round(seconds * 1000, 1)
        log.info("answered", method=method, route=route, status=status, ms=ms)


@cache
def _meters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Look the two measures of a kind of answer up once: their labels are few and stay."""
    answered = metrics.http_requests.labels(method, route, str(status))
    return answered, metrics.http_seconds.labels(method, route)
