"""The issuer's endpoints, mounted by the start page of a laptop. Not for production."""

import base64
import hashlib
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel

from common.oidc_local.minting import ALGORITHM, TOKEN_SECONDS, Minter
from common.oidc_local.staff import DemoUser

CLIENT: Final = "la-chan-pages"
_CODE_SECONDS: Final = 120
_MOST_CODES: Final = 1_000
_PAGE_CSP: Final = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_HOSTS: Final = frozenset({"127.0.0.1", "localhost"})


class Asked(BaseModel):
    """An authorization request."""

    response_type: str = ""
    client_id: str = ""
    redirect_uri: str = ""
    scope: str = "openid"
    state: str = ""
    nonce: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    login: str = ""
    login_hint: str = ""


@dataclass(frozen=True, slots=True)
class _Granted:
    user: DemoUser
    redirect_uri: str
    challenge: str
    nonce: str
    until: float


class LocalIssuer:
    """Lets the visitor choose who to be, and signs it."""

    def __init__(self, minter: Minter, users: Iterable[DemoUser], *, ports: Iterable[int]) -> None:
        self._minter = minter
        self._users = {user.username: user for user in users}
        self._origins = frozenset(f"http://{host}:{port}" for host in _HOSTS for port in ports)
        self._codes: dict[str, _Granted] = {}
        self._refresh: dict[str, DemoUser] = {}

    def router(self) -> APIRouter:
        """Return the routes below the issuer's own path (`/oidc`)."""
        router = APIRouter(prefix=urlsplit(self._minter.issuer).path, include_in_schema=False)
        router.add_api_route("/.well-known/openid-configuration", self._discovery, methods=["GET"])
        router.add_api_route("/jwks", self._jwks, methods=["GET"])
        router.add_api_route("/authorize", self._authorize, methods=["GET"], response_model=None)
        router.add_api_route("/token", self._token, methods=["POST"], response_model=None)
        router.add_api_route("/users", self._list, methods=["GET"])
        return router

    def users(self) -> tuple[DemoUser, ...]:
        """Return everybody who can be chosen."""
        return tuple(self._users.values())

    def add_user(self, user: DemoUser) -> None:
        """Let *user* be chosen from now on (a citizen whom the seed or a test has just declared)."""
        self._users[user.username] = user

    async def _discovery(self, request: Request) -> Response:
        issuer = self._minter.issuer
        return self._shared(
            request,
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "jwks_uri": f"{issuer}/jwks",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "token_endpoint_auth_methods_supported": ["none"],
                "code_challenge_methods_supported": ["S256"],
            },
        )

    async def _jwks(self, request: Request) -> Response:
        return self._shared(request, self._minter.jwks())

    async def _list(self) -> list[dict[str, Any]]:
        return [
            {"username": user.username, "name": user.name, "title": user.title, "roles": user.roles}
            for user in self._users.values()
        ]

    async def _authorize(self, asked: Annotated[Asked, Query()]) -> Response:
        fault = self._fault_of(asked)
        if fault:
            return HTMLResponse(f"<!doctype html><p>{escape(fault)}", 400)
        user = self._users.get(asked.login or asked.login_hint)
        if user is None:
            return HTMLResponse(self._choice(asked), headers={"Content-Security-Policy": _PAGE_CSP})
        code = secrets.token_urlsafe(32)
        self._forget_old_codes()
        until = time.monotonic() + _CODE_SECONDS
        self._codes[code] = _Granted(user, asked.redirect_uri, asked.code_challenge, asked.nonce, until)
        join = "&" if urlsplit(asked.redirect_uri).query else "?"
        answer = urlencode({"code": code, "state": asked.state})
        return RedirectResponse(f"{asked.redirect_uri}{join}{answer}", 303)

    def _fault_of(self, asked: Asked) -> str:
        back = urlsplit(asked.redirect_uri)
        if f"{back.scheme}://{back.netloc}" not in self._origins or back.fragment:
            return "Địa chỉ quay lại (redirect_uri) không thuộc các trang của hệ thống trên máy này."
        if asked.client_id != CLIENT or asked.response_type != "code":
            return "Yêu cầu đăng nhập không đúng (client_id, response_type)."
        if asked.code_challenge_method != "S256" or not 43 <= len(asked.code_challenge) <= 128:
            return "Yêu cầu đăng nhập thiếu PKCE S256."
        return ""

    def _choice(self, asked: Asked) -> str:
        rows = []
        for user in self._users.values():
            link = escape(f"?{urlencode({**asked.model_dump(), 'login': user.username})}")
            rows.append(
                f'<li><a href="{link}">{escape(user.title)}</a> <small>{escape(user.name)}</small></li>'
            )
        return (
            '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Đăng nhập thử</title>'
            '<meta name="viewport" content="width=device-width">'
            '<link rel="stylesheet" href="/static/tokens.css">'
            '<link rel="icon" href="/static/icon.svg" type="image/svg+xml">'
            '<main class="alone">'
            "<h1>Đăng nhập thử</h1><p>Chỉ dùng trên máy này. Mọi người dưới đây đều là người mẫu. "
            f"Chọn vai của bạn:</p><ul>{''.join(rows)}</ul></main></html>"
        )

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        if form.get("grant_type") == "refresh_token":
            user = self._refresh.pop(form.get("refresh_token", ""), None)
            return self._answer(request, user, nonce="")
        granted = self._codes.pop(form.get("code", ""), None)
        is_good = (
            granted is not None
            and form.get("grant_type") == "authorization_code"
            and granted.until > time.monotonic()
            and form.get("redirect_uri") == granted.redirect_uri
            and secrets.compare_digest(_challenge(form.get("code_verifier", "")), granted.challenge)
        )
        if granted is None or not is_good:
            return self._answer(request, None, nonce="")
        return self._answer(request, granted.user, nonce=granted.nonce)

    def _answer(self, request: Request, user: DemoUser | None, *, nonce: str) -> Response:
        if user is None:
            return self._shared(request, {"error": "invalid_grant"}, 400)
        refresh = secrets.token_urlsafe(32)
        self._refresh[refresh] = user
        extra = {"nonce": nonce} if nonce else {}
        content = {
            "access_token": self.token_of(user),
            "id_token": self.token_of(user, aud=CLIENT, **extra),
            "refresh_token": refresh,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": "openid profile",
        }
        return self._shared(request, content)

    def token_of(self, user: DemoUser, **claims: Any) -> str:
        """Make the token of a demo user."""
        return self._minter.token(
            user.roles,
            user.areas,
            subject=user.username if user.person_id is None else user.person_id,
            name=user.name,
            person_id=user.person_id,
            **claims,
        )

    def _shared(self, request: Request, content: dict[str, Any], status: int = 200) -> Response:
        """Answer JSON that the pages of the services, on other ports, may read."""
        origin = request.headers.get("origin", "")
        headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Vary": "Origin"}
        if origin in self._origins:
            headers["Access-Control-Allow-Origin"] = origin
        return JSONResponse(content, status, headers)

    def _forget_old_codes(self) -> None:
        now = time.monotonic()
        for code in [code for code, granted in self._codes.items() if granted.until < now]:
            del self._codes[code]
        if len(self._codes) > _MOST_CODES:
            self._codes.clear()


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
