"""A browser as web push sees it: the receiving side of RFC 8291."""

import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from common.webpush import Subscription, padless

_CURVE = ec.SECP256R1()


class Browser:
    """One subscription at *endpoint*."""

    def __init__(self, endpoint: str) -> None:
        self._key = ec.generate_private_key(_CURVE)
        self._auth = os.urandom(16)
        self._point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.subscription = Subscription(endpoint, padless(self._point), padless(self._auth))

    def opened(self, body: bytes) -> bytes:
        """Return what a message says; raises when it was not meant for this browser."""
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        point = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sender)
        shared = self._key.exchange(ec.ECDH(), point)
        secret = _derived(self._auth, shared, b"WebPush: info\0" + self._point + sender, 32)
        content = _derived(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derived(salt, secret, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(content).decrypt(nonce, sealed, None)
        if not plain.rstrip(b"\0").endswith(b"\x02"):
            raise ValueError("the record is not the last one")
        return plain.rstrip(b"\0")[:-1]


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
