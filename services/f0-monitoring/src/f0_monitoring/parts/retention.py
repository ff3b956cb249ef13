"""Retention, put together: which rows go, and which files lose their names."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from common.kernel.clock import local_day
from common.kernel.forgetting import Forget
from common.retention import AgedFiles, Aging, Forgetting, Purge, Together, read_purge_rules
from common.service import Runtime
from common.work.engine import Work
from f0_monitoring.domain.model import CareState
from f0_monitoring.domain.retention import ForgetPatient
from f0_monitoring.store import aging

OUTCOMES = {
    "file": CareState.RECOVERED,
    "file-died": CareState.DIED,
    "file-mistaken": CareState.WRONGLY_DECLARED,
}
"""Records by the class that says how long they keep their names."""


def files_in_mongo(runtime: Runtime) -> dict[str, AgedFiles]:
    """Return how files are found that are over, by class."""
    database = runtime.database
    return {
        **{code: aging.aged_patients(database, outcome) for code, outcome in OUTCOMES.items()},
        "self-declarations": aging.aged_declarations(database),
        "consultations": aging.aged_consultations(database),
        "certificates": aging.aged_revocations(database),
        "messages": aging.aged_messages(database),
    }


def forgetting(works: Mapping[str, Work[Any, Any]], files: Mapping[str, AgedFiles]) -> dict[str, Aging]:
    """Return what makes files nameless, by class; *works* are the service's, by their names."""
    records = {
        code: Forgetting(works["work"], files[code], _forget_patients(outcome))
        for code, outcome in OUTCOMES.items()
    }
    return {
        **records,
        "self-declarations": Forgetting(works["self_declarations"], files["self-declarations"], Forget),
        "consultations": Forgetting(works["consultations"], files["consultations"], Forget),
        "certificates": Forgetting(works["revocations"], files["certificates"], Forget),
        "messages": Forgetting(works["messages"], files["messages"], Forget),
    }


def retention_parts(runtime: Runtime, works: Mapping[str, Work[Any, Any]]) -> dict[str, Any]:
    """Make it, by its name; nothing is due where nothing is kept in MongoDB."""
    classes: dict[str, Aging] = {}
    if not runtime.in_memory:
        rows = aging.aging_rows(runtime.database)
        classes = {code: Together(*parts) for code, parts in rows.items()}
        classes |= forgetting(works, files_in_mongo(runtime))
    rules = read_purge_rules(runtime.folder, "f0-monitoring")
    return {"purge": Purge(runtime.clock, rules, classes)}


def _forget_patients(outcome: CareState) -> Any:
    def forget(person_id: str, before: datetime) -> ForgetPatient:
        return ForgetPatient(person_id, outcome, local_day(before))

    return forget
