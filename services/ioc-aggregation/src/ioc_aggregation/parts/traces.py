"""From a figure to the facts behind it."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from common.service import Runtime
from ioc_aggregation.ports.traces import Traces
from ioc_aggregation.routes.traces import router
from ioc_aggregation.store.memory import MemoryTotals
from ioc_aggregation.store.traces import MemoryTraces, MongoTraces
from ioc_aggregation.views.traces import TraceDesk
from ioc_aggregation.views.window import Window


@dataclass(frozen=True, slots=True)
class Tracing:
    """What the service gets."""

    routers: list[APIRouter]
    parts: dict[str, Any]


def traces_of(runtime: Runtime, totals: object, window: Window, history_days: int) -> Tracing:
    """Read the facts where *totals* keeps them."""
    store: Traces
    if isinstance(totals, MemoryTotals):
        store = MemoryTraces(totals)
    else:
        store = MongoTraces(runtime.database)
    return Tracing([router], {"trace_desk": TraceDesk(runtime, store, window, history_days)})
