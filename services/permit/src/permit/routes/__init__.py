"""What people ask of the permit service over HTTP."""

from permit.routes import changes, gate, objections, permits, registers

routers = [permits.router, gate.router, registers.router, objections.router, changes.router]
