"""Where people say how they are called, try it, and see it."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Final

from alerting.channels.hooks import secret_for
from alerting.channels.notices import ADDRESS
from alerting.channels.post import is_allowed
from alerting.channels.wording import trial
from alerting.domain.channels import CHANNELS, CHAT, EMAIL, PUSH, SMS, WEBHOOK
from alerting.domain.errors import ChannelOff, NobodyThere, NotAnAddress, NotTried
from alerting.domain.recipients import (
    AddDevice,
    Contact,
    Device,
    Greet,
    OnRecipient,
    Quiet,
    Recipient,
    RemoveDevice,
    SavePreferences,
)
from alerting.ports import Channel, Undelivered
from alerting.views.recipient_bodies import (
    ContactBody,
    ContactView,
    DeviceBody,
    DeviceView,
    PreferencesBody,
    PreferencesView,
    QuietBody,
    TrialView,
)
from common.kernel.areas import Actor
from common.kernel.clock import Clock
from common.kernel.ids import derived_id
from common.mongo.sealing import Vault
from common.people.phones import NotAPhone, phone_number
from common.webpush import NotASubscription, Subscription
from common.work.engine import Work
from common.work.model import Cause

FIELDS: Final = {EMAIL: "email", SMS: "phone", WEBHOOK: "url", CHAT: "url"}
"""What the address of a channel is called."""
_MAILBOX: Final = r"^[^@\s,;<>\"]{1,64}@[A-Za-z0-9.-]{1,253}$"


@dataclass(frozen=True, slots=True)
class Hosts:
    """To which hosts messages may go, by channel."""

    push: tuple[str, ...] = ()
    webhook: tuple[str, ...] = ()
    chat: tuple[str, ...] = ()


@dataclass(frozen=True)
class Registry:
    """Where people say how they are called."""

    work: Work[Recipient, None]
    channels: Mapping[str, Channel]
    vault: Vault
    clock: Clock
    hosts: Hosts
    webhook_key: bytes
    push_key: str
    link: str

    async def shown(self, actor: Actor) -> PreferencesView:
        """Return how *actor* is called, with channels not chosen yet at the end and off."""
        person = await self.work.read(actor.subject)
        known = person or Recipient(actor.subject)
        chosen = [one.channel for one in known.contacts]
        rest = [Contact(name, is_on=False) for name in CHANNELS if name not in chosen]
        quiet = known.quiet
        return PreferencesView(
            is_registered=person is not None,
            contacts=[self._contact(actor, one) for one in (*known.contacts, *rest)],
            devices=[
                DeviceView(device_id=d.device_id, label=d.label, added_at=d.added_at) for d in known.devices
            ],
            quiet=QuietBody(start=f"{quiet.start:%H:%M}", end=f"{quiet.end:%H:%M}") if quiet else None,
            push_key=self.push_key,
        )

    async def save(self, actor: Actor, body: PreferencesBody, cause: Cause) -> PreferencesView:
        """Keep the wishes of *actor*; raises `NotAnAddress`."""
        names = [one.channel for one in body.contacts]
        if len(set(names)) < len(names):
            raise NotAnAddress("Mỗi kênh chỉ chọn một lần.", field="contacts")
        contacts = tuple(self._sealed(actor, place, one) for place, one in enumerate(body.contacts))
        hours = body.quiet
        quiet = Quiet(time.fromisoformat(hours.start), time.fromisoformat(hours.end)) if hours else None
        return await self._done(SavePreferences(actor, contacts, quiet), cause)

    async def add_device(self, actor: Actor, body: DeviceBody, cause: Cause) -> PreferencesView:
        """Register a browser; raises `ChannelOff`, `NotAnAddress`."""
        if PUSH not in self.channels:
            raise ChannelOff
        if not is_allowed(body.endpoint, self.hosts.push):
            raise NotAnAddress("Trình duyệt này dùng dịch vụ thông báo chưa được phép. Hãy báo quản trị.")
        try:
            Subscription(body.endpoint, body.p256dh, body.auth).keys()
        except NotASubscription:
            raise NotAnAddress("Khóa của trình duyệt không đúng. Hãy tắt rồi bật lại.") from None
        sealed = self._seal(actor, body.model_dump(include={"endpoint", "p256dh", "auth"}))
        # The page finds its own browser among the registered ones by the same digest.
        device_id = hashlib.sha256(body.endpoint.encode()).hexdigest()[:32]
        device = Device(device_id, body.label, self.clock.now(), sealed)
        return await self._done(AddDevice(actor, device), cause)

    async def remove_device(self, actor: Actor, device_id: str, cause: Cause) -> PreferencesView:
        """Forget a browser."""
        return await self._done(RemoveDevice(actor, device_id), cause)

    async def greet(self, actor: Actor, cause: Cause) -> PreferencesView:
        """Note that *actor* is here, in these roles and areas."""
        return await self._done(Greet(actor), cause)

    async def trial(self, actor: Actor, channel: str) -> TrialView:
        """Send a test over one channel; at most one a minute leaves, whoever presses how often."""
        person = await self.work.read(actor.subject)
        if person is None:
            raise NobodyThere
        if channel not in person.plan(frozenset(self.channels)):
            raise ChannelOff
        sealed = [d.sealed for d in person.devices] if channel == PUSH else [_address(person, channel)]
        faults = [await self._try(actor, channel, one) for one in sealed]
        if all(faults):
            raise NotTried(f"Kênh không nhận tin thử ({faults[0]}). Hãy kiểm tra địa chỉ rồi thử lại.")
        return TrialView(channel=channel, taken=True)

    async def _try(self, actor: Actor, channel: str, sealed: str) -> str:
        now = self.clock.now()
        key = derived_id("trial", actor.subject, channel, f"{now:%Y%m%d%H%M}")
        to = self.vault.open(sealed, data_class=ADDRESS, person_id=actor.subject)
        try:
            await self.channels[channel].send(
                trial(f"{channel}.{key}", to | {"subject": actor.subject}, self.link, now)
            )
        except Undelivered as fault:
            return fault.fault
        return ""

    async def _done(self, command: OnRecipient, cause: Cause) -> PreferencesView:
        await self.work.run(command, cause)
        return await self.shown(command.by)

    def _contact(self, actor: Actor, contact: Contact) -> ContactView:
        address = ""
        if contact.sealed:
            opened = self.vault.open(contact.sealed, data_class=ADDRESS, person_id=actor.subject)
            address = str(opened[FIELDS[contact.channel]])
        is_hook = contact.channel == WEBHOOK and bool(address)
        secret = secret_for(self.webhook_key, actor.subject, address) if is_hook else b""
        return ContactView(
            channel=contact.channel,
            is_on=contact.is_on,
            is_installed=contact.channel in self.channels,
            address=address,
            secret=base64.b64encode(secret).decode(),
        )

    def _sealed(self, actor: Actor, place: int, body: ContactBody) -> Contact:
        if body.channel == PUSH:
            return Contact(PUSH, body.is_on)
        if not body.address and body.is_on:
            raise NotAnAddress("Hãy ghi địa chỉ cho kênh đang bật, hoặc tắt kênh.", field=f"contacts.{place}")
        if not body.address:
            return Contact(body.channel, False)
        address = self._checked(body, f"contacts.{place}.address")
        return Contact(body.channel, body.is_on, self._seal(actor, {FIELDS[body.channel]: address}))

    def _checked(self, body: ContactBody, field: str) -> str:
        match body.channel:
            case "sms":
                number = phone_number(body.address, field=field)
                if number.startswith("+842"):
                    raise NotAPhone("Tin nhắn cần số di động, không phải số cố định.", field=field)
                return number
            case "email":
                if not re.fullmatch(_MAILBOX, body.address):
                    raise NotAnAddress("Địa chỉ thư phải có dạng ten@donvi.gov.vn.", field=field)
            case _:
                hosts = self.hosts.webhook if body.channel == WEBHOOK else self.hosts.chat
                if not is_allowed(body.address, hosts):
                    allowed = ", ".join(hosts) or "chưa có máy chủ nào"
                    raise NotAnAddress(f"Địa chỉ phải là https và thuộc: {allowed}.", field=field)
        return body.address

    def _seal(self, actor: Actor, fields: dict[str, Any]) -> str:
        return self.vault.seal(fields, data_class=ADDRESS, person_id=actor.subject)


def _address(person: Recipient, channel: str) -> str:
    contact = person.contact(channel)
    if contact is None:
        raise ChannelOff
    return contact.sealed
