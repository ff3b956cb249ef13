"""What the system says against what happened."""

import asyncio

from tests.load.province.callers import Caller
from tests.load.province.truth import Truth

STOCKS = {"f0_declared": "f0_total", "f0_now": "f0_active", "quarantine_now": "quarantine_active"}
FLOWS = {
    "f0_recovered": "f0_recovered",
    "f0_died": "f0_died",
    "f0_reports": "reports_f0",
    "quarantined": "quarantine_ordered",
    "quarantine_reports": "reports_quarantine",
    "permits_issued": "permits_issued",
    "scans": "scans",
}
"""Name in the truth -> metric of ioc-aggregation; flows are summed over their days."""
DAYS = 30
SETTLE_SECONDS = 60


async def system_totals(call: Caller, area: str = "19") -> dict[str, int]:
    """Return the sums of one area as the IOC tells them, by their names in the truth."""
    url = f"{call.at.ioc}/v1/areas/{area}"
    now = await call.get(url, role="ioc_operator", area="19")
    totals = {name: int(now["metrics"][metric]) for name, metric in STOCKS.items()}
    for name, metric in FLOWS.items():
        series = await call.get(f"{url}/series?metric={metric}&days={DAYS}", role="ioc_operator", area="19")
        totals[name] = sum(int(point["value"]) for point in series["items"])
    return totals


async def compare(call: Caller, truth: Truth) -> list[tuple[str, int, int]]:
    """Return (name, truth, system) once they agree, or as they stand after a minute."""
    rows: list[tuple[str, int, int]] = []
    for _ in range(SETTLE_SECONDS):
        said, happened = await system_totals(call), truth.totals()
        rows = [(name, happened[name], said[name]) for name in said]
        if all(true == told for _, true, told in rows):
            break
        await asyncio.sleep(1)
    return rows
