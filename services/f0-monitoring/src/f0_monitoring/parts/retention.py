"""Retention, put together."""

from typing import Any

from common.retention import Purge, read_purge_rules
from common.service import Runtime
from f0_monitoring.store.aging import aging_rows


def retention_parts(runtime: Runtime) -> dict[str, Any]:
    """Make it, by its name."""
    rules = read_purge_rules(runtime.folder, "f0-monitoring")
    return {"purge": Purge(runtime.clock, rules, aging_rows(runtime))}
