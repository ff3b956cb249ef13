"""A route that reads its request itself answers as the framework's general way does."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, Depends, Path, Query, Response, WebSocket
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from common.http.app import create_app
from common.http.auth import HealthOfficer, Verifier, signed_in
from common.http.direct import DirectRoute, plan_of
from common.http.doors import Doors
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.kernel.errors import NotFound
from common.settings import ServiceSettings
from common.testing.sign_in import bearer, client_of, sample_jwks, sample_settings

SETTINGS = sample_settings(ServiceSettings)
VERIFIER = Verifier(SETTINGS.oidc_issuer, SETTINGS.oidc_audience, sample_jwks())


class Ordered(BaseModel):
    number: int = Field(ge=1, le=99)
    words: list[str] = Field(default_factory=list)


class Receipt(BaseModel):
    order: int
    by: str
    cause: str
    part: str
    note: str | None = None
    share: float = float("nan")
    lasts: timedelta = timedelta(minutes=90)


def app_of(route_class: type[APIRoute]) -> Any:
    router = APIRouter(prefix="/v1", route_class=route_class)

    @router.post("/orders/{order_id}", status_code=201)
    async def order(
        order_id: Annotated[str, Path(pattern=r"^[a-z]{2,8}$")],
        body: Ordered,
        officer: HealthOfficer,
        cause: IdempotencyCause,
        part: Annotated[str, provided("part")],
    ) -> Receipt:
        return Receipt(order=body.number, by=officer.subject, cause=cause.id, part=part + order_id)

    @router.get("/orders")
    async def listed(officer: HealthOfficer, limit: Annotated[int, Query(ge=1)] = 5) -> Receipt:
        return Receipt(order=limit, by=officer.subject, cause="", part="")

    @router.get("/raw")
    async def raw(officer: HealthOfficer) -> Response:
        return Response(b"x", media_type="text/plain")

    @router.post("/embedded")
    async def embedded(order: Annotated[Ordered, Body(embed=True)]) -> Receipt:
        return Receipt(order=order.number, by="", cause="", part="")

    return create_app(
        "Tests",
        [guarded(route_class), router, shelves(route_class)],
        verifier=VERIFIER,
        parts={"part": "p-"},
    )


def shelves(route_class: type[APIRoute]) -> APIRouter:
    """Addresses of which more than one route could be meant."""
    router = APIRouter(prefix="/v1", route_class=route_class)

    @router.get("/shelves/{number:int}")
    async def shelf(number: int) -> Receipt:
        return Receipt(order=number, by="shelf", cause="", part="")

    @router.get("/shelves/{name}")
    async def named(name: str) -> Receipt:
        return Receipt(order=0, by="named", cause="", part=name)

    @router.get("/shelves/top")
    async def top() -> Receipt:
        return Receipt(order=0, by="top", cause="", part="never reached")

    @router.get("/shelves/{name}/{place}")
    async def place(place: str, name: str) -> Receipt:
        return Receipt(order=0, by=name, cause="", part=place)

    @router.delete("/shelves/{name}")
    async def away(name: str) -> Receipt:
        raise NotFound(f"Không có kệ {name}.")

    return router


def guarded(route_class: type[APIRoute]) -> APIRouter:
    """A router that is included twice: behind a guard, and without."""
    router = APIRouter(route_class=route_class)

    @router.get("/guarded")
    async def inside() -> Receipt:
        return Receipt(order=1, by="", cause="", part="")

    @router.websocket("/listen")
    async def listen(socket: WebSocket) -> None: ...

    outer = APIRouter()
    outer.include_router(router, prefix="/outer", dependencies=[Depends(signed_in)])
    outer.include_router(router, prefix="/open")
    return outer


GOOD = {"number": 7, "words": ["a"]}
SIGNED = bearer("health_officer", ("19",))
KEY = {"Idempotency-Key": "key-1234567"}
REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "accepted": ("POST", "/v1/orders/abc", {"json": GOOD, "headers": {**SIGNED, **KEY}}),
    "nobody signed in, bad body": ("POST", "/v1/orders/abc", {"json": {}, "headers": KEY}),
    "wrong role, bad body": ("POST", "/v1/orders/abc", {"json": {}, "headers": bearer("doctor", ("19",))}),
    "bad key": ("POST", "/v1/orders/abc", {"json": GOOD, "headers": {**SIGNED, "Idempotency-Key": "k"}}),
    "out of range": ("POST", "/v1/orders/abc", {"json": {"number": 100}, "headers": {**SIGNED, **KEY}}),
    "wrong type": ("POST", "/v1/orders/abc", {"json": {"number": "seven"}, "headers": {**SIGNED, **KEY}}),
    "two faults": ("POST", "/v1/orders/A", {"json": {"words": 3}, "headers": {**SIGNED, **KEY}}),
    "no object": ("POST", "/v1/orders/abc", {"json": [1], "headers": {**SIGNED, **KEY}}),
    "no body": ("POST", "/v1/orders/abc", {"headers": {**SIGNED, **KEY}}),
    "no json": ("POST", "/v1/orders/abc", {"content": "number=7", "headers": {**SIGNED, **KEY}}),
    "broken json": (
        "POST",
        "/v1/orders/abc",
        {"content": '{"number":', "headers": {**SIGNED, **KEY, "Content-Type": "application/json"}},
    ),
    "json with a charset": (
        "POST",
        "/v1/orders/abc",
        {
            "content": json.dumps(GOOD),
            "headers": {**SIGNED, **KEY, "Content-Type": "application/json; charset=utf-8"},
        },
    ),
    "too long": (
        "POST",
        "/v1/orders/abc",
        {"content": b" " * 70_000, "headers": {**SIGNED, **KEY, "Content-Type": "application/json"}},
    ),
    "query": ("GET", "/v1/orders?limit=3", {"headers": SIGNED}),
    "bad query": ("GET", "/v1/orders?limit=0", {"headers": SIGNED}),
    "raw": ("GET", "/v1/raw", {"headers": SIGNED}),
    "embedded": ("POST", "/v1/embedded", {"json": {"order": GOOD}}),
    "number before name": ("GET", "/v1/shelves/12", {}),
    "name after number": ("GET", "/v1/shelves/12a", {}),
    "the first that fits wins": ("GET", "/v1/shelves/top", {}),
    "two texts, in any order": ("GET", "/v1/shelves/a/b", {}),
    "escaped slash": ("GET", "/v1/shelves/a%2Fb", {}),
    "escaped letters": ("GET", "/v1/shelves/k%E1%BB%87", {}),
    "line break at the end": ("GET", "/v1/shelves/a%0A", {}),
    "slash at the end": ("GET", "/v1/shelves/a/", {}),
    "empty text": ("GET", "/v1/shelves/", {}),
    "refusal of the domain": ("DELETE", "/v1/shelves/a", {}),
    "head of a get": ("HEAD", "/v1/shelves/a", {}),
    "options": ("OPTIONS", "/v1/shelves/a", {}),
    "guarded from outside, nobody": ("GET", "/outer/guarded", {}),
    "guarded from outside, somebody": ("GET", "/outer/guarded", {"headers": SIGNED}),
    "the same without a guard": ("GET", "/open/guarded", {}),
    "nowhere": ("GET", "/v2/shelves/a", {}),
    "a file": ("GET", "/static/tokens.css", {}),
    "wrong method": ("PUT", "/v1/orders/abc", {"json": GOOD, "headers": SIGNED}),
}


async def answer_of(route_class: type[APIRoute], name: str) -> tuple[int, dict[str, str], Any]:
    method, path, options = REQUESTS[name]
    async with client_of(app_of(route_class)) as client:
        said = await client.request(method, path, **options)
    headers = dict(said.headers)
    body = said.json() if said.text and "json" in headers["content-type"] else said.text
    correlation = headers.pop("x-correlation-id")
    if isinstance(body, dict) and "correlation_id" in body:
        assert body.pop("correlation_id") == correlation
    return said.status_code, headers, body


@pytest.mark.parametrize("name", REQUESTS)
async def test_it_answers_like_the_general_way(name: str) -> None:
    assert await answer_of(DirectRoute, name) == await answer_of(APIRoute, name)


def test_its_description_is_the_same() -> None:
    assert app_of(DirectRoute).openapi() == app_of(APIRoute).openapi()


def plan_for(endpoint: Callable[..., Any]) -> Any:
    return plan_of(APIRoute("/x", endpoint, methods=["POST"]))


def test_only_plain_endpoints_are_read_directly() -> None:
    async def plain(body: Ordered, officer: HealthOfficer) -> Receipt: ...

    async def asks(officer: HealthOfficer, limit: int = 3) -> Receipt: ...

    async def lists(officer: HealthOfficer) -> list[Receipt]: ...

    async def embeds(a: Ordered, b: Ordered) -> Receipt: ...

    def waits(body: Ordered) -> Receipt: ...

    assert plan_for(plain) is not None
    assert [plan_for(each) for each in (asks, lists, embeds, waits)] == [None] * 4


@pytest.mark.parametrize(
    ("method", "path", "is_direct"),
    [
        ("POST", "/v1/orders/abc", True),
        ("GET", "/v1/shelves/a", True),
        ("GET", "/open/guarded", True),
        ("GET", "/outer/guarded", False),
        ("GET", "/v1/shelves/12", False),
        ("GET", "/v1/orders", False),
        ("GET", "/nowhere", False),
    ],
)
async def test_plain_endpoints_do_not_go_through_the_framework(
    method: str, path: str, is_direct: bool
) -> None:
    asked: list[str] = []

    async def framework(scope: Any, _receive: Any, _send: Any) -> None:
        asked.append(scope["path"])

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}"}

    async def send(_message: Any) -> None: ...

    app = app_of(DirectRoute)
    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": method, "path": path, "headers": headers, "app": app}
    await Doors(app.routes, framework)(scope, receive, send)
    assert asked == ([] if is_direct else [path])
