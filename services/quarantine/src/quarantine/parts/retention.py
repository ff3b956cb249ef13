"""Retention, put together."""

from typing import Any

from common.service import Runtime
from common.work.engine import Work
from quarantine.domain.model import Case
from quarantine.ports import citizens as citizens_ports
from quarantine.ports.photos import Photos
from quarantine.rulebook import read_retention
from quarantine.views.purge import Purge


def purge_of(
    runtime: Runtime,
    work: Work[Case, Any],
    cases: citizens_ports.AgedCases,
    reports: citizens_ports.AgedReports,
    others: tuple[citizens_ports.AgedEnrolments, Photos],
) -> Purge:
    """Put it together."""
    rules = read_retention(runtime.folder / "rules" / "retention")
    return Purge(runtime, work, rules, cases=cases, reports=reports, enrolments=others[0], photos=others[1])
