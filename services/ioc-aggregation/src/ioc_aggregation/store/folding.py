"""
The door of the figures: batches of tallies in, totals out.

Not command-shaped work: nothing is decided, everything is added. It has the interface of
`Work.run_batch` and the same promise: whatever fault it raises, the batch may be run again, by this
or another process, and counts once.
"""

import asyncio
from collections.abc import Callable, Iterable

from common.work.engine import Contended
from common.work.model import Errand, Outcome, Result
from ioc_aggregation.domain.totals import (
    NOTHING_YET,
    DocumentId,
    Place,
    Placed,
    additions,
    by_document,
    owned,
)
from ioc_aggregation.ports import TotalsStore

ROUNDS_MAX = 20
ADDED, KNOWN = Result(Outcome.APPLIED), Result(Outcome.DUPLICATE)
KNOWN_MAX = 50_000
"""Positions of documents remembered in this process; beyond that it asks the store again."""


class Fold:
    """Adds tallies to the totals, effectively once."""

    def __init__(self, store: TotalsStore, *, on_change: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._on_change = on_change
        self._known: dict[DocumentId, int] = {}
        self._generation = store.generation
        self._one_at_a_time = asyncio.Lock()

    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        """Add each errand's tally once. Raises transient faults only."""
        placed = [Placed(e.command, Place(e.cause.partition, e.cause.offset)) for e in errands]
        async with self._one_at_a_time:
            owners = await self._store.claim(placed)
            if self._store.generation != self._generation:
                self._known.clear()  # positions of the documents of another generation
                self._generation = self._store.generation
            mine = owned(placed, owners)
            await self._store.note([each.tally.note for each in mine if each.tally.note is not None])
            await self._add(mine)
        self._on_change()
        return [ADDED if owners[each.tally.fact_id] == each.place else KNOWN for each in placed]

    async def _add(self, mine: list[Placed]) -> None:
        grouped = by_document(mine)
        for _ in range(ROUNDS_MAX):
            await self._learn(grouped)
            todo = additions(grouped, self._known)
            losers = await self._store.add(todo) if todo else set()
            for addition in todo:
                if addition.document in losers:
                    del self._known[addition.document]
                else:
                    self._known[addition.document] = addition.upto
            if not losers:
                return
        raise Contended(f"{len(grouped)} totals documents kept moving under another reader")

    async def _learn(self, wanted: Iterable[DocumentId]) -> None:
        if len(self._known) > KNOWN_MAX:
            self._known.clear()
        unknown = [document for document in wanted if document not in self._known]
        if unknown:
            stored = await self._store.upto(unknown)
            self._known |= {document: stored.get(document, NOTHING_YET) for document in unknown}
