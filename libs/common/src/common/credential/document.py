"""
A signed document as text: prefix, base45, COSE_Sign1, CBOR Web Token.

The checks run from cheap to dear, and nothing of the content is parsed before the signature is
right. What a document means, and whether it counts at this hour and place, is for its reader.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from common.credential import base45, cose, strict_cbor
from common.credential.keys import Signer, VerificationKey
from common.credential.refusals import Reason, Unverifiable
from common.credential.trust_list import TrustList, instant

LONGEST_TEXT: Final = 1_200
"""Letters; a version 40 code could hold 3 391 at level M, ours hold about 310."""
CLOCK_SKEW: Final = timedelta(minutes=5)
"""How far a verifier's clock may be behind the issuer's (the Swiss verifiers settled on 5 min)."""
CTI_BYTES: Final = 10
_ISSUER, _EXPIRES, _NOT_BEFORE, _ISSUED_AT, _CTI = 1, 4, 5, 6, 7
_BODY: Final = -65537
"""First private-use claim key of RFC 8392."""
_CLAIMS: Final = frozenset((_ISSUER, _EXPIRES, _NOT_BEFORE, _ISSUED_AT, _CTI, _BODY))
_LONGEST_ISSUER: Final = 40


@dataclass(frozen=True, slots=True)
class Document:
    """Claims that every kind of document has, and the *body* of its kind. Instants are aware."""

    issuer: str
    issued_at: datetime
    not_before: datetime
    expires_at: datetime
    cti: bytes
    """Ten random bytes: the number by which the document is looked up and revoked."""
    body: dict[int, Any]


def sign(prefix: str, document: Document, signer: Signer) -> str:
    """Return *document* as the text of a QR code."""
    claims = {
        _ISSUER: document.issuer,
        _EXPIRES: int(document.expires_at.timestamp()),
        _NOT_BEFORE: int(document.not_before.timestamp()),
        _ISSUED_AT: int(document.issued_at.timestamp()),
        _CTI: document.cti,
        _BODY: document.body,
    }
    return prefix + base45.encode(cose.sign(strict_cbor.dumps(claims), signer))


def verify(prefix: str, text: str, trusted: TrustList, now: datetime) -> tuple[Document, VerificationKey]:
    """
    Return what a trusted key really signed, and the key.

    `Unverifiable` says the first check that failed. The document may still be expired or not yet
    valid at *now*: its content may be shown then, and the caller must judge its dates.
    """
    if len(text) > LONGEST_TEXT:
        raise Unverifiable(Reason.TOO_LONG)
    if not text.startswith(prefix):
        raise Unverifiable(Reason.FOREIGN)
    message = base45.decode(text[len(prefix) :])
    payload, key = cose.verify(message, lambda kid: trusted.key_at(kid, now))
    try:
        document = _parsed(strict_cbor.loads(payload))
    except (ValueError, Unverifiable) as error:
        raise Unverifiable(Reason.BAD_CLAIMS, str(error)) from error
    _check_times(document, key, now)
    return document, key


def _parsed(claims: Any) -> Document:
    if not isinstance(claims, dict) or claims.keys() != _CLAIMS:
        raise ValueError("not the claims of a document")
    issuer, cti, body = claims[_ISSUER], claims[_CTI], claims[_BODY]
    if not isinstance(issuer, str) or not 0 < len(issuer) <= _LONGEST_ISSUER:
        raise ValueError("an issuer that is no name")
    if not isinstance(cti, bytes) or len(cti) != CTI_BYTES:
        raise ValueError("a number that is not ten bytes")
    if not isinstance(body, dict):
        raise ValueError("a body that is no map")
    return Document(
        issuer=issuer,
        issued_at=instant(claims[_ISSUED_AT]),
        not_before=instant(claims[_NOT_BEFORE]),
        expires_at=instant(claims[_EXPIRES]),
        cti=cti,
        body=body,
    )


def _check_times(document: Document, key: VerificationKey, now: datetime) -> None:
    if document.not_before >= document.expires_at:
        raise Unverifiable(Reason.BAD_CLAIMS, "ends before it starts")
    if document.issued_at > now + CLOCK_SKEW:
        raise Unverifiable(Reason.ISSUED_IN_FUTURE)
    if not key.not_before <= document.issued_at <= key.not_after or document.expires_at > key.accept_until:
        raise Unverifiable(Reason.OUTSIDE_KEY_PERIOD)
