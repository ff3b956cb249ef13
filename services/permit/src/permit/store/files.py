"""A person's file as BSON values, with the fields it is found by."""

from typing import Any, Final

from pydantic import TypeAdapter

from permit.domain.listed import listed
from permit.domain.model import Holder
from permit.domain.retention import over_since
from permit.store.standings import listed_to_document
from permit.store.waiting import waiting

HOLDER: Final = TypeAdapter(Holder)
FORM: Final = 3
"""
How files are kept: since 2 with sealed plates, and with new terms among what stands on the lists; since 3
with when all in them was over.
"""


def holder_to_document(holder: Holder) -> dict[str, Any]:
    """Return the file as BSON values, with the fields it is found by."""
    document: dict[str, Any] = HOLDER.dump_python(holder, mode="json", exclude_defaults=True)
    return {**document, "find": _find(holder)} if holder.permits else document


def holder_from_document(document: dict[str, Any]) -> Holder:
    """Return the file that was kept; what it is found by is derived, not read."""
    return HOLDER.validate_python({name: value for name, value in document.items() if name != "find"})


def _find(holder: Holder) -> dict[str, Any]:
    permits = holder.permits
    barred = [listed_to_document(row) for row in listed(holder)]
    over_at = over_since(holder)
    return {
        **({"barred": barred} if barred else {}),
        **({"over_at": over_at} if over_at else {}),
        "form": FORM,
        "permits": [permit.permit_id for permit in permits],
        "codes": sorted({code for permit in permits for code in permit.area.codes()}),
        "statuses": sorted({holder.status_of(permit) for permit in permits}),
        "applicants": sorted({permit.applied_by for permit in permits}),
        "applied_at": max(permit.applied_at for permit in permits),
        **{name: value for name, value in waiting(holder).items() if value},
    }
