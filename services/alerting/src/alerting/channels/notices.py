"""
The loop that takes notices to people: over the channel whose turn it is, and over the next when it fails.

Claimed before, reported after, like letters to units: whoever dies in between leaves it to another.
"""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from alerting.channels.health import Health, Tally
from alerting.channels.rounds import AT_ONCE, ROUND_MAX, Rounds
from alerting.channels.wording import message
from alerting.domain.channels import PUSH
from alerting.domain.model import Alert, Condition
from alerting.domain.notices import ClaimNotice, DropNotice, Notice, NoticeFailed, NoticeSent, OnNotice
from alerting.domain.recipients import Device, Recipient, RemoveDevice
from alerting.ports import Channel, Inbox, Message, Notices, Taken, Undelivered
from common.geo import Units
from common.kernel.areas import Actor
from common.kernel.clock import Clock
from common.kernel.ids import derived_id
from common.logs import logger
from common.messaging.subscription import Door
from common.mongo.sealing import Vault
from common.work.engine import Work
from common.work.model import Cause, Errand

ADDRESS: Final = "alert-address"
"""Data class of where people are reached."""
log = logger("alerting.notices")


@dataclass(frozen=True, slots=True)
class Around:
    """What a notice is written from: alerts, addresses, names of places, and where the link leads."""

    inbox: Inbox
    recipients: Work[Recipient, None]
    vault: Vault
    units: Units
    link: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One claimed try."""

    notice: Notice
    channel: str
    number: int

    @property
    def key(self) -> str:
        """The key of the message: every try over this channel has the same."""
        return message_key(self.notice.notice_id, self.channel)


class NoticeCourier(Rounds):
    """Sends what waits, in rounds."""

    def __init__(
        self,
        notices: Notices,
        work: Door,
        channels: Mapping[str, Channel],
        around: Around,
        health: Health,
        clock: Clock,
        *,
        name: str = "",
    ) -> None:
        self._notices, self._work, self._channels = notices, work, channels
        self._around, self._health, self._clock = around, health, clock
        self._name = name or uuid.uuid4().hex
        self._room = asyncio.Semaphore(AT_ONCE)

    async def start(self) -> None:
        """Begin the rounds."""
        self.begin(self.go_on(), "notice-courier")

    async def round(self) -> int:
        """Send what waits now, at most one round; return how many notices were tried."""
        turns = await self._claimed(await self._notices.waiting(self._clock.now(), ROUND_MAX))
        tally = Tally()
        reports = await asyncio.gather(*(self._one(turn, tally) for turn in turns))
        if reports:
            await self._work.run_batch(list(reports))
            await self._health.add(tally)
        return len(turns)

    async def _claimed(self, waiting: list[Notice]) -> list[Turn]:
        if not waiting:
            return []
        resting = await self._health.resting()
        claims = [
            Errand(
                ClaimNotice(one.notice_id, resting),
                _cause(one.notice_id, "claim", str(one.turn), one.channel, one.state, self._name),
            )
            for one in waiting
        ]
        results = await self._work.run_batch(claims)
        return [
            Turn(one, result.answer["channel"], result.answer["turn"])
            for one, result in zip(waiting, results, strict=True)
            if result.answer.get("claimed")
        ]

    async def _one(self, turn: Turn, tally: Tally) -> Errand:
        """Send one notice and return the report of it."""
        notice_id, number = turn.notice.notice_id, str(turn.number)
        async with self._room:
            found = await self._around.inbox.find(turn.notice.alert_id)
            alert = found.alert if found else None
            report: OnNotice
            if found is None or alert is None or not alert.is_open or alert.taken:
                report = DropNotice(notice_id)
            else:
                try:
                    taken = await self._send(turn, found, alert)
                except Undelivered as fault:
                    log.warning("notice not delivered", channel=turn.channel, fault=fault.fault)
                    tally.failed(turn.channel, fault)
                    report = NoticeFailed(notice_id, turn.number, fault.fault, fault.is_final, fault.after)
                except Exception as fault:
                    # One that cannot be sent at all must not take the reports of its neighbours with it.
                    log.exception("notice cannot be sent", channel=turn.channel)
                    report = NoticeFailed(notice_id, turn.number, type(fault).__name__)
                else:
                    tally.sent(turn.channel)
                    report = NoticeSent(notice_id, turn.channel, taken.receipt_within)
        return Errand(report, _cause(notice_id, type(report).__name__, number))

    async def _send(self, turn: Turn, condition: Condition, alert: Alert) -> Taken:
        """Send to the person's address; raises `Undelivered`, also when there is none any more."""
        recipient = await self._around.recipients.read(turn.notice.subject)
        channel = self._channels.get(turn.channel)
        if recipient is None or channel is None:
            raise Undelivered("not registered", is_final=True, is_gone=True)
        if turn.channel == PUSH:
            return await self._push(turn, condition, alert, recipient.devices)
        contact = recipient.contact(turn.channel)
        if contact is None or not contact.is_on or not contact.sealed:
            raise Undelivered("no address", is_final=True, is_gone=True)
        return await channel.send(self._written(turn, condition, alert, contact.sealed))

    async def _push(
        self, turn: Turn, condition: Condition, alert: Alert, devices: tuple[Device, ...]
    ) -> Taken:
        """Send to every browser of the person: one that takes it is enough, one that is gone is forgotten."""
        faults: list[Undelivered] = []
        for device in devices:
            try:
                await self._channels[PUSH].send(self._written(turn, condition, alert, device.sealed))
            except Undelivered as fault:
                faults.append(fault)
                if fault.is_gone:
                    await self._forget(turn.notice.subject, device)
        if len(faults) < len(devices):
            return Taken()
        passing = next((fault for fault in faults if not fault.is_gone), None)
        raise passing or Undelivered("no browser left", is_final=True, is_gone=True)

    async def _forget(self, subject: str, device: Device) -> None:
        cause = Cause(derived_id("push-gone", subject, device.device_id, device.added_at.isoformat()))
        await self._around.recipients.run(RemoveDevice(Actor(subject), device.device_id), cause)

    def _written(self, turn: Turn, condition: Condition, alert: Alert, sealed: str) -> Message:
        around, subject = self._around, turn.notice.subject
        to = around.vault.open(sealed, data_class=ADDRESS, person_id=subject) | {"subject": subject}
        return message(condition, alert, around.units, key=turn.key, to=to, link=around.link)


def message_key(notice_id: str, channel: str) -> str:
    """Return the key of a message, from which a receipt finds its notice."""
    return f"{channel}.{notice_id}"


def _cause(notice_id: str, *words: str) -> Cause:
    return Cause(derived_id("notice", notice_id, *words))
