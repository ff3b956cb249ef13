"""What tries came to is added up; a channel that died, or came back, becomes a condition for operators."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Final

from alerting.domain.channels import Line, NoteTries
from alerting.domain.commands import Note, NoteChannel, NoteOver
from alerting.domain.model import Kind
from alerting.ports import Channel, Lines, Undelivered
from common.background import BackgroundTask
from common.kernel.areas import Area
from common.kernel.clock import Clock
from common.kernel.ids import derived_id
from common.logs import logger
from common.messaging.subscription import Door
from common.work.model import Cause, Errand

LOOK_SECONDS: Final = 5.0
PROBE_EVERY: Final = 6
"""Looks between two probes: half a minute."""
log = logger("alerting.channels")


class Tally:
    """What the tries of one round came to, by channel. A wrong address says nothing about its channel."""

    def __init__(self) -> None:
        self._sent: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._faults: dict[str, str] = {}

    def sent(self, channel: str) -> None:
        """Count a message that was taken."""
        self._sent[channel] += 1

    def failed(self, channel: str, fault: Undelivered) -> None:
        """Count a failure, unless the address was at fault."""
        if not fault.is_gone:
            self._failed[channel] += 1
            self._faults[channel] = fault.fault

    def commands(self) -> list[NoteTries]:
        """Return one command per channel that was tried."""
        return [
            NoteTries(name, self._sent[name], self._failed[name], self._faults.get(name, ""))
            for name in sorted({*self._sent, *self._failed})
        ]


class Health(BackgroundTask):
    """Keeps the lines of the channels, probes those that can be, and tells operators of the dead ones."""

    def __init__(
        self,
        lines: Lines,
        work: Door,
        conditions: Door,
        channels: Mapping[str, Channel],
        clock: Clock,
        place: Area,
    ) -> None:
        self._lines, self._work, self._conditions = lines, work, conditions
        self._channels, self._clock, self._place = channels, clock, place

    async def start(self) -> None:
        """Begin to look."""
        self.begin(self._look(), "channel-health")

    async def add(self, tally: Tally) -> None:
        """Add the tries of a round."""
        await self._note(tally.commands())

    async def resting(self) -> frozenset[str]:
        """Return the channels that are dead and were tried a moment ago."""
        now = self._clock.now()
        return frozenset(line.channel for line in await self._lines.all() if line.rests(now))

    async def probe(self) -> None:
        """Try the lines that can be tried without a message, and let long forgotten ones be believed."""
        tally = Tally()
        await asyncio.gather(*(self._probe_one(channel, tally) for channel in self._channels.values()))
        tried = tally.commands()
        rest = set(self._channels) - {command.channel for command in tried}
        await self._note([*tried, *(NoteTries(name) for name in sorted(rest))])

    async def tell(self) -> None:
        """
        Make conditions of what the lines say, all of them each time: told twice changes nothing.

        So a worker that dies between the line and the condition leaves nothing untold.
        """
        errands = [
            Errand(note_of(line, self._place), Cause(derived_id("line", line.channel, str(line.turns))))
            for line in await self._lines.all()
            if line.turns
        ]
        if errands:
            await self._conditions.run_batch(errands)

    async def _probe_one(self, channel: Channel, tally: Tally) -> None:
        try:
            if await channel.probe():
                tally.sent(channel.name)
        except Undelivered as fault:
            log.warning("channel does not answer", channel=channel.name, fault=fault.fault)
            tally.failed(channel.name, fault)

    async def _note(self, commands: list[NoteTries]) -> None:
        # Tries are no messages: a round that is noted twice after a crash costs nothing, so no fixed cause.
        errands = [Errand(command, Cause(str(uuid.uuid4()))) for command in commands]
        if errands:
            await self._work.run_batch(errands)

    async def _look(self) -> None:
        looks = 0
        while True:
            try:
                if looks % PROBE_EVERY == 0:
                    await self.probe()
                await self.tell()
            except Exception:
                log.exception("look at the channels interrupted")
            looks += 1
            await asyncio.sleep(LOOK_SECONDS)


def note_of(line: Line, place: Area) -> Note:
    """Return what is heard of a channel: it is dead, or it came back."""
    about = {
        "kind": Kind.CHANNEL_DEAD,
        "subject_id": line.channel,
        "area": place,
        "at": line.turned_at,
        "sequence": line.turns,
    }
    return NoteChannel(**about, channel=line.channel) if line.is_dead else NoteOver(**about)  # type: ignore[arg-type]
