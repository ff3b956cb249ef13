"""What people ask of quarantine over HTTP."""

from quarantine.routes import cases, facilities, households, protocols, testing

routers = [cases.router, protocols.router]
moves = [testing.router, households.router, facilities.router]
