"""One group that reads a topic for two kinds of aggregates."""

import asyncio
from collections.abc import Mapping

from common.messaging.subscription import Door
from common.work.model import Errand, Result


class Switch:
    """
    A door that hands each command to the door of its kind.

    A topic read once costs its reader half of what two groups cost, and the broker too. Errands of one kind
    keep their order; a transient fault of any door fails all, and the inboxes answer what was applied.
    """

    def __init__(self, usual: Door, doors: Mapping[type, Door]) -> None:
        self._usual = usual
        self._doors = doors

    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        """Apply *errands*, and return their results in the same order."""
        parted: dict[Door, list[int]] = {}
        for place, errand in enumerate(errands):
            parted.setdefault(self._doors.get(type(errand.command), self._usual), []).append(place)
        answers = await asyncio.gather(
            *(door.run_batch([errands[place] for place in places]) for door, places in parted.items()),
            return_exceptions=True,  # nobody comes again while another door is still at it
        )
        results: dict[int, Result] = {}
        for places, answered in zip(parted.values(), answers, strict=True):
            if isinstance(answered, BaseException):
                raise answered
            results.update(zip(places, answered, strict=True))
        return [results[place] for place in range(len(errands))]
