"""
The short way to direct routes.

The framework asks every route of every router in turn whether a request is for it, then resolves what the
endpoint takes. Here the routes of one method are one regular expression, in the framework's order, so that
the same route wins; if that is a direct one, its plan answers. Everything else, what nobody knows included,
goes the framework's way.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from fastapi.routing import iter_route_contexts
from starlette.convertors import StringConvertor
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from common.http.direct import DirectRoute, Plan, plan_of

_NAMED: Final = re.compile(r"\(\?P<\w+>")


@dataclass(frozen=True, slots=True)
class Door:
    """One route: which paths are for it and, if it is direct, how it is answered."""

    route: BaseRoute
    pattern: str
    methods: frozenset[str] | None
    parameters: tuple[str, ...] = ()
    plan: Plan | None = None

    def is_open_to(self, method: str) -> bool:
        """Tell whether it takes *method*."""
        return self.methods is None or method in self.methods


class Doors:
    """ASGI layer in front of the framework: direct routes are answered here."""

    def __init__(self, routes: Sequence[BaseRoute], general: ASGIApp) -> None:
        self._general = general
        doors = list(_doors_of(routes))
        self._directories = {
            method: _Directory(door for door in doors if door.is_open_to(method))
            for method in {method for door in doors if door.plan for method in door.methods or ()}
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer if the request is for a direct route, else pass it on."""
        plan = self._enter(scope) if scope["type"] == "http" else None
        if plan is None:
            await self._general(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await plan.answer(request)
        except Exception as fault:
            handler = _handler_of(fault, scope["app"].exception_handlers)
            if handler is None:
                raise
            response = await handler(request, fault)
        await response(scope, receive, send)

    def _enter(self, scope: Scope) -> Plan | None:
        """Find the plan that answers, and note in *scope* which route it is."""
        directory = self._directories.get(scope["method"])
        found = directory.find(scope["path"]) if directory and not scope.get("root_path") else None
        if found is None:
            return None
        door, values = found
        if door.plan is None or not door.plan.reads(scope):
            return None
        scope["route"] = door.route
        scope["path_params"] = dict(zip(door.parameters, values, strict=True))
        return door.plan


class _Directory:
    """The doors for one method, by path."""

    def __init__(self, doors: Iterable[Door]) -> None:
        self._by_group: dict[int, tuple[Door, slice]] = {}
        patterns, group = [], 1
        for door in doors:
            inside = re.compile(door.pattern).groups
            self._by_group[group] = door, slice(group, group + inside)
            patterns.append(f"({_NAMED.sub('(', door.pattern)})")
            group += 1 + inside
        self._pattern = re.compile("|".join(patterns))

    def find(self, path: str) -> tuple[Door, tuple[str, ...]] | None:
        """Return the first door for *path* with the values in it."""
        match = self._pattern.match(path)
        if match is None or match.lastindex is None:
            return None
        door, inside = self._by_group[match.lastindex]
        return door, match.groups()[inside]


def _doors_of(routes: Sequence[BaseRoute]) -> Iterable[Door]:
    """Yield what may be found by path, up to the first route of a kind that we cannot judge."""
    for context in iter_route_contexts(routes):
        route = context.original_route
        if isinstance(route, WebSocketRoute):
            continue
        pattern = getattr(context, "path_regex", None)
        if pattern is None:
            return
        methods = frozenset(context.methods) if context.methods else None
        parameters: dict[str, Any] = context.param_convertors
        plan = None
        if isinstance(route, DirectRoute) and all(
            type(each) is StringConvertor for each in parameters.values()
        ):
            plan = route.plan if context.dependant is route.dependant else plan_of(context)
        yield Door(route, pattern.pattern, methods, tuple(parameters), plan)


def _handler_of(fault: Exception, handlers: dict[Any, Callable[..., Any]]) -> Callable[..., Any] | None:
    """Return how the application answers *fault*, as the framework looks it up."""
    return next((handlers[kind] for kind in type(fault).__mro__ if kind in handlers), None)
