"""
Keys that sign documents and keys that verify them.

A verifier takes the algorithm from the key it trusts, never from the document. A signer is a port:
a private key in memory here, a hardware module or a cloud KMS in production.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final, Protocol, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

KID_BYTES: Final = 8
_HALF: Final = 32
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Order of the P-256 group (FIPS 186-5)."""
_ECDSA: Final = ec.ECDSA(SHA256())
_DETERMINISTIC: Final = ec.ECDSA(SHA256(), deterministic_signing=True)


class Algorithm(IntEnum):
    """COSE algorithm numbers that verifiers of ours know."""

    ES256 = -7


class KeyStatus(StrEnum):
    """Whether documents of a key are believed."""

    ACTIVE = "active"
    RETIRED = "retired"
    """Signs no more; what it signed counts until *accept_until*."""
    REVOKED = "revoked"
    """Stolen or broken: nothing it signed counts, whatever the date."""


class Signer(Protocol):
    """Whoever can sign with one key. Its private part never needs to leave where it lives."""

    @property
    def kid(self) -> bytes:
        """First eight bytes of the SHA-256 of the public key."""

    @property
    def algorithm(self) -> Algorithm:
        """How it signs."""

    def sign(self, data: bytes) -> bytes:
        """Return the raw signature of *data*: r and s, 32 bytes each."""


def kid_of(spki: bytes) -> bytes:
    """Key id of a public key (SubjectPublicKeyInfo, DER)."""
    return hashlib.sha256(spki).digest()[:KID_BYTES]


def public_key(spki: bytes) -> ec.EllipticCurvePublicKey:
    """Load a P-256 public key; ValueError if it is anything else."""
    key = serialization.load_der_public_key(spki)
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("a verification key must be P-256")
    return key


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """
    One entry of a trust list.

    Documents may be issued from *not_before* to *not_after* and are accepted until *accept_until*
    (aware instants). Empty *categories* or *areas* mean no restriction.
    """

    spki: bytes
    not_before: datetime
    not_after: datetime
    accept_until: datetime
    status: KeyStatus = KeyStatus.ACTIVE
    algorithm: Algorithm = Algorithm.ES256
    categories: tuple[int, ...] = ()
    areas: tuple[str, ...] = ()
    kid: bytes = field(init=False)
    _public: ec.EllipticCurvePublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kid", kid_of(self.spki))
        object.__setattr__(self, "_public", public_key(self.spki))

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Tell whether *signature* (raw r and s, each within the group) is this key's of *data*."""
        if len(signature) != 2 * _HALF:
            return False
        r, s = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
        if not (0 < r < _ORDER and 0 < s < _ORDER):
            return False
        try:
            self._public.verify(encode_dss_signature(r, s), data, _ECDSA)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Stands where a signer will stand, to see how long a document becomes. Nobody believes what it gives."""

    kid: bytes
    algorithm: Algorithm = Algorithm.ES256

    def sign(self, data: bytes) -> bytes:  # noqa: ARG002
        """Return a signature of the right length: r and s are zero, which every verifier refuses."""
        return bytes(2 * _HALF)


class LocalSigner:
    """Signs with a private key held in memory. Deterministic (RFC 6979): no bad randomness can leak it."""

    algorithm: Final = Algorithm.ES256

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        if not isinstance(private.curve, ec.SECP256R1):
            raise ValueError("a signing key must be P-256")
        self._private = private
        self.spki = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.kid = kid_of(self.spki)

    @classmethod
    def generate(cls) -> "LocalSigner":
        """Make a new key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def load(cls, pkcs8: bytes) -> "LocalSigner":
        """Load what `private_bytes` returned."""
        private = serialization.load_der_private_key(pkcs8, password=None)
        return cls(cast(ec.EllipticCurvePrivateKey, private))

    def private_bytes(self) -> bytes:
        """Return the private key (PKCS #8, DER), to be sealed before it is stored."""
        return self._private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def sign(self, data: bytes) -> bytes:
        """Return r and s of *data*, 32 bytes each."""
        r, s = decode_dss_signature(self._private.sign(data, _DETERMINISTIC))
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
