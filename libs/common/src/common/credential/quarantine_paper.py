"""
The order of a quarantine and the certificate that it was completed (giấy cách ly), prefix `QP1:`.

The same signed document as a travel permit with another profile and keys of another issuer. Everybody can
read a QR code, so it names no disease, no contact and no test: only who, from when, until when, and where.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any, Final

from common.credential import document, shapes
from common.credential.keys import Signer
from common.credential.refusals import Reason, Unverifiable
from common.credential.trust_list import TrustList

PREFIX: Final = "QP1:"
_HOLDER, _NAME, _ID_TAIL, _BIRTH_YEAR, _KIND, _PLACE, _FIRST_DAY, _DAYS = range(1, 9)
_ALL: Final = frozenset(range(_HOLDER, _DAYS + 1))
_EPOCH: Final = date(2020, 1, 1)
_LATEST_DAY: Final = 40_000
_MOST_DAYS: Final = 366


class Kind(IntEnum):
    """Which paper it is."""

    ORDER = 1
    COMPLETION = 2


class Where(IntEnum):
    """At home or in a facility."""

    HOME = 1
    FACILITY = 2


@dataclass(frozen=True, slots=True)
class QuarantinePaper:
    """What a paper's QR code says. Instants are aware; days are Vietnamese, both of them included."""

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
    kind: Kind
    where: Where
    first_day: date
    last_day: date


def sign(paper: QuarantinePaper, signer: Signer) -> str:
    """Return *paper* as the text of its QR code; ValueError for content no verifier would accept."""
    body: dict[int, Any] = {
        _HOLDER: paper.holder,
        _NAME: paper.name,
        _ID_TAIL: paper.id_tail,
        _BIRTH_YEAR: paper.birth_year,
        _KIND: int(paper.kind),
        _PLACE: int(paper.where),
        _FIRST_DAY: (paper.first_day - _EPOCH).days,
        _DAYS: (paper.last_day - paper.first_day).days,
    }
    claims = document.Document(
        paper.issuer, paper.issued_at, paper.valid_from, paper.valid_until, paper.cti, body
    )
    _parsed(claims)
    return document.sign(PREFIX, claims, signer)


def verify(text: str, trusted: TrustList, now: datetime) -> QuarantinePaper:
    """Return the paper that *text* proves; `Unverifiable` otherwise. The caller judges its days."""
    claims, _key = document.verify(PREFIX, text, trusted, now)
    try:
        return _parsed(claims)
    except ValueError as error:
        raise Unverifiable(Reason.BAD_CLAIMS, str(error)) from error


def _parsed(claims: document.Document) -> QuarantinePaper:
    body = claims.body
    if body.keys() != _ALL:
        raise ValueError("not the body of a paper of quarantine")
    first_day = _EPOCH + timedelta(days=shapes.between(body[_FIRST_DAY], 0, _LATEST_DAY))
    return QuarantinePaper(
        issuer=claims.issuer,
        cti=claims.cti,
        issued_at=claims.issued_at,
        valid_from=claims.not_before,
        valid_until=claims.expires_at,
        holder=shapes.holder(body[_HOLDER]),
        name=shapes.name(body[_NAME]),
        id_tail=shapes.shaped(body[_ID_TAIL], shapes.ID_TAIL),
        birth_year=shapes.between(body[_BIRTH_YEAR], shapes.OLDEST_BIRTH_YEAR, shapes.LATEST_BIRTH_YEAR),
        kind=Kind(shapes.between(body[_KIND], Kind.ORDER, Kind.COMPLETION)),
        where=Where(shapes.between(body[_PLACE], Where.HOME, Where.FACILITY)),
        first_day=first_day,
        last_day=first_day + timedelta(days=shapes.between(body[_DAYS], 0, _MOST_DAYS)),
    )
