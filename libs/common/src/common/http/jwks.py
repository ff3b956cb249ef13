"""The issuer's signing keys: fetched once, fetched again when a new key id shows up, kept when it is away."""

import asyncio
import time
from typing import Any, Final

import httpx
from joserfc.jwk import ECKey, RSAKey, import_key

Jwk = ECKey | RSAKey
FRESH_SECONDS: Final = 600
ASK_AGAIN_SECONDS: Final = 10
_MOST_KEYS: Final = 32


class NoSuchKey(LookupError):
    """The issuer does not sign with this key."""


def read_keys(document: dict[str, Any]) -> dict[str, Jwk]:
    """Read the signature keys of a JWK set by key id; unknown kinds are left out."""
    keys: dict[str, Jwk] = {}
    for entry in list(document.get("keys", []))[:_MOST_KEYS]:
        if entry.get("use", "sig") != "sig" or entry.get("kty") not in ("EC", "RSA"):
            continue
        key = import_key({name: value for name, value in entry.items() if name != "d"}, entry["kty"])
        if isinstance(key, ECKey | RSAKey):
            keys[str(entry.get("kid") or key.thumbprint())] = key
    return keys


class StaticJwks:
    """Keys that are known beforehand: tests, and the issuer itself."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._keys = read_keys(document)

    async def key(self, key_id: str | None) -> Jwk:
        """Return the key, or the only one if the token names none."""
        return _pick(self._keys, key_id)


class RemoteJwks:
    """Keys of a running issuer; asks at most every ten seconds, whatever tokens arrive."""

    def __init__(self, issuer: str, *, jwks_uri: str = "", client: httpx.AsyncClient | None = None) -> None:
        self._issuer = issuer
        self._jwks_uri = jwks_uri
        self._client = client or httpx.AsyncClient(timeout=5.0, follow_redirects=False)
        self._keys: dict[str, Jwk] = {}
        self._asked_at = float("-inf")
        self._lock = asyncio.Lock()

    async def key(self, key_id: str | None) -> Jwk:
        """Return the key *key_id*, asking the issuer if it is new or the copy is old."""
        age = time.monotonic() - self._asked_at
        unknown = not self._keys or (key_id is not None and key_id not in self._keys)
        # While the first answer is on its way, the others wait for it instead of being turned away.
        may_ask = age > ASK_AGAIN_SECONDS or self._lock.locked()
        if age > FRESH_SECONDS or (unknown and may_ask):
            await self.refresh()
        return _pick(self._keys, key_id)

    async def refresh(self) -> None:
        """Ask the issuer now. OSError if it does not answer and no older keys are known."""
        async with self._lock:
            if time.monotonic() - self._asked_at < 1.0:
                return
            self._asked_at = time.monotonic()
            try:
                self._keys = read_keys(await self._fetch())
            except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
                if not self._keys:
                    self._asked_at = float("-inf")
                    raise OSError(f"the issuer does not give its keys: {type(error).__name__}") from error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _fetch(self) -> dict[str, Any]:
        if not self._jwks_uri:
            found = await self._get(f"{self._issuer}/.well-known/openid-configuration")
            if found["issuer"] != self._issuer:
                raise ValueError("discovery names another issuer")
            self._jwks_uri = str(found["jwks_uri"])
        return await self._get(self._jwks_uri)

    async def _get(self, uri: str) -> dict[str, Any]:
        response = await self._client.get(uri)
        response.raise_for_status()
        document: dict[str, Any] = response.json()
        return document


def _pick(keys: dict[str, Jwk], key_id: str | None) -> Jwk:
    if key_id is None and len(keys) == 1:
        return next(iter(keys.values()))
    if key_id is None or key_id not in keys:
        raise NoSuchKey(key_id or "no key id")
    return keys[key_id]
