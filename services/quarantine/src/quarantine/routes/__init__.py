"""What people ask of quarantine over HTTP."""

from quarantine.routes import cases, protocols

routers = [cases.router, protocols.router]
