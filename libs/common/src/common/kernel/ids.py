"""Identifiers: opaque strings with a type, and ids derived from what caused them."""

import uuid
from typing import NewType

PersonId = NewType("PersonId", str)
"""Keyed pseudonym of a person, the same in every service (see `common.mongo.pseudonyms`)."""
PermitId = NewType("PermitId", str)
AlertId = NewType("AlertId", str)
ReportId = NewType("ReportId", str)
ScanId = NewType("ScanId", str)
EventId = NewType("EventId", str)

_LA_CHAN = uuid.UUID("6f1c8f5e-3f0a-5c55-9d0c-1d2f0b6a7e11")


def derived_id(*parts: str) -> str:
    """
    Name-based UUID of *parts*: the same parts always give the same id.

    A retry therefore writes the same row, and a consumer drops the second copy.
    """
    return str(uuid.uuid5(_LA_CHAN, "\x1f".join(parts)))
