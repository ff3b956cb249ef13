"""Signing tokens with a key kept in a file. Not for production."""

import json
import os
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from common.http.auth import ROLES

ALGORITHM: Final = "ES256"
TOKEN_SECONDS: Final = 12 * 3600
AUDIENCE: Final = "la-chan"
DEFAULT_ISSUER: Final = "http://127.0.0.1:8100/oidc"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class NotForProduction(ValueError):
    """The local issuer was asked to serve something other than this machine."""


def load_key(file: Path) -> ECKey:
    """Read the signing key from *file*, or make one there that only its owner may read."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        key = ECKey.generate_key("P-256")
        content = {**key.as_dict(private=True), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as lines:
            json.dump(content, lines)
        try:
            os.link(draft, file)  # of two first starts only one makes the key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return ECKey.import_key(json.loads(file.read_text("utf-8")))


class Minter:
    """Makes tokens of the local issuer for any role and area."""

    def __init__(self, key: ECKey, *, issuer: str = DEFAULT_ISSUER, audience: str = AUDIENCE) -> None:
        if urlsplit(issuer).hostname not in _LOOPBACK:
            raise NotForProduction(f"the local issuer serves this machine only, not {issuer}")
        self.issuer = issuer.rstrip("/")
        self.audience = audience
        self._key = key

    @classmethod
    def from_file(cls, file: Path, *, issuer: str = DEFAULT_ISSUER, audience: str = AUDIENCE) -> "Minter":
        """Use the key in *file*; it is made if it is not there."""
        return cls(load_key(file), issuer=issuer, audience=audience)

    def jwks(self) -> dict[str, Any]:
        """Return the public keys as the services fetch them."""
        return {"keys": [self._key.as_dict(private=False)]}

    def token(
        self,
        roles: Iterable[str],
        areas: Iterable[str] = (),
        *,
        subject: str = "",
        name: str = "",
        person_id: str | None = None,
        seconds: int = TOKEN_SECONDS,
        **claims: Any,
    ) -> str:
        """Make an access token; ValueError for an unknown role or a citizen without person_id."""
        wanted, codes = list(roles), list(areas)
        _check(wanted, person_id)
        now = int(time.time())
        content = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": subject or person_id or "-".join([*wanted, *codes]),
            "name": name,
            "roles": wanted,
            "areas": codes,
            "iat": now,
            "nbf": now,
            "exp": now + seconds,
            "jti": str(uuid.uuid4()),
            **({"person_id": person_id} if person_id else {}),
            **claims,
        }
        return self.sign(content)

    def sign(self, claims: dict[str, Any]) -> str:
        """Sign any *claims*: id tokens, and the broken tokens that tests need."""
        header = {"alg": ALGORITHM, "kid": str(self._key.kid), "typ": "JWT"}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


def _check(roles: list[str], person_id: str | None) -> None:
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}; there are {', '.join(ROLES)}")
    if "citizen" in roles and not person_id:
        raise ValueError("a citizen's token needs a person_id")
