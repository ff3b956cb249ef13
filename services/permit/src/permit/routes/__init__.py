"""What people ask of the permit service over HTTP."""

from permit.routes import (
    changes,
    gate,
    gate_log,
    holders,
    lists,
    objections,
    offline,
    permits,
    registers,
    review,
    staff,
    watch,
)

routers = [
    permits.router,
    gate.router,
    registers.router,
    objections.router,
    review.router,
    changes.router,
    lists.router,
    gate_log.router,
    offline.router,
    staff.router,
    holders.router,
    holders.worker,
    watch.router,
]
