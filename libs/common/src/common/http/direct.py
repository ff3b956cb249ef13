"""
Routes that read their request themselves.

The framework resolves every parameter of every request in the most general way; for a small body and a few
parts off the shelf that costs three times what our own work does (measured with
`python -m tests.load.bench.declarations`). A `DirectRoute` looks once, when it is made, at what its endpoint
takes. If that is no more than one JSON body, texts of the path, and dependencies that need the request alone,
it does just that; every other endpoint keeps the framework's handler. The OpenAPI document, the order of
checks (who asks, then what) and the refusals are the same.
"""

import inspect
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Resolver = Callable[[Request], Awaitable[Any]]
JSON = "application/json"


class DirectRoute(APIRoute):
    """A route whose handler is as plain as its endpoint allows: `APIRouter(route_class=DirectRoute)`."""

    def get_route_handler(self) -> Handler:
        """Return our handler where the endpoint is plain, else the framework's."""
        general = super().get_route_handler()
        plan = _plan_of(self)
        return plan.handler(general) if plan else general


@dataclass(frozen=True, slots=True)
class Plan:
    """What one endpoint takes, by parameter, and what it answers."""

    endpoint: Callable[..., Awaitable[Any]]
    resolvers: tuple[tuple[str, Resolver], ...]
    path: tuple[tuple[str, TypeAdapter[Any]], ...]
    body: tuple[str, TypeAdapter[Any]] | None
    answer: type[BaseModel]
    status: int

    def handler(self, general: Handler) -> Handler:
        """Return the handler; what is not announced as JSON goes the framework's way to its refusal."""

        async def handle(request: Request) -> Response:
            if self.body and request.headers.get("content-type", "").partition(";")[0].strip() != JSON:
                return await general(request)
            values = {name: await resolve(request) for name, resolve in self.resolvers}
            values |= await self._checked(request)
            answer = await self.endpoint(**values)
            return answer if isinstance(answer, Response) else self._told(answer)

        return handle

    async def _checked(self, request: Request) -> dict[str, Any]:
        values, faults = {}, []
        for name, adapter in self.path:
            try:
                values[name] = adapter.validate_python(request.path_params[name])
            except ValidationError as fault:
                faults += _located(fault, "path", name)
        if self.body:
            name, adapter = self.body
            try:
                values[name] = adapter.validate_json(await request.body())
            except ValidationError as fault:
                faults += _located(fault, "body")
        if faults:
            raise RequestValidationError(faults)
        return values

    def _told(self, answer: Any) -> Response:
        exact = answer if type(answer) is self.answer else self.answer.model_validate(answer)
        return Response(exact.model_dump_json(by_alias=True), self.status, media_type=JSON)


def _located(fault: ValidationError, *place: str) -> list[Any]:
    return [{**error, "loc": (*place, *error["loc"])} for error in fault.errors(include_url=False)]


def _plan_of(route: APIRoute) -> Plan | None:
    """Return the plan of *route*, or None when its endpoint takes or answers something that is not plain."""
    takes, answer = route.dependant, route.response_model
    resolvers = [(sub.name, _resolver_of(sub)) for sub in takes.dependencies]
    bodies = [_adapter(field) for field in takes.body_params]
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
        path=tuple(_adapter(field) for field in takes.path_params),
        body=bodies[0] if bodies else None,
        answer=answer,
        status=route.status_code or 200,
    )


def _answers_plainly(route: APIRoute) -> bool:
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


def _adapter(field: Any) -> tuple[str, TypeAdapter[Any]]:
    info = field.field_info
    kind: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    return field.name, TypeAdapter(kind)


def _resolver_of(sub: Dependant) -> Resolver | None:
    """Return how to resolve a dependency from the request alone; None when it takes something else."""
    has_more = sub.dependencies or sub.path_params or sub.query_params or sub.cookie_params or sub.body_params
    if has_more or not sub.request_param_name or not inspect.iscoroutinefunction(sub.call):
        return None
    texts = [(field.name, field.alias) for field in sub.header_params if _is_optional_text(field)]
    if len(texts) != len(sub.header_params):
        return None
    call, asked = sub.call, sub.request_param_name
    if not texts:
        return lambda request: call(**{asked: request})

    def with_headers(request: Request) -> Awaitable[Any]:
        given = {name: request.headers.get(alias) for name, alias in texts}
        return call(**{asked: request}, **given)

    return with_headers


def _is_optional_text(field: Any) -> bool:
    info = field.field_info
    return info.annotation == (str | None) and not info.metadata and info.default is None
