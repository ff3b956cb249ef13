"""
The travel permit (giấy đi đường) as a signed document, prefix `TP1:`.

Everybody can read a QR code, so it carries no full identity number, no reason for the journey and
nothing about health; the holder hash is keyed, so that twelve digits cannot be tried out.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from common.credential import document, shapes
from common.credential.keys import Signer, VerificationKey
from common.credential.refusals import Reason, Unverifiable
from common.credential.trust_list import TrustList

PREFIX: Final = "TP1:"
_HOLDER, _NAME, _ID_TAIL, _BIRTH_YEAR, _CATEGORY, _AREAS, _WINDOWS, _PLATE = range(1, 9)
_REQUIRED: Final = frozenset(range(_HOLDER, _AREAS + 1))
_ALL: Final = _REQUIRED | {_WINDOWS, _PLATE}
_PLATE_SHAPE: Final = re.compile(r"[0-9A-ZĐ]{4,12}")
_DAY_MINUTES: Final = 24 * 60
_EVERY_DAY: Final = 0b1111111
MOST_AREAS: Final = 40
MOST_WINDOWS: Final = 4
# Codes of the three levels share one number line, so that a list of them is small sorted steps.
_DISTRICTS_FROM: Final = 100_000
_PROVINCES_FROM: Final = 200_000
_CODE_WIDTHS: Final = ((_PROVINCES_FROM, 2), (_DISTRICTS_FROM, 3), (0, 5))


@dataclass(frozen=True, slots=True)
class SignedWindow:
    """Hours of travel on some weekdays; a window whose end is before its start runs over midnight."""

    weekdays: int
    """Bit 0 is Monday; the day on which the window starts."""
    from_minute: int
    to_minute: int
    """Minutes of the Vietnamese day, the end excluded; 1440 is midnight."""


@dataclass(frozen=True, slots=True)
class TravelPermit:
    """What a permit's QR code says. Instants are aware; empty *windows* mean any hour."""

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
    category: int
    areas: tuple[str, ...]
    """Codes of provinces, districts and communes where the holder may be."""
    windows: tuple[SignedWindow, ...] = ()
    plate: str = ""


def sign(permit: TravelPermit, signer: Signer) -> str:
    """Return *permit* as the text of its QR code; ValueError for content no verifier would accept."""
    body: dict[int, Any] = {
        _HOLDER: permit.holder,
        _NAME: permit.name,
        _ID_TAIL: permit.id_tail,
        _BIRTH_YEAR: permit.birth_year,
        _CATEGORY: permit.category,
        _AREAS: area_steps(permit.areas),
    }
    if permit.windows:
        body[_WINDOWS] = [[w.weekdays, w.from_minute, w.to_minute] for w in permit.windows]
    if permit.plate:
        body[_PLATE] = permit.plate
    claims = document.Document(
        permit.issuer, permit.issued_at, permit.valid_from, permit.valid_until, permit.cti, body
    )
    _parsed(claims)
    return document.sign(PREFIX, claims, signer)


def verify(text: str, trusted: TrustList, now: datetime) -> TravelPermit:
    """Return the permit that *text* proves; `Unverifiable` otherwise. Its dates are the caller's to judge."""
    claims, key = document.verify(PREFIX, text, trusted, now)
    try:
        permit = _parsed(claims)
    except ValueError as error:
        raise Unverifiable(Reason.BAD_CLAIMS, str(error)) from error
    _check_scope(permit, key)
    return permit


def _check_scope(permit: TravelPermit, key: VerificationKey) -> None:
    is_category_outside = bool(key.categories) and permit.category not in key.categories
    is_area_outside = bool(key.areas) and not set(permit.areas) <= set(key.areas)
    if is_category_outside or is_area_outside:
        raise Unverifiable(Reason.KEY_NOT_ALLOWED)


def _parsed(claims: document.Document) -> TravelPermit:
    body = claims.body
    if not _REQUIRED <= body.keys() <= _ALL:
        raise ValueError("not the body of a travel permit")
    return TravelPermit(
        issuer=claims.issuer,
        cti=claims.cti,
        issued_at=claims.issued_at,
        valid_from=claims.not_before,
        valid_until=claims.expires_at,
        holder=shapes.holder(body[_HOLDER]),
        name=shapes.name(body[_NAME]),
        id_tail=shapes.shaped(body[_ID_TAIL], shapes.ID_TAIL),
        birth_year=shapes.between(body[_BIRTH_YEAR], shapes.OLDEST_BIRTH_YEAR, shapes.LATEST_BIRTH_YEAR),
        category=shapes.between(body[_CATEGORY], 1, 999),
        areas=areas_of(body[_AREAS]),
        windows=windows_of(body[_WINDOWS]) if _WINDOWS in body else (),
        plate=shapes.shaped(body[_PLATE], _PLATE_SHAPE) if _PLATE in body else "",
    )


def windows_of(value: Any) -> tuple[SignedWindow, ...]:
    """Return the hours in a claim; ValueError."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_WINDOWS:
        raise ValueError("windows that are no short list")
    return tuple(_window(window) for window in value)


def _window(value: Any) -> SignedWindow:
    if not isinstance(value, list) or len(value) != 3:  # weekdays, start, end
        raise ValueError("a window that is not three numbers")
    days = shapes.between(value[0], 1, _EVERY_DAY)
    start, end = shapes.between(value[1], 0, _DAY_MINUTES - 1), shapes.between(value[2], 0, _DAY_MINUTES)
    if start == end:
        raise ValueError("an empty window")
    return SignedWindow(days, start, end)


def area_steps(areas: tuple[str, ...]) -> list[int]:
    """Return area codes as the small sorted steps of a claim."""
    offsets = {2: _PROVINCES_FROM, 3: _DISTRICTS_FROM, 5: 0}
    numbers = sorted({offsets[len(code)] + int(code) for code in areas})
    return [number - before for before, number in zip([0, *numbers], numbers, strict=False)]


def areas_of(value: Any) -> tuple[str, ...]:
    """Return the area codes in a claim; ValueError."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_AREAS:
        raise ValueError("areas that are no short list")
    number, codes = 0, []
    for step in value:
        number += shapes.between(step, 1, _PROVINCES_FROM + 99)
        codes.append(_code(number))
    return tuple(codes)


def _code(number: int) -> str:
    offset, width = next((offset, width) for offset, width in _CODE_WIDTHS if number > offset)
    code = str(number - offset).zfill(width)
    if len(code) > width:
        raise ValueError("an area code beyond its level")
    return code
