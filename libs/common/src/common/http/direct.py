"""
Routes that are answered directly.

The framework resolves every parameter of every request in the most general way; for a small body and a few
parts off the shelf that costs several times what our own work does (measured with
`python -m tests.load.bench.declarations`). An endpoint that takes no more than one JSON body, texts of the
path, and dependencies that need the request alone has a `Plan` that does just that, made once, which
`common.http.doors` finds. Every other endpoint, and a body that is not announced as JSON, goes the
framework's way. The OpenAPI document, the order of checks (who asks, then what) and the refusals are the
same.
"""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Final

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute, RouteContext
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import SchemaSerializer, SchemaValidator
from starlette.requests import ClientDisconnect
from starlette.types import Scope

from common.http.headers import header

Resolver = Callable[[Request], Awaitable[Any]]
JSON: Final = "application/json"
_JSON_HEADER: Final = (b"content-type", JSON.encode())


class DirectRoute(APIRoute):
    """A route that is answered directly if its endpoint is plain: `APIRouter(route_class=DirectRoute)`."""

    @cached_property
    def plan(self) -> "Plan | None":
        """How it is answered where no router around it asks for more, made once for all applications."""
        return plan_of(self)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one endpoint takes, by parameter, and what it answers."""

    endpoint: Callable[..., Awaitable[Any]]
    resolvers: tuple[tuple[str, Resolver], ...]
    path: tuple[tuple[str, SchemaValidator], ...]
    body: tuple[str, SchemaValidator] | None
    answers: type[BaseModel]
    writer: SchemaSerializer
    status: int

    def reads(self, scope: Scope) -> bool:
        """Tell whether the body, where one is taken, is announced as JSON."""
        if self.body is None:
            return True
        kind = header(scope, b"content-type") or ""
        return kind == JSON or kind.partition(";")[0].strip() == JSON

    async def answer(self, request: Request) -> Response:
        """Resolve, check and call; raises what the endpoint raises, or `RequestValidationError`."""
        values = {}
        for name, resolve in self.resolvers:
            values[name] = await resolve(request)
        answer = await self.endpoint(**values, **await self._checked(request))
        return answer if isinstance(answer, Response) else self._told(answer)

    async def _checked(self, request: Request) -> dict[str, Any]:
        values, faults = {}, []
        for name, validator in self.path:
            try:
                values[name] = validator.validate_python(request.path_params[name])
            except ValidationError as fault:
                faults += _located(fault, "path", name)
        if self.body:
            name, validator = self.body
            try:
                values[name] = validator.validate_json(await _body_of(request))
            except ValidationError as fault:
                faults += _located(fault, "body")
        if faults:
            raise RequestValidationError(faults)
        return values

    def _told(self, answer: Any) -> Response:
        exact = answer if type(answer) is self.answers else self.answers.model_validate(answer)
        return Told(self.writer.to_json(exact, by_alias=True), self.status)


class Told(Response):
    """An answer in JSON that is written already."""

    def __init__(self, body: bytes, status: int) -> None:
        self.status_code = status
        self.body = body
        self.background = None
        self.raw_headers = [(b"content-length", b"%d" % len(body)), _JSON_HEADER]


async def _body_of(request: Request) -> bytes:
    """Return the whole body: mostly, and most cheaply, it came in one piece."""
    pieces, has_more = [], True
    while has_more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        has_more = message.get("more_body", False)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _located(fault: ValidationError, *place: str) -> list[Any]:
    return [{**error, "loc": (*place, *error["loc"])} for error in fault.errors(include_url=False)]


def plan_of(route: APIRoute | RouteContext) -> Plan | None:
    """Return the plan of *route*, or None when its endpoint takes or answers something that is not plain."""
    takes, answer = route.dependant, route.response_model
    resolvers = [(sub.name, _resolver_of(sub)) for sub in takes.dependencies]
    bodies = [_validator(field) for field in takes.body_params]
    is_plain = (
        inspect.iscoroutinefunction(takes.call)
        and all(name and resolve for name, resolve in resolvers)
        and not (takes.query_params or takes.header_params or takes.cookie_params)
        and not (takes.request_param_name or takes.response_param_name or takes.background_tasks_param_name)
        and len(bodies) <= 1
        and not any(getattr(field.field_info, "embed", None) for field in takes.body_params)
        and _answers_plainly(route)
    )
    if not is_plain:
        return None
    return Plan(
        endpoint=takes.call,  # type: ignore[arg-type]  # a coroutine function, as was just seen
        resolvers=tuple(resolvers),  # type: ignore[arg-type]  # names and resolvers, as was just seen
        path=tuple(_validator(field) for field in takes.path_params),
        body=bodies[0] if bodies else None,
        answers=answer,
        writer=TypeAdapter(answer).serializer,
        status=route.status_code or 200,
    )


def _answers_plainly(route: APIRoute | RouteContext) -> bool:
    answer = route.response_model
    response = getattr(route.response_class, "value", route.response_class)
    options = (
        route.response_model_include,
        route.response_model_exclude,
        route.response_model_exclude_unset,
        route.response_model_exclude_defaults,
        route.response_model_exclude_none,
    )
    is_model = isinstance(answer, type) and issubclass(answer, BaseModel)
    return is_model and response is JSONResponse and not any(options)


def _validator(field: Any) -> tuple[str, SchemaValidator]:
    info = field.field_info
    kind: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    return field.name, TypeAdapter(kind).validator  # type: ignore[return-value]


def _resolver_of(sub: Dependant) -> Resolver | None:
    """Return how to resolve a dependency from the request alone; None when it takes something else."""
    has_more = sub.dependencies or sub.path_params or sub.query_params or sub.cookie_params or sub.body_params
    if has_more or not sub.request_param_name or not inspect.iscoroutinefunction(sub.call):
        return None
    if not all(_is_optional_text(field) for field in sub.header_params):
        return None
    texts = [(field.name, field.alias.lower().encode()) for field in sub.header_params]
    call, asked = sub.call, sub.request_param_name
    if not texts:
        return lambda request: call(**{asked: request})

    def with_headers(request: Request) -> Awaitable[Any]:
        given = {name: header(request.scope, alias) for name, alias in texts}
        return call(**{asked: request}, **given)

    return with_headers


def _is_optional_text(field: Any) -> bool:
    info = field.field_info
    return info.annotation == (str | None) and not info.metadata and info.default is None
