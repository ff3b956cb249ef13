"""
The door of the figures: batches of rows in, sums out.

Not command-shaped work: nothing is decided, everything is added. It has the interface of `Work.run_batch` and
the same promise: whatever fault it raises, the batch may be run again, by this or another process.
"""

from typing import Final

from common.work.model import Errand, Outcome, Result
from quarantine.ports import FigureStore

_DONE: Final = Result(Outcome.APPLIED)


class FigureFold:
    """Adds rows to the figures."""

    def __init__(self, store: FigureStore) -> None:
        self._store = store

    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        """Add each errand's rows once. Raises transient faults only."""
        if errands:
            await self._store.add([row for errand in errands for row in errand.command.rows])
        return [_DONE] * len(errands)
