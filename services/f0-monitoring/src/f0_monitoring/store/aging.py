"""Rows that are deleted in their time, by the class that `rules/purge/f0-monitoring` knows them by."""

from common.mongo.aging import AgingRows
from common.service import Runtime


def aging_rows(runtime: Runtime) -> dict[str, AgingRows]:
    """Return them; none where nothing is kept in MongoDB."""
    if runtime.in_memory:
        return {}
    return {
        "declarations": AgingRows(runtime.database["reports"], "received_at"),
        "care": AgingRows(runtime.database["timeline"], "at"),
    }
