"""
The certificate of somebody whose care at home has ended (giấy hoàn thành theo dõi y tế), prefix `RC1:`.

The same signed document as a travel permit with another profile and keys of another issuer. Everybody can
read a QR code, so it names no disease and no test: only who, since when, and until when it counts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from common.credential import document, shapes
from common.credential.keys import Signer
from common.credential.refusals import Reason, Unverifiable
from common.credential.trust_list import TrustList

PREFIX: Final = "RC1:"
_HOLDER, _NAME, _ID_TAIL, _BIRTH_YEAR = range(1, 5)
_ALL: Final = frozenset(range(_HOLDER, _BIRTH_YEAR + 1))


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate's QR code says. Instants are aware."""

    issuer: str
    cti: bytes
    issued_at: datetime
    valid_from: datetime
    valid_until: datetime
    holder: bytes
    """Eight bytes of a keyed hash of the person."""
    name: str
    id_tail: str
    """Last four characters of the identity paper; empty for somebody without papers."""
    birth_year: int


def sign(certificate: Certificate, signer: Signer) -> str:
    """Return *certificate* as the text of its QR code; ValueError for content no verifier would accept."""
    body: dict[int, Any] = {
        _HOLDER: certificate.holder,
        _NAME: certificate.name,
        _ID_TAIL: certificate.id_tail,
        _BIRTH_YEAR: certificate.birth_year,
    }
    claims = document.Document(
        certificate.issuer,
        certificate.issued_at,
        certificate.valid_from,
        certificate.valid_until,
        certificate.cti,
        body,
    )
    _parsed(claims)
    return document.sign(PREFIX, claims, signer)


def verify(text: str, trusted: TrustList, now: datetime) -> Certificate:
    """Return the certificate that *text* proves; `Unverifiable` otherwise. The caller judges its dates."""
    claims, _key = document.verify(PREFIX, text, trusted, now)
    try:
        return _parsed(claims)
    except ValueError as error:
        raise Unverifiable(Reason.BAD_CLAIMS, str(error)) from error


def _parsed(claims: document.Document) -> Certificate:
    body = claims.body
    if body.keys() != _ALL:
        raise ValueError("not the body of a certificate")
    return Certificate(
        issuer=claims.issuer,
        cti=claims.cti,
        issued_at=claims.issued_at,
        valid_from=claims.not_before,
        valid_until=claims.expires_at,
        holder=shapes.holder(body[_HOLDER]),
        name=shapes.name(body[_NAME]),
        id_tail=shapes.shaped(body[_ID_TAIL], shapes.ID_TAIL),
        birth_year=shapes.between(body[_BIRTH_YEAR], shapes.OLDEST_BIRTH_YEAR, shapes.LATEST_BIRTH_YEAR),
    )
