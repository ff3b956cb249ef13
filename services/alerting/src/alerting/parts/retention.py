"""Retention, put together: whose words and addresses go when their time is over."""

from collections.abc import Mapping
from typing import Any

from alerting.store.aging import aged_alerts, aged_recipients
from common.kernel.forgetting import Forget
from common.retention import AgedFiles, Aging, Forgetting, Purge, read_purge_rules
from common.service import Runtime
from common.work.engine import Work


def forgetting(works: Mapping[str, Work[Any, Any]], files: Mapping[str, AgedFiles]) -> dict[str, Aging]:
    """Return what makes files nameless, by class."""
    return {
        "alert-notes": Forgetting(works["conditions"], files["alert-notes"], Forget),
        "addresses": Forgetting(works["recipients"], files["addresses"], Forget),
    }


def purge_of(runtime: Runtime, works: Mapping[str, Work[Any, Any]]) -> Purge:
    """Make it; nothing is due where nothing is kept in MongoDB."""
    classes: dict[str, Aging] = {}
    if not runtime.in_memory:
        database = runtime.database
        files = {"alert-notes": aged_alerts(database), "addresses": aged_recipients(database)}
        classes = forgetting(works, files)
    return Purge(runtime.clock, read_purge_rules(runtime.folder, "alerting"), classes)
