"""What people ask of quarantine over HTTP."""

from quarantine.routes import cases, files, protocols

routers = [cases.router, protocols.router, files.router]
