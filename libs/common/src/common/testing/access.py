"""
The access matrix: every route, every role, inside and outside the area, tried out.

A service lists who may do what (`Rule`); `access_faults` tries every combination and returns what
differs as sentences. A route that is missing in the table is a fault too.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from fastapi import FastAPI

from common.http.auth import ROLES
from common.testing.sign_in import bearer

NOT_SIGNED_IN: Final = 401
FORBIDDEN: Final = frozenset({403, 404})
"""Outside the area a record may be refused or look as if it were not there."""


@dataclass(frozen=True, slots=True)
class Rule:
    """
    Who may call one route.

    *path* is the template as in the routes. *request* makes the arguments of one good request (`url`,
    `json`, ...), a new one each time. *roles* may call it: staff inside the area, a citizen as
    *person_id*. *is_scoped* false: any area will do. *is_filtered*: outside the area the answer is an
    empty list instead of a refusal. *any_citizen*: every citizen may call it (it shows their own).
    *is_public*: whoever comes is served without a token (phones before they are enrolled).
    """

    method: str
    path: str
    roles: frozenset[str]
    request: Callable[[], dict[str, Any]]
    is_scoped: bool = True
    is_filtered: bool = False
    any_citizen: bool = False
    person_id: str = "p-test"
    good: frozenset[int] = field(default=frozenset({200, 201, 202, 204}))
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Area codes that cover the record of the rules, and some that do not."""

    inside: tuple[str, ...]
    outside: tuple[str, ...]


async def access_faults(
    app: FastAPI, client: httpx.AsyncClient, rules: Iterable[Rule], place: Place
) -> list[str]:
    """Try route x role x area, and nobody at all; return one sentence per surprise."""
    listed = list(rules)
    faults = [f"{missing} is not in the access table" for missing in _unlisted(app, listed)]
    for rule in listed:
        reply = await client.request(rule.method, **rule.request())
        if rule.is_public:
            if reply.status_code not in rule.good:
                faults.append(f"{rule.method} {rule.path} is public and answered {reply.status_code}")
            continue
        if reply.status_code != NOT_SIGNED_IN:
            faults.append(f"{rule.method} {rule.path} without a token answered {reply.status_code}")
        for who, headers, is_allowed in _visitors(rule, place):
            reply = await client.request(rule.method, **{**rule.request(), "headers": headers})
            if not _as_expected(rule, reply, is_allowed=is_allowed):
                wish = "be served" if is_allowed else "be refused"
                faults.append(f"{rule.method} {rule.path}: {who} should {wish}, got {reply.status_code}")
    return faults


def _visitors(rule: Rule, place: Place) -> Iterator[tuple[str, dict[str, str], bool]]:
    for role in ROLES:
        has_role = role in rule.roles
        if role == "citizen":
            yield "the citizen", bearer(role, (), person_id=rule.person_id), has_role
            is_served = has_role and rule.any_citizen
            yield "another citizen", bearer(role, (), person_id="p-somebody-else"), is_served
            continue
        for code in place.inside:
            yield f"{role} of {code}", bearer(role, (code,)), has_role
        for code in place.outside:
            is_served = has_role and not rule.is_scoped
            yield f"{role} of {code} (outside)", bearer(role, (code,)), is_served
        is_served = has_role and not rule.is_scoped
        yield f"{role} without any area", bearer(role, ()), is_served


def _as_expected(rule: Rule, reply: httpx.Response, *, is_allowed: bool) -> bool:
    if is_allowed:
        return reply.status_code in rule.good
    if rule.is_filtered and reply.status_code in rule.good:
        return not reply.json().get("items")
    return reply.status_code in FORBIDDEN


def _unlisted(app: FastAPI, rules: list[Rule]) -> list[str]:
    listed = {(rule.method, rule.path) for rule in rules}
    return sorted(f"{method} {path}" for method, path in _routes(app) if (method, path) not in listed)


def _routes(app: FastAPI) -> set[tuple[str, str]]:
    """Return method and template of every documented operation, however the routers were nested."""
    paths = app.openapi()["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}
