"""
How people want to be called: their channels in their order, their quiet hours, their browsers, their duty.

A person registers themselves; roles and areas are those of the token with which they last came, and lapse
when they stay away. Addresses are sealed before they reach the domain.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any, Final

from alerting.domain.channels import CHANNELS, PUSH
from alerting.domain.duty import NO_DUTY, Duty, Hours, checked_until
from alerting.domain.errors import NobodyThere, TooManyDevices
from common.kernel.areas import Actor
from common.kernel.clock import VIETNAM
from common.kernel.decision import Decision
from common.kernel.forgetting import Forget, forgotten

LAPSES_AFTER: Final = timedelta(days=60)
"""Who has not opened inbox or settings for so long may have left: nobody is called on an old promise."""
SEEN_EVERY: Final = timedelta(hours=12)
DEVICES_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class Contact:
    """One channel of one person; *sealed* is the address, empty for push (the browsers are the address)."""

    channel: str
    is_on: bool = True
    sealed: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Device:
    """A browser that takes push messages."""

    device_id: str
    label: str
    added_at: datetime
    sealed: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the Vietnamese day without calls that can wait; *start* after *end* goes over midnight."""

    start: time
    end: time

    def over(self, now: datetime) -> datetime:
        """Return *now*, or the end of the quiet hours that it falls into."""
        local = now.astimezone(VIETNAM)
        at, crosses = local.time(), self.start > self.end
        is_quiet = (at >= self.start or at < self.end) if crosses else self.start <= at < self.end
        if not is_quiet:
            return now
        end = local.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)
        return end + timedelta(days=1) if end <= local else end


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person who is called."""

    subject: str
    roles: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    devices: tuple[Device, ...] = ()
    quiet: Quiet | None = None
    seen_at: datetime | None = None
    duty: Duty = NO_DUTY

    def is_current(self, now: datetime) -> bool:
        """Tell whether roles and areas may still be believed."""
        return self.seen_at is not None and now < self.seen_at + LAPSES_AFTER

    def plan(self, installed: frozenset[str]) -> tuple[str, ...]:
        """Return the channels over which the person can be called, in their order."""
        return tuple(
            contact.channel
            for contact in self.contacts
            if contact.is_on
            and contact.channel in installed
            and (self.devices if contact.channel == PUSH else contact.sealed)
        )

    def contact(self, channel: str) -> Contact | None:
        """Return the person's contact over *channel*."""
        return next((one for one in self.contacts if one.channel == channel), None)


@dataclass(frozen=True, slots=True)
class OnRecipient:
    """A wish about how one person is called; only they themselves have any."""

    by: Actor

    @property
    def aggregate_id(self) -> str:
        """Id of the recipient."""
        return self.by.subject


@dataclass(frozen=True, slots=True)
class SavePreferences(OnRecipient):
    """These channels in this order, and these quiet hours."""

    contacts: tuple[Contact, ...]
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True)
class AddDevice(OnRecipient):
    """A browser takes push messages from now on."""

    device: Device


@dataclass(frozen=True, slots=True)
class RemoveDevice(OnRecipient):
    """A browser no longer takes them: its owner said so, or the push service did."""

    device_id: str


@dataclass(frozen=True, slots=True)
class PlanDuty(OnRecipient):
    """The person is on call in these hours of every week."""

    hours: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class SwapDuty(OnRecipient):
    """On call or off it from now *until* then, whatever the plan says; None: the plan counts again."""

    is_on: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Greet(OnRecipient):
    """The person is here: roles and areas are what they are now."""


def decide_recipient(
    state: Recipient | None,
    command: Any,
    rules: None,  # noqa: ARG001
    now: datetime,
) -> Decision[Recipient]:
    """Decide one wish; nothing is told: who is reached how is nobody's business."""
    match command:
        case Forget():
            return _forget_addresses(state, command)
        case RemoveDevice() if state is not None:
            left = tuple(one for one in state.devices if one.device_id != command.device_id)
            return Decision(replace(state, devices=left) if left != state.devices else state)
        case RemoveDevice():
            raise NobodyThere
        case Greet():
            return Decision(
                _seen(state, command.by, now) if state and _is_news(state, command.by, now) else state
            )
        case SavePreferences():
            before = _seen(state, command.by, now)
            return Decision(replace(before, contacts=command.contacts, quiet=command.quiet))
        case PlanDuty():
            before = _seen(state, command.by, now)
            return Decision(replace(before, duty=replace(before.duty, hours=command.hours)))
        case SwapDuty():
            before = _seen(state, command.by, now)
            said = checked_until(command.is_on, command.until, now) if command.until else None
            return Decision(replace(before, duty=replace(before.duty, by_hand=said)))
        case AddDevice():
            return Decision(_with_device(_seen(state, command.by, now), command.device))
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def _forget_addresses(state: Recipient | None, command: Forget) -> Decision[Recipient]:
    """Forget how somebody is reached who is not here any more; who comes back says so anew."""
    if state is None or not (state.contacts or state.devices):
        return Decision(state)
    if state.seen_at is None or state.seen_at >= command.before:
        return Decision(state)
    return forgotten(Recipient(state.subject, seen_at=state.seen_at))


def _seen(state: Recipient | None, by: Actor, now: datetime) -> Recipient:
    before = state or Recipient(by.subject)
    return replace(before, roles=tuple(sorted(by.roles)), areas=tuple(sorted(by.area_codes)), seen_at=now)


def _is_news(state: Recipient, by: Actor, now: datetime) -> bool:
    known = (frozenset(state.roles), frozenset(state.areas)) == (by.roles, by.area_codes)
    return not known or state.seen_at is None or now >= state.seen_at + SEEN_EVERY


def _with_device(state: Recipient, device: Device) -> Recipient:
    others = tuple(one for one in state.devices if one.device_id != device.device_id)
    if len(others) >= DEVICES_MAX:
        raise TooManyDevices
    push = state.contact(PUSH)
    contacts = state.contacts
    if push is None:
        contacts = (Contact(PUSH), *contacts)
    elif not push.is_on:
        contacts = tuple(replace(one, is_on=True) if one is push else one for one in contacts)
    return replace(state, devices=(*others, device), contacts=contacts)


def known_channels(names: tuple[str, ...]) -> bool:
    """Tell whether *names* are channels, each once."""
    return len(set(names)) == len(names) and set(names) <= set(CHANNELS)
