"""What people ask of the permit service over HTTP."""

from permit.routes import gate, holders, permits, registers, staff

routers = [permits.router, gate.router, registers.router, staff.router, holders.router, holders.worker]
