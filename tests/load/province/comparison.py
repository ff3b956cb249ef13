"""What the system says against what happened."""

import asyncio
from typing import Any

from tests.load.province.callers import Caller
from tests.load.province.truth import Truth

SAME = {
    "f0_declared": "f0_declared_total",
    "f0_now": "f0_active",
    "f0_recovered": "f0_recovered_total",
    "f0_died": "f0_died_total",
    "f0_reports": "f0_reports_total",
    "quarantined": "quarantine_ordered_total",
    "quarantine_now": "quarantine_active",
    "quarantine_reports": "quarantine_reports_total",
    "permits_issued": "permits_issued_total",
    "scans": "scans_total",
}
"""Name in the truth -> metric of ioc-aggregation."""
SETTLE_SECONDS = 60


async def system_totals(call: Caller) -> dict[str, int]:
    """Return the province's metrics as the IOC shows them."""
    answer = await call.get(f"{call.at.ioc}/v1/areas/19", role="ioc_operator", area="19")
    return {name: _number(metric) for name, metric in answer["metrics"].items()}


def _number(metric: Any) -> int:
    return int(metric["value"] if isinstance(metric, dict) else metric)


async def compare(call: Caller, truth: Truth) -> list[tuple[str, int, int]]:
    """Return (name, truth, system) once they agree, or as they stand after a minute."""
    rows: list[tuple[str, int, int]] = []
    for _ in range(SETTLE_SECONDS):
        said, happened = await system_totals(call), truth.totals()
        rows = [(name, happened[name], said.get(metric, -1)) for name, metric in SAME.items()]
        if all(true == told for _, true, told in rows):
            break
        await asyncio.sleep(1)
    return rows
