"""What people ask of the permit service over HTTP."""

from permit.routes import gate, permits, registers, watch

routers = [permits.router, gate.router, registers.router, watch.router]
