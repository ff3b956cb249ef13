"""
Web push: messages to a closed browser, encrypted for it alone (RFC 8291), from a known sender (RFC 8292).

What a push service sees is a length and an address. Written on `cryptography`, which we have anyway: the
usual library brings two HTTP clients of its own (docs/decisions/0027).
"""

import base64
import json
import os
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from common.keys import secret_key

RECORD_BYTES: Final = 4096
"""Size of the one record; push services take no more (RFC 8030 7.2)."""
LONGEST_PAYLOAD: Final = RECORD_BYTES - 86 - 17
TOKEN_SECONDS: Final = 12 * 3600
"""Life of a sender's token; RFC 8292 allows a day at most."""
_CURVE: Final = ec.SECP256R1()
_POINT_BYTES: Final = 65
_AUTH_BYTES: Final = 16
_LAST_RECORD: Final = b"\x02"
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class NotASubscription(ValueError):
    """The keys of a subscription are none."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser is reached, and the keys that it alone can use. All of it is personal."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)

    def keys(self) -> tuple[bytes, bytes]:
        """Return public point and secret as bytes; raises `NotASubscription`."""
        try:
            point, auth = unpadded(self.p256dh), unpadded(self.auth)
            ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
        except (ValueError, UnsupportedAlgorithm):
            raise NotASubscription("p256dh and auth must be keys of a subscription") from None
        if len(auth) != _AUTH_BYTES or len(point) != _POINT_BYTES:
            raise NotASubscription("p256dh and auth must be keys of a subscription")
        return point, auth


class Sender:
    """Who sends: a key pair whose public half browsers remember, and whom a push service may ask."""

    def __init__(self, key: str, contact: str) -> None:
        """Read the private key (base64, 32 bytes); raises ValueError if it is none."""
        number = int.from_bytes(secret_key(key, name="vapid_key"))
        if not 0 < number < _ORDER:
            raise ValueError("vapid_key is no key of the curve P-256: make another one")
        self._key = ec.derive_private_key(number, _CURVE)
        self._contact = contact

    @property
    def public_key(self) -> str:
        """What a browser needs to subscribe: the public point, base64url."""
        return padless(_point(self._key.public_key()))

    def authorization(self, endpoint: str, now: float) -> str:
        """Return the header that says who sends to *endpoint*, good for half a day from *now*."""
        place = urlsplit(endpoint)
        claims = {
            "aud": f"{place.scheme}://{place.netloc}",
            "exp": int(now) + TOKEN_SECONDS,
            "sub": self._contact,
        }
        signed = ".".join(
            padless(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims)
        )
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        token = f"{signed}.{padless(r.to_bytes(32) + s.to_bytes(32))}"
        return f"vapid t={token}, k={self.public_key}"


def encrypted(
    to: Subscription, payload: bytes, *, key: ec.EllipticCurvePrivateKey | None = None, salt: bytes = b""
) -> bytes:
    """
    Encrypt *payload* for one browser (content coding `aes128gcm`); a new key and salt each time.

    *key* and *salt* are for the test vector of RFC 8291 only. Raises `NotASubscription`, and ValueError for a
    payload that is too long.
    """
    if len(payload) > LONGEST_PAYLOAD:
        raise ValueError(f"a payload has at most {LONGEST_PAYLOAD} bytes")
    point, auth = to.keys()
    key, salt = key or ec.generate_private_key(_CURVE), salt or os.urandom(16)
    ours = _point(key.public_key())
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point))
    secret = _derived(auth, shared, b"WebPush: info\0" + point + ours, 32)
    content = _derived(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(salt, secret, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(content).encrypt(nonce, payload + _LAST_RECORD, None)
    return salt + RECORD_BYTES.to_bytes(4) + bytes([len(ours)]) + ours + sealed


def padless(data: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unpadded(text: str) -> bytes:
    """Read base64url with or without padding; raises ValueError."""
    bare = text.rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
