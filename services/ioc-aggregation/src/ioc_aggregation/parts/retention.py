"""Retention, put together."""

from common.retention import Purge, read_purge_rules
from common.service import Runtime
from ioc_aggregation.store.aging import AgingFacts


def purge_of(runtime: Runtime) -> Purge:
    """Make it; nothing is due where nothing is kept in MongoDB."""
    rows = {} if runtime.in_memory else {"facts": AgingFacts(runtime.database)}
    return Purge(runtime.clock, read_purge_rules(runtime.folder, "ioc-aggregation"), rows)
