"""Totals for the national system."""

from typing import Any

from common.service import Runtime
from ioc_aggregation.rulebook.exchange import ExchangeBook
from ioc_aggregation.views.exchange import ExchangeDesk
from ioc_aggregation.views.hindsight import Hindsight


def exchange_parts(runtime: Runtime, hindsight: Hindsight, history_days: int) -> dict[str, Any]:
    """Make the desk, by the name under which routes ask for it."""
    book = ExchangeBook.load(runtime.folder / "rules")
    return {"exchange_desk": ExchangeDesk(hindsight, runtime.clock, book, history_days)}
