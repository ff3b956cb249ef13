"""The live feed: whatever any process saves reaches every open inbox that may see it."""

import asyncio
from collections.abc import Iterable

from alerting.domain.model import Condition
from alerting.ports import Inbox
from alerting.views.alert import AlertView
from alerting.views.readers import readers_of
from common.background import BackgroundTask
from common.geo import Units
from common.http.sse import Broadcast, Message, Snapshot
from common.kernel.areas import Actor
from common.kernel.clock import Clock
from common.logs import logger

SNAPSHOT_MAX = 500
"""Nobody reads more; the page says how many more there are."""
log = logger("alerting.feed")


class Feed(BackgroundTask):
    """Runs in the api process and follows the store, because the worker is another process."""

    def __init__(self, inbox: Inbox, units: Units, clock: Clock) -> None:
        self.broadcast = Broadcast("alerts")
        self._inbox = inbox
        self._units = units
        self._clock = clock

    async def start(self) -> None:
        """Begin to follow the store."""
        self.begin(self._follow(), "alert-feed")

    def snapshot_for(self, actor: Actor) -> Snapshot:
        """Return what reads the whole inbox of *actor*."""

        async def snapshot() -> Iterable[Message]:
            counted = await self._inbox.count_open_for(actor)
            found = await self._inbox.open_for(actor, SNAPSHOT_MAX)
            items = [self._view(condition) for condition in found]
            data = {
                "server_now": self._clock.now().isoformat(),
                "items": [item for item in items if item is not None],
                "total": sum(counted.values()),
            }
            return [Message("snapshot", data)]

        return snapshot

    def tell(self, condition: Condition | None) -> None:
        """Publish one change; None asks the readers to come again for a whole snapshot."""
        if condition is None:
            self.broadcast.publish(Message("refresh", {}))
            return
        if condition.alert is None or not self.broadcast.readers:
            return
        data = {"server_now": self._clock.now().isoformat(), "alert": self._view(condition)}
        self.broadcast.publish(Message("alert", data, readers_of(condition, condition.alert)))

    async def _follow(self) -> None:
        while True:
            try:
                async for condition in self._inbox.changes():
                    self.tell(condition)
            except Exception:
                log.exception("feed interrupted")
                await asyncio.sleep(1)

    def _view(self, condition: Condition) -> AlertView | None:
        return AlertView.of(condition, condition.alert, self._units) if condition.alert else None
