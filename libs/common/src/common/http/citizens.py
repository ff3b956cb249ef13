"""
Tokens for enrolled phones: short, about one citizen, signed by the service that enrols (quarantine).

Every service believes them (`Verifier.believe_citizens_of`), but only as citizens. See docs/decisions/0021.
"""

import time
import uuid
from collections.abc import Callable
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from common.http.auth import KeySource, Verifier
from common.http.jwks import RemoteJwks
from common.kernel.areas import PHONE
from common.settings import ServiceSettings

ALGORITHM: Final = "ES256"
TOKEN_SECONDS: Final = 600
"""How long a phone that was revoked may still be believed."""
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Order of P-256 (SEC 2): private keys are the numbers below it."""


class CitizenIssuer:
    """Makes the tokens of enrolled phones; one key, the same in all processes of the service."""

    def __init__(
        self, seed: bytes, *, issuer: str, audience: str, now: Callable[[], float] = time.time
    ) -> None:
        private = ec.derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, ec.SECP256R1())
        text = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.issuer = issuer
        self._audience = audience
        self._now = now
        self._key = ECKey.import_key(text)
        self._key_id = self._key.thumbprint()

    def jwks(self) -> dict[str, Any]:
        """Return the public key as services fetch it."""
        return {"keys": [{**self._key.as_dict(private=False), "kid": self._key_id, "use": "sig"}]}

    def token(self, device_id: str, person_id: str) -> str:
        """Return a token with which the phone *device_id* acts for *person_id* for ten minutes."""
        now = int(self._now())
        claims = {
            "iss": self.issuer,
            "aud": self._audience,
            "sub": f"{PHONE}{device_id}",
            "person_id": person_id,
            "roles": ["citizen"],
            "areas": [],
            "iat": now,
            "nbf": now,
            "exp": now + TOKEN_SECONDS,
            "jti": str(uuid.uuid4()),
        }
        header = {"alg": ALGORITHM, "kid": self._key_id, "typ": "JWT"}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


def verifier_of(settings: ServiceSettings, keys: KeySource) -> Verifier:
    """
    Make the verifier of a service: the issuer's tokens, and those of enrolled phones where there are any.

    Tokens live in real time, whatever the clock of a demonstration or a test shows.
    """
    verifier = Verifier(settings.oidc_issuer, settings.oidc_audience, keys)
    if settings.citizen_origin:
        uri = settings.citizen_jwks_uri or f"{settings.citizen_origin}/v1/device-keys"
        verifier.believe_citizens_of(
            settings.citizen_origin, RemoteJwks(settings.citizen_origin, jwks_uri=uri)
        )
    return verifier
