"""
What became of a document's terms after its code was made: a row of the lists carries what is true now.

A code on paper keeps its old hours. Whoever reads it takes its new end, hours or places from here instead,
so that an old code and a new one of the same permit are judged alike. What is not named is as in the code.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from common.credential import strict_cbor
from common.credential.refusals import Unverifiable
from common.credential.travel_permit import (
    SignedWindow,
    TravelPermit,
    area_steps,
    areas_of,
    windows_of,
)
from common.credential.trust_list import instant

_UNTIL, _WINDOWS, _AREAS = 1, 2, 3
_KNOWN: Final = frozenset((_UNTIL, _WINDOWS, _AREAS))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The terms that changed; None is "as in the code". At least one is named."""

    valid_until: datetime | None = None
    windows: tuple[SignedWindow, ...] | None = None
    areas: tuple[str, ...] | None = None

    def packed(self) -> bytes:
        """Return the one spelling of these terms: permits that share them share the bytes."""
        claims: dict[int, Any] = {}
        if self.valid_until is not None:
            claims[_UNTIL] = int(self.valid_until.timestamp())
        if self.windows is not None:
            claims[_WINDOWS] = [[w.weekdays, w.from_minute, w.to_minute] for w in self.windows]
        if self.areas is not None:
            claims[_AREAS] = area_steps(self.areas)
        return strict_cbor.dumps(claims)

    def applied(self, permit: TravelPermit) -> TravelPermit:
        """Return what a code says, with the terms that are true now."""
        return replace(
            permit,
            valid_until=self.valid_until or permit.valid_until,
            windows=permit.windows if self.windows is None else self.windows,
            areas=permit.areas if self.areas is None else self.areas,
        )


@lru_cache(maxsize=4_096)
def narrowing_of(packed: bytes) -> Narrowing:
    """Return the terms in *packed*; ValueError if it says nothing or anything else."""
    try:
        claims = strict_cbor.loads(packed)
    except Unverifiable as error:
        raise ValueError("terms in another spelling") from error
    if not isinstance(claims, dict) or not claims or not claims.keys() <= _KNOWN:
        raise ValueError("not changed terms")
    return Narrowing(
        valid_until=instant(claims[_UNTIL]) if _UNTIL in claims else None,
        windows=windows_of(claims[_WINDOWS]) if _WINDOWS in claims else None,
        areas=areas_of(claims[_AREAS]) if _AREAS in claims else None,
    )
