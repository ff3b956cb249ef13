"""How files of a worklist are asked for."""

from typing import Any

from quarantine.ports import Search, Worklist


def _query(search: Search, after: tuple[str, str] | None = None) -> dict[str, Any]:
    """Return the filter of *search*: its areas first, always; beginning after (last day, id)."""
    parts: list[dict[str, Any]] = [{"state.find.codes": {"$in": sorted(search.area_codes)}}]
    if search.status is not None:
        parts.append({"$expr": _belongs(search.status, search.today.isoformat())})
        parts.append({"state.find.is_open": search.status is not Worklist.ENDED})
    if search.commune_code:
        parts.append({"state.find.commune": search.commune_code})
    if search.tokens:
        parts.append({"state.find.blind": {"$all": list(search.tokens)}})
    if search.household_id:
        parts.append({"state.find.household": search.household_id})
    if after is not None:
        later = {"state.find.ends_on": {"$gt": after[0]}}
        parts.append({"$or": [later, {"state.find.ends_on": after[0], "_id": {"$gt": after[1]}}]})
    return {"$and": parts}


def _belongs(status: Worklist, today: str) -> dict[str, Any]:
    """Tell, as a Mongo expression, whether a file belongs on a worklist."""
    is_open: dict[str, Any] = {"$eq": ["$state.find.is_open", True]}
    in_days = {"$and": [{"$lte": ["$state.find.next_on", today]}, {"$gte": ["$state.find.ends_on", today]}]}
    also: dict[Worklist, list[dict[str, Any]]] = {
        Worklist.OPEN: [],
        Worklist.OVERDUE: [{"$gt": ["$state.find.missed", 0]}],
        Worklist.ABNORMAL: [{"$eq": ["$state.find.has_symptoms", True]}],
        Worklist.DUE: [
            in_days,
            {"$ne": ["$state.find.reported_on", today]},
            {"$eq": ["$state.find.missed", 0]},
        ],
        Worklist.ENDING: [{"$lte": ["$state.find.ends_on", today]}],
    }
    if status is Worklist.ENDED:
        return {"$eq": ["$state.find.is_open", False]}
    return {"$and": [is_open, *also[status]]}
