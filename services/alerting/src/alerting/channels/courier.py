"""
The loop that calls the holders of rungs: the box of the unit by e-mail, and everybody who is registered.

A message is claimed through the unit of work before it is sent and reported afterwards, so that several
workers share the round and a killed one loses nothing: its claim runs out and another takes over.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from alerting.channels.health import Tally
from alerting.channels.rounds import AT_ONCE, ROUND_MAX, Rounds
from alerting.domain.channels import PEOPLE
from alerting.domain.commands import ClaimDelivery, DeliveryDone, DeliveryFailed
from alerting.domain.model import Alert, Condition, Delivery
from alerting.ports import Caller, Postbox, Undelivered
from common.kernel.clock import Clock
from common.kernel.ids import derived_id
from common.logs import logger
from common.messaging.subscription import Door
from common.work.model import Cause, Errand

log = logger("alerting.courier")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message with what it is about."""

    condition: Condition
    alert: Alert
    delivery: Delivery

    def cause(self, *words: str) -> Cause:
        """Return a cause that follows from the message and *words*."""
        return Cause(derived_id("post", self.delivery.delivery_id, *words))


class Courier(Rounds):
    """Sends what waits, in rounds; *told* hears what the tries of each channel came to."""

    def __init__(
        self,
        postbox: Postbox,
        work: Door,
        callers: Mapping[str, Caller],
        clock: Clock,
        *,
        name: str = "",
        told: Callable[[Tally], Awaitable[None]] | None = None,
    ) -> None:
        self._postbox = postbox
        self._work = work
        self._callers = callers
        self._clock = clock
        self._told = told
        self._name = name or uuid.uuid4().hex
        self._room = asyncio.Semaphore(AT_ONCE)

    async def start(self) -> None:
        """Begin the rounds."""
        self.begin(self.go_on(), "courier")

    async def stop(self) -> None:
        """End; what was claimed and not sent is taken over after its lease."""
        await super().stop()
        self._rest()

    async def round(self) -> int:
        """Send what waits now, at most one round; return how many messages were tried."""
        parcels = await self._claimed(await self._waiting())
        tally = Tally()
        reports = await asyncio.gather(*(self._send(parcel, tally) for parcel in parcels))
        if reports:
            await self._work.run_batch(list(reports))
            if self._told:
                await self._told(tally)
        else:
            self._rest()
        return len(parcels)

    def _rest(self) -> None:
        for caller in self._callers.values():
            caller.rest()

    async def _waiting(self) -> list[Parcel]:
        now = self._clock.now()
        return [
            Parcel(condition, condition.alert, delivery)
            for condition in await self._postbox.waiting(now, ROUND_MAX)
            if condition.alert
            for delivery in condition.alert.deliveries
            if delivery.try_at and delivery.try_at <= now and delivery.channel in self._callers
        ]

    async def _claimed(self, parcels: list[Parcel]) -> list[Parcel]:
        """Keep the parcels that this worker got; the try is part of the cause, the worker too."""
        claims = [
            Errand(
                ClaimDelivery(p.condition.key, p.alert.alert_id, p.delivery.delivery_id),
                p.cause("claim", str(p.delivery.attempts + 1), self._name),
            )
            for p in parcels
        ]
        results = await self._work.run_batch(claims) if claims else []
        return [p for p, result in zip(parcels, results, strict=True) if result.answer.get("claimed")]

    async def _send(self, parcel: Parcel, tally: Tally) -> Errand:
        """Send one message and return the report of it."""
        on = (parcel.condition.key, parcel.alert.alert_id, parcel.delivery.delivery_id)
        attempt, channel = parcel.delivery.attempts + 1, parcel.delivery.channel
        async with self._room:
            try:
                await self._callers[channel].call(parcel.condition, parcel.alert, parcel.delivery)
            except Undelivered as fault:
                log.warning("message not delivered", channel=channel, fault=fault.fault)
                if channel != PEOPLE:
                    tally.failed(channel, fault)
                failed = DeliveryFailed(*on, attempt, fault.fault, fault.is_final)
                return Errand(failed, parcel.cause("failed", str(attempt)))
            except Exception as fault:
                # One that cannot be sent at all must not take the reports of its neighbours with it.
                log.exception("message cannot be sent", channel=channel)
                failed = DeliveryFailed(*on, attempt, type(fault).__name__)
                return Errand(failed, parcel.cause("failed", str(attempt)))
        if channel != PEOPLE:
            tally.sent(channel)
        return Errand(DeliveryDone(*on), parcel.cause("done", str(attempt)))
