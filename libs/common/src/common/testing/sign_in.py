"""Settings and tokens for tests: no server, no environment, keys that are worth nothing."""

import base64
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

import httpx
from fastapi import FastAPI
from joserfc.jwk import ECKey

from common.http.auth import KeySource
from common.http.jwks import StaticJwks
from common.oidc_local.minting import DEFAULT_ISSUER, Minter
from common.settings import ServiceSettings

_KEY: Final = base64.b64encode(b"only for tests, 32 bytes long!!!").decode()
_MINTER: Final = Minter(ECKey.generate_key("P-256", {"kid": "tests"}))

Settings = TypeVar("Settings", bound=ServiceSettings)


def sample_settings(kind: type[Settings], **overrides: Any) -> Settings:
    """Make the settings of a service without an environment; *overrides* win."""
    values: dict[str, Any] = {
        "mongo_uri": "mongodb://127.0.0.1:1/?replicaSet=none",
        "kafka_bootstrap": "127.0.0.1:1",
        "oidc_issuer": DEFAULT_ISSUER,
        "person_key": _KEY,
        "vault_keys": f"t1:{_KEY}",
        **overrides,
    }
    return kind(**values)


def sample_jwks() -> KeySource:
    """Return the keys that believe the tokens of `bearer`."""
    return StaticJwks(_MINTER.jwks())


def token(role: str | Iterable[str], areas: Iterable[str] = ("19",), **claims: Any) -> str:
    """Make a token; a citizen is `person_id="p-test"` unless told otherwise."""
    roles = [role] if isinstance(role, str) else list(role)
    if "citizen" in roles:
        claims.setdefault("person_id", "p-test")
    return _MINTER.token(roles, areas, **claims)


def bearer(role: str | Iterable[str], areas: Iterable[str] = ("19",), **claims: Any) -> dict[str, str]:
    """Make the Authorization header of somebody with *role* in *areas*."""
    return {"Authorization": f"Bearer {token(role, areas, **claims)}"}


@asynccontextmanager
async def client_of(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Talk to *app* without a socket, between its start and its stop."""
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield client
