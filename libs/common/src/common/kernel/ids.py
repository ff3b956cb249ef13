"""Identifiers: opaque strings with a type, and ids derived from what caused them."""

import hashlib
import uuid
from typing import Final, NewType

PersonId = NewType("PersonId", str)
"""Keyed pseudonym of a person, the same in every service (see `common.mongo.pseudonyms`)."""
PermitId = NewType("PermitId", str)
AlertId = NewType("AlertId", str)
ReportId = NewType("ReportId", str)
ScanId = NewType("ScanId", str)
EventId = NewType("EventId", str)

_LA_CHAN: Final = uuid.UUID("6f1c8f5e-3f0a-5c55-9d0c-1d2f0b6a7e11").bytes


def derived_id(*parts: str) -> str:
    """
    Name-based UUID of *parts*: the same parts always give the same id.

    A retry therefore writes the same row, and a consumer drops the second copy. It is the text of
    `uuid.uuid5`, written without the object in between: every command needs several.
    """
    named = hashlib.sha1(_LA_CHAN + "\x1f".join(parts).encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(named[16], 16) & 3]
    return f"{named[:8]}-{named[8:12]}-5{named[13:16]}-{variant}{named[17:20]}-{named[20:32]}"
