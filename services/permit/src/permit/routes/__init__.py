"""What people ask of the permit service over HTTP."""

from permit.routes import gate, gate_log, lists, offline, permits, registers

routers = [permits.router, gate.router, registers.router, lists.router, gate_log.router, offline.router]
