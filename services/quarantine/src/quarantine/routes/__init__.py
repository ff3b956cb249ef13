"""What people ask of quarantine over HTTP."""

from quarantine.routes import cases, facilities, files, households, protocols, testing

routers = [cases.router, protocols.router, files.router]
moves = [testing.router, households.router, facilities.router]
