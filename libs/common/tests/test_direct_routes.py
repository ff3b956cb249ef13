"""A route that reads its request itself answers as the framework's general way does."""

import json
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, Path, Query, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from common.http.app import create_app
from common.http.auth import HealthOfficer, Verifier
from common.http.direct import DirectRoute, plan_of
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
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

    return create_app("Tests", [router], verifier=VERIFIER, parts={"part": "p-"})


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
    "wrong method": ("PUT", "/v1/orders/abc", {"json": GOOD, "headers": SIGNED}),
}


async def answer_of(route_class: type[APIRoute], name: str) -> tuple[int, str, Any]:
    method, path, options = REQUESTS[name]
    async with client_of(app_of(route_class)) as client:
        said = await client.request(method, path, **options)
    body = said.json() if "json" in said.headers["content-type"] else said.text
    if isinstance(body, dict):
        body.pop("correlation_id", None)
    return said.status_code, said.headers["content-type"], body


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
