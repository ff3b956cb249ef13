"""
COSE_Sign1 (RFC 9052) with exactly one shape.

Tag 18; a protected header of algorithm and key id and nothing else; an empty unprotected header; a
payload; a raw signature. Anything else is damaged, however a lenient parser would read it.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from common.credential import strict_cbor
from common.credential.keys import KID_BYTES, Signer, VerificationKey
from common.credential.refusals import Reason, Unverifiable

_TAG_18: Final = 0xD2
_ALGORITHM: Final = 1
_KEY_ID: Final = 4
_PARTS: Final = 4
_CONTEXT: Final = b"\x84\x6aSignature1"
_NOTHING: Final = b"\x40"
_IN_ONE_BYTE: Final = 24

KeyOf = Callable[[bytes], VerificationKey]
"""Finds the trusted key of a key id, or raises `Unverifiable`."""


def sign(payload: bytes, signer: Signer) -> bytes:
    """Return *payload* as a signed message."""
    protected = strict_cbor.dumps({_ALGORITHM: int(signer.algorithm), _KEY_ID: signer.kid})
    signature = signer.sign(_to_be_signed(protected, payload))
    return bytes([_TAG_18]) + strict_cbor.dumps([protected, {}, payload, signature])


def verify(
    message: bytes, key_of: KeyOf, limits: strict_cbor.Limits = strict_cbor.DOCUMENT
) -> tuple[bytes, VerificationKey]:
    """Return the payload and the key that signed it; `Unverifiable` otherwise. The payload is not parsed."""
    if not message or message[0] != _TAG_18:
        raise Unverifiable(Reason.DAMAGED, "not COSE_Sign1")
    protected, payload, signature = _parts(strict_cbor.loads(message[1:], limits))
    algorithm, kid = _header(protected)
    key = key_of(kid)
    if algorithm != key.algorithm:
        raise Unverifiable(Reason.WRONG_ALGORITHM)
    if not key.verifies(signature, _to_be_signed(protected, payload)):
        raise Unverifiable(Reason.BAD_SIGNATURE)
    return payload, key


def _parts(frame: Any) -> tuple[bytes, bytes, bytes]:
    if not isinstance(frame, list) or len(frame) != _PARTS:
        raise Unverifiable(Reason.DAMAGED, "not the four parts of COSE_Sign1")
    protected, unprotected, payload, signature = frame
    are_bytes = isinstance(protected, bytes) and isinstance(payload, bytes) and isinstance(signature, bytes)
    if not are_bytes or not isinstance(unprotected, dict) or unprotected:
        raise Unverifiable(Reason.DAMAGED, "a part of the wrong type")
    return protected, payload, signature


@lru_cache(maxsize=256)
def _header(protected: bytes) -> tuple[int, bytes]:
    """Return algorithm and key id; all documents of one key share these bytes, so they are remembered."""
    header = strict_cbor.loads(protected)
    if not isinstance(header, dict) or header.keys() != {_ALGORITHM, _KEY_ID}:
        raise Unverifiable(Reason.DAMAGED, "a header that is not algorithm and key id")
    algorithm, kid = header[_ALGORITHM], header[_KEY_ID]
    if not isinstance(algorithm, int) or not isinstance(kid, bytes) or len(kid) != KID_BYTES:
        raise Unverifiable(Reason.DAMAGED, "a header of the wrong type")
    return algorithm, kid


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """Return the Sig_structure: ["Signature1", protected, no external data, payload]."""
    return b"".join((_CONTEXT, _length(protected), protected, _NOTHING, _length(payload), payload))


def _length(data: bytes) -> bytes:
    """Return the head of a byte string, in as few bytes as it needs."""
    size = len(data)
    if size < _IN_ONE_BYTE:
        return bytes((0x40 | size,))
    return bytes((0x58, size)) if size < 1 << 8 else b"\x59" + size.to_bytes(2, "big")
