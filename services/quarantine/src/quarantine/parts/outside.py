"""Doors for other apps, put together."""

from typing import Any

from common.service import Runtime
from common.work.ledger import Ledger
from quarantine import ports
from quarantine.routes import outside
from quarantine.rulebook import read_partners
from quarantine.views.finding import Finder
from quarantine.views.outside import Outside

LARGE_BODIES = {outside.DECLARATIONS: 524_288}
"""500 rows of at most a kilobyte."""
ROUTERS = (outside.router,)


def outside_parts(runtime: Runtime, cases: ports.Cases, ledger: Ledger[Any, Any]) -> dict[str, Any]:
    """Put it together."""
    partners = read_partners(runtime.folder / "rules" / "partners")
    return {"outside": Outside(runtime, Finder(runtime, cases), ledger, partners)}
