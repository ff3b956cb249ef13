"""What people ask of the permit service over HTTP."""

from permit.routes import changes, gate, gate_log, lists, objections, offline, permits, registers, watch

routers = [
    permits.router,
    gate.router,
    registers.router,
    objections.router,
    changes.router,
    lists.router,
    gate_log.router,
    offline.router,
    watch.router,
]
