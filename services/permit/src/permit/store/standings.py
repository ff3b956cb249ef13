"""How a file says which of its permits stand on the lists for scanners."""

from typing import Any, Final

from pydantic import TypeAdapter

from permit.domain.listed import Listed, NewTerms, Standing

_TERMS: Final = TypeAdapter(NewTerms)


def listed_to_document(row: Listed) -> dict[str, Any]:
    """Return one listed permit as it is kept under `state.find.barred`."""
    kept: dict[str, Any] = {"p": row.permit_id, "u": row.valid_until, "s": str(row.standing)}
    return {**kept, "t": _TERMS.dump_python(row.terms, mode="json", exclude_none=True)} if row.terms else kept


def listed_from_document(kept: dict[str, Any]) -> Listed:
    """Return the listed permit that was kept."""
    terms = _TERMS.validate_python(kept["t"]) if "t" in kept else None
    return Listed(kept["p"], kept["u"], Standing(kept["s"]), terms)
