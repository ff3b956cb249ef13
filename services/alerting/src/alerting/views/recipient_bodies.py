"""What people see and say of how they are called."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from alerting.domain.channels import CHANNELS
from common.http.bodies import Body

ChannelName = Literal["push", "sms", "email", "chat", "webhook"]
Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class ContactBody(Body):
    """One channel: on or off, and where."""

    channel: ChannelName
    is_on: bool = True
    address: str = Field(default="", max_length=500)


class QuietBody(Body):
    """From when to when nothing rings that can wait, by the Vietnamese clock."""

    start: Hour
    end: Hour


class PreferencesBody(Body):
    """Channels in the order in which they are tried, and quiet hours."""

    contacts: list[ContactBody] = Field(max_length=len(CHANNELS))
    quiet: QuietBody | None = None


class DeviceBody(Body):
    """A browser's subscription, as `PushSubscription.toJSON()` has it, and what its owner calls it."""

    endpoint: str = Field(max_length=1000, pattern=r"^https?://")
    p256dh: str = Field(max_length=120)
    auth: str = Field(max_length=40)
    label: str = Field(default="", max_length=60)


class TrialBody(Body):
    """Which channel to try."""

    channel: ChannelName


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class ContactView(_View):
    """One channel of the caller. *secret*: what a webhook's receiver checks signatures with."""

    channel: str
    is_on: bool
    is_installed: bool
    address: str = ""
    secret: str = ""


class DeviceView(_View):
    """A browser of the caller."""

    device_id: str
    label: str
    added_at: datetime


class PreferencesView(_View):
    """How the caller is called; *push_key* is what a browser needs to subscribe."""

    is_registered: bool
    contacts: list[ContactView]
    devices: list[DeviceView]
    quiet: QuietBody | None
    push_key: str = ""


class TrialView(_View):
    """What the test came to."""

    channel: str
    taken: bool
