"""
Making the figures anew beside the running ones, and putting them in their place.

Steps: build (read the log into another generation, from its first record), compare (both exactly where the
running one stands), catch up, hold (facts wait some seconds), catch up to the end, switch (one write), and
much later drop the old one. A crash before the switch leaves the running generation as it was, a crash after
it the new one; facts are held back for a minute at most. ADR 0028.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from ioc_aggregation.domain.province import Document, Province
from ioc_aggregation.ports import Generations, Position, Standing, Totals, TotalsReader

log = structlog.get_logger(__name__)

LOOKS = 8
"""A batch that is being added just now shows as a difference: that often is looked again."""
PATIENCE_SECONDS = 0.5
SWITCHES = 3
Figures = dict[str, dict[str, int]]
Differences = dict[str, dict[str, list[int]]]
"""By commune and day, of each figure that differs: [running, made anew]."""


class Log(Protocol):
    """The log of facts, being read into a generation (`common.messaging.replay.LogReader`)."""

    @property
    def positions(self) -> list[Position]:
        """What was added ends before these."""

    async def ends(self) -> list[Position]:
        """Return where the log ends now."""

    async def read_to(self, ends: Sequence[Position], after_batch: Callable[[], Awaitable[None]]) -> object:
        """Read on until *ends* and not beyond."""


OpenLog = Callable[[Totals, Sequence[Position]], AbstractAsyncContextManager[Log]]
OpenTotals = Callable[[int], Totals]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it. Not switched, with *differences*: the two do not agree and nobody accepted that."""

    generation: int
    is_switched: bool
    differences: Differences = field(default_factory=dict)


async def rebuild(
    generations: Generations,
    open_totals: OpenTotals,
    open_log: OpenLog,
    sleep: Sleep,
    *,
    accepts_differences: bool = False,
    resumes: bool = False,
) -> Rebuilt:
    """Build another generation, compare, switch. Raises whatever the store or the broker raises."""
    standing = await _begun(generations, resumes=resumes)
    number = standing.building
    if number is None:
        raise LookupError("another rebuild has just ended; begin again")
    running, shadow = open_totals(standing.current), open_totals(number)
    await shadow.ensure_indexes()

    async with open_log(shadow, standing.positions) as log_:

        async def noted() -> None:
            await generations.note(number, log_.positions)

        differences = await compared(running, shadow, lambda to: log_.read_to(to, noted), sleep)
        if differences and not accepts_differences:
            return Rebuilt(number, False, differences)
        for _ in range(SWITCHES):
            if await _switched(generations, number, log_, noted):
                log.info("figures switched", generation=number, before=standing.current)
                return Rebuilt(number, True, differences)
    return Rebuilt(number, False, differences)


async def _begun(generations: Generations, *, resumes: bool) -> Standing:
    standing = await generations.standing()
    if standing.building is not None and not resumes:
        # Whatever it was made by: another version may count otherwise.
        await generations.abandon(standing.building)
    return await generations.begin()


async def _switched(
    generations: Generations, number: int, log_: Log, noted: Callable[[], Awaitable[None]]
) -> bool:
    """
    Hold facts back, read what was written until then, switch.

    Whoever adds facts fetched them before it looked whether they are held: so the end of the log, taken after
    the hold, lies behind everything that was ever added to the running generation.
    """
    await log_.read_to(await log_.ends(), noted)
    await generations.hold(number)
    try:
        await log_.read_to(await log_.ends(), noted)
        return await generations.switch(number)
    finally:
        await generations.release(number)


async def compared(
    running: TotalsReader,
    anew: TotalsReader,
    read_to: Callable[[Sequence[Position]], Awaitable[object]],
    sleep: Sleep,
) -> Differences:
    """
    Return what differs when *anew* has read exactly as far as *running*.

    The running one goes on meanwhile: what it had read at one moment is where the other one stops.
    """
    differences: Differences = {}
    for look in range(LOOKS):
        if look:
            await sleep(PATIENCE_SECONDS)
        documents = await running.all_documents()
        await read_to(read_by(documents))
        remade = await anew.all_documents()
        differences = difference(Province(documents).totals(), Province(remade).totals())
        if not differences:
            return {}
    return differences


def read_by(documents: Sequence[Document]) -> list[Position]:
    """Return how far the readers of these documents had read: stocks are told of by every fact."""
    found = []
    for document in documents:
        if document.id.day is None:
            topic, _, number = document.id.partition.rpartition(":")
            found.append((topic, int(number), document.upto + 1))
    return found


def difference(running: Figures, anew: Figures) -> Differences:
    """Return, by commune and day, the figures that differ: [running, made anew]."""
    found: Differences = {}
    for key in sorted(running.keys() | anew.keys()):
        one, other = running.get(key, {}), anew.get(key, {})
        names = sorted(name for name in one.keys() | other.keys() if one.get(name, 0) != other.get(name, 0))
        if names:
            found[key] = {name: [one.get(name, 0), other.get(name, 0)] for name in names}
    return found
