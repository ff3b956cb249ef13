"""What the system says against what happened."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from tests.load.province.callers import Caller

STOCKS = {
    "f0_declared": "f0_total",
    "f0_now": "f0_active",
    "f0_at_home": "f0_at_home",
    "f0_in_hospital": "f0_in_hospital",
    "quarantine_now": "quarantine_active",
    "permits_active": "permits_active",
    "permits_suspended": "permits_suspended",
}
FLOWS = {
    "f0_recovered": "f0_recovered",
    "f0_died": "f0_died",
    "f0_reports": "reports_f0",
    "quarantined": "quarantine_ordered",
    "contacts_positive": "contacts_positive",
    "quarantine_reports": "reports_quarantine",
    "reports_late": "reports_late",
    "breaches": "quarantine_breaches",
    "permits_issued": "permits_issued",
    "scans": "scans",
    "scans_refused": "scans_refused",
    "scans_check": "scans_check",
    "scans_offline": "scans_offline",
    "alerts_acknowledged": "alerts_taken",
}
"""Name in the truth -> metric of ioc-aggregation; flows are summed over their days."""
DAYS = 30
SETTLE_SECONDS = 60


class Row(NamedTuple):
    """One sum: its name, what happened and what the system tells."""

    name: str
    happened: int
    told: int


async def system_totals(call: Caller, area: str = "19") -> dict[str, int]:
    """Return the sums of one area as the IOC tells them, by their names in the truth."""
    url = f"{call.at.ioc}/v1/areas/{area}"
    now = await call.get(url, role="ioc_operator", area="19")
    totals = {name: int(now["metrics"][metric]) for name, metric in STOCKS.items()}
    for name, metric in FLOWS.items():
        series = await call.get(f"{url}/series?metric={metric}&days={DAYS}", role="ioc_operator", area="19")
        totals[name] = sum(int(point["value"]) for point in series["items"])
    return totals


async def compare(call: Caller, happened: Callable[[], dict[str, int]], before: dict[str, int]) -> list[Row]:
    """Return what happened beside what the system says since *before*, once they agree or after a minute."""
    rows: list[Row] = []
    for _ in range(SETTLE_SECONDS):
        told, true = await system_totals(call), happened()
        rows = [Row(name, true[name], told[name] - before[name]) for name in told]
        if all(row.happened == row.told for row in rows):
            break
        await asyncio.sleep(1)
    return rows
