"""What really happened in the simulated province: the sums that the system's numbers must equal."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Truth:
    """
    Counters by commune code of what was accepted by the system and is therefore true of it.

    A name ending in `_now` is a stock (it falls when somebody leaves), the others are flows.
    """

    f0_declared: Counter[str] = field(default_factory=Counter)
    f0_now: Counter[str] = field(default_factory=Counter)
    f0_recovered: Counter[str] = field(default_factory=Counter)
    f0_died: Counter[str] = field(default_factory=Counter)
    f0_reports: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    quarantine_reports: Counter[str] = field(default_factory=Counter)
    quarantine_now: Counter[str] = field(default_factory=Counter)
    permits_issued: Counter[str] = field(default_factory=Counter)
    scans: Counter[str] = field(default_factory=Counter)
    """By commune of the checkpoint."""
    scan_verdicts: Counter[str] = field(default_factory=Counter)
    alerts_acknowledged: Counter[str] = field(default_factory=Counter)
    report_ids: set[str] = field(default_factory=set)
    scan_ids: set[str] = field(default_factory=set)
    duplicates_sent: int = 0
    sent_late: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def report(self, kind: Counter[str], commune_code: str, report_id: str) -> None:
        """Count a declaration once, however often it was sent."""
        if report_id in self.report_ids:
            return
        self.report_ids.add(report_id)
        kind[commune_code] += 1

    def scan(self, commune_code: str, scan_id: str, verdict: str) -> None:
        """Count a scan once, however often it was uploaded."""
        if scan_id in self.scan_ids:
            return
        self.scan_ids.add(scan_id)
        self.scans[commune_code] += 1
        self.scan_verdicts[verdict] += 1

    def totals(self) -> dict[str, int]:
        """Return the province's sums."""
        names = (
            "f0_declared",
            "f0_now",
            "f0_recovered",
            "f0_died",
            "f0_reports",
            "quarantined",
            "quarantine_now",
            "quarantine_reports",
            "permits_issued",
            "scans",
        )
        return {name: sum(getattr(self, name).values()) for name in names}
