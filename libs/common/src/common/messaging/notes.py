"""The door of a store that only keeps what it is told: there is nothing to decide."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from common.work.model import Errand, Outcome, Result

NOTED: Final = Result(Outcome.APPLIED)


class NoteDoor:
    """Takes batches of notes to *note*, which must be such that a batch that comes again changes nothing."""

    def __init__(self, note: Callable[[list[Any]], Awaitable[None]]) -> None:
        self._note = note

    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        """Keep what each errand tells. Raises transient faults only."""
        await self._note([errand.command for errand in errands])
        return [NOTED] * len(errands)
