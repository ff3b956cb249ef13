"""
The door of the figures: batches of rows in, sums out.

Not command-shaped work: nothing is decided, everything is added. It has the interface of `Work.run_batch` and
the same promise: whatever fault it raises, the batch may be run again, by this or another process.
"""

from typing import Final

from common.contracts import quarantine as own
from common.messaging.subscription import Subscription
from common.work.model import Errand, Outcome, Result
from quarantine.ports import FigureStore
from quarantine.translate import figures as translate

GROUP: Final = "quarantine.figures"
BATCH_MAX: Final = 2_000
REST_SECONDS: Final = 0.25
"""Somebody who reads statistics is in no hurry, and a batch costs one count of its cells."""
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


def subscription(store: FigureStore) -> Subscription:
    """Return what the figures listen to: our own facts."""
    return Subscription(
        group=GROUP,
        listens={
            own.CASES: {
                own.QuarantineOrdered: translate.ordered,
                own.QuarantineBreached: translate.breached,
                own.ContactBecameF0: translate.positive,
                own.QuarantineEnded: translate.ended,
            },
            own.REPORTS: {
                own.HealthReported: translate.reported,
                own.DeclarationMissed: translate.missed,
            },
        },
        work=FigureFold(store),
        batch_max=BATCH_MAX,
        rest_seconds=REST_SECONDS,
    )
