"""Whose records a search may find, and which of them: shared by lists and the worklist."""

from typing import Any

from f0_monitoring.ports import Search


def filters_of(search: Search) -> list[dict[str, Any]]:
    """Return the filter of *search*: whose records they may be first, always."""
    # An empty list matches nobody; None would match everybody who has no doctor.
    whose = [search.carer_id] if search.carer_id else []
    own = {"$or": [{f"state.{of}": {"$in": whose}} for of in ("carer", "staff")]}
    of_area = {"state.area": {"$in": sorted(search.area_codes)}}
    parts: list[dict[str, Any]] = [own if search.is_own_only else {"$or": [of_area, own]}]
    parts.append({"state.open": search.is_open})
    if search.commune_code:
        parts.append({"state.area": search.commune_code})
    if search.level:
        parts.append({"state.risk.level": search.level.value})
    if search.care:
        parts.append({"state.care": search.care.value})
    if search.tokens:
        parts.append({"state.blind": {"$all": list(search.tokens)}})
    return parts
