"""Rows that are deleted in their time, by the class that `rules/purge/permit` knows them by."""

from common.mongo.aging import AgingRows
from common.service import Runtime


def aging_rows(runtime: Runtime) -> dict[str, AgingRows]:
    """Return them; none where nothing is kept in MongoDB."""
    if runtime.in_memory:
        return {}
    return {
        "scans": AgingRows(runtime.database["scans"], "received_at"),
        "gate-log": AgingRows(runtime.database["gate_actions"], "received_at"),
    }
