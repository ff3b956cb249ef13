"""What really happened in the simulated province: the sums that the system's numbers must equal."""

from collections import Counter
from dataclasses import dataclass, field

from tests.load.province.promptness import Promptness

SUMS = (
    "f0_declared",
    "f0_now",
    "f0_recovered",
    "f0_died",
    "f0_reports",
    "quarantined",
    "quarantine_now",
    "quarantine_reports",
    "contacts_positive",
    "breaches",
    "reports_late",
    "permits_issued",
    "scans",
    "scans_refused",
    "scans_check",
    "scans_offline",
    "alerts_acknowledged",
)
"""Counters whose sums the operations centre also knows."""


def _count() -> Counter[str]:
    return Counter()


@dataclass(slots=True)
class Truth:
    """
    Counters by commune code of what was accepted by the system and is therefore true of it.

    A name ending in `_now` is a stock (it falls when somebody leaves), the others are flows.
    """

    f0_declared: Counter[str] = field(default_factory=_count)
    f0_now: Counter[str] = field(default_factory=_count)
    f0_recovered: Counter[str] = field(default_factory=_count)
    f0_died: Counter[str] = field(default_factory=_count)
    f0_reports: Counter[str] = field(default_factory=_count)
    quarantined: Counter[str] = field(default_factory=_count)
    quarantine_reports: Counter[str] = field(default_factory=_count)
    quarantine_now: Counter[str] = field(default_factory=_count)
    contacts_positive: Counter[str] = field(default_factory=_count)
    breaches: Counter[str] = field(default_factory=_count)
    reports_late: Counter[str] = field(default_factory=_count)
    permits_issued: Counter[str] = field(default_factory=_count)
    permits_for_staff: int = 0
    scans: Counter[str] = field(default_factory=_count)
    """By commune of the checkpoint."""
    scans_refused: Counter[str] = field(default_factory=_count)
    scans_check: Counter[str] = field(default_factory=_count)
    scans_offline: Counter[str] = field(default_factory=_count)
    scan_reasons: Counter[str] = field(default_factory=_count)
    alerts_acknowledged: Counter[str] = field(default_factory=_count)
    """By the area of whoever took them."""
    report_ids: set[str] = field(default_factory=set)
    scan_ids: set[str] = field(default_factory=set)
    barred_scanned: int = 0
    """Scans of people who had not been allowed to travel for a while, and how many were refused."""
    barred_refused: int = 0
    duplicates_sent: int = 0
    sent_late: int = 0
    refused: Counter[str] = field(default_factory=_count)
    promptness: Promptness = field(default_factory=Promptness)
    """Who had to be noticed, and since when."""

    def report(self, kind: Counter[str], commune_code: str, report_id: str, *, is_late: bool) -> None:
        """Count a declaration once, however often it was sent."""
        if report_id in self.report_ids:
            return
        self.report_ids.add(report_id)
        kind[commune_code] += 1
        self.reports_late[commune_code] += is_late

    def scan(
        self, commune_code: str, scan_id: str, verdict: str, reason: str, *, is_offline: bool = False
    ) -> bool:
        """Count a scan once, however often it was uploaded; tell whether it was new."""
        if scan_id in self.scan_ids:
            return False
        self.scan_ids.add(scan_id)
        self.scans[commune_code] += 1
        self.scans_refused[commune_code] += verdict == "refused"
        self.scans_check[commune_code] += verdict == "check"
        self.scans_offline[commune_code] += is_offline
        self.scan_reasons[reason] += 1
        return True

    def totals(self) -> dict[str, int]:
        """Return the province's sums."""
        return {name: sum(getattr(self, name).values()) for name in SUMS}
