"""What alerting needs from outside: a place to look things up, and ways to reach people."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from alerting.domain.channels import Line
from alerting.domain.model import Alert, Condition, Delivery, Kind, Severity
from alerting.domain.notices import Notice
from alerting.domain.recipients import Recipient
from alerting.domain.stations import Station
from alerting.domain.storms import Count
from common.kernel.areas import Actor
from common.work.model import AggregateStore

TARGET: Final = timedelta(minutes=5)
"""An alert should be taken this soon; shown to the supervisor, decides nothing."""


@dataclass(frozen=True, slots=True)
class Today:
    """The day so far in somebody's area."""

    raised: int = 0
    taken: int = 0
    taken_in_target: int = 0
    climbed: int = 0
    false_alarms: int = 0


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """How a channel does: messages overdue, given up within the last hour, and the last one that went."""

    channel: str
    overdue: int = 0
    failed_last_hour: int = 0
    last_sent_at: datetime | None = None

    @property
    def is_dead(self) -> bool:
        """Tell whether people must not rely on it now."""
        return self.failed_last_hour > 0 or self.overdue > 0


class Inbox(Protocol):
    """Looks alerts up, always within what the asking person may see."""

    async def find(self, alert_id: str) -> Condition | None:
        """Return the condition whose present alert this is, whoever asks."""

    async def find_many(self, alert_ids: list[str]) -> list[Condition]:
        """Return the conditions whose present alert is one of these, whoever asks."""

    async def open_for(self, actor: Actor, limit: int) -> list[Condition]:
        """Return the open alerts of *actor*, the most severe and then the longest waiting first."""

    async def count_open_for(self, actor: Actor) -> dict[Severity, int]:
        """Return how many alerts are open for *actor*, by severity."""

    async def page_for(
        self, actor: Actor, *, is_open: bool, after: tuple[datetime, str] | None, limit: int
    ) -> list[Condition]:
        """Return alerts of *actor*, latest called first, beginning after (called_at, alert_id)."""

    async def today_for(self, actor: Actor, since: datetime) -> Today:
        """Return the sums over alerts raised since *since* in the sight of *actor*."""

    async def counts_for(self, actor: Actor, width: timedelta, now: datetime) -> list[Count]:
        """Return how many alerts are open for *actor*, by kind, commune and steps of *width* in time."""

    async def of_kind(self, kind: Kind) -> list[Condition]:
        """Return every condition of *kind* that ever had an alert; for kinds of which there are few."""

    def changes(self) -> AsyncIterator[Condition | None]:
        """Yield conditions as any process saves them; None when listening begins (again)."""


class Postbox(Protocol):
    """Finds messages that wait."""

    async def waiting(self, now: datetime, limit: int) -> list[Condition]:
        """Return conditions with a message to be tried by *now*, the longest waiting first."""

    async def health(self, channel: str, now: datetime) -> ChannelHealth:
        """Return how *channel* does."""


class Courses(Protocol):
    """Finds conditions that something happened to, whoever is called for them."""

    async def gone_through(self, area_codes: frozenset[str], since: datetime, limit: int) -> list[Condition]:
        """Return conditions in these areas that changed at or after *since*, the latest change first."""


class Answers(Protocol):
    """Knows how soon alerts were taken."""

    async def seconds_by_commune(
        self, area_codes: frozenset[str], since: datetime, until: datetime
    ) -> dict[str, list[float]]:
        """Return how long each acknowledgement in these areas took, by commune."""


class ConditionStore(AggregateStore[Condition], Inbox, Postbox, Courses, Protocol):
    """The one store of this service: the unit of work's side and the questions asked of it."""


class Undelivered(Exception):
    """
    The channel did not take the message.

    *fault*: a word for staff and logs that names nobody. *is_final*: no retry can help. *is_gone*: the
    address itself is at fault, not the channel. *after*: how long the channel asks to wait.
    """

    def __init__(
        self, fault: str, *, is_final: bool = False, is_gone: bool = False, after: timedelta = timedelta(0)
    ) -> None:
        super().__init__(fault)
        self.fault = fault
        self.is_final = is_final
        self.is_gone = is_gone
        self.after = after


@dataclass(frozen=True, slots=True)
class Message:
    """
    One message to one address, whatever the channel.

    *key* is the same for every attempt: a channel or receiver that gets it twice can tell. *brief* names
    neither person nor illness: it may stand on a locked screen; *body* names no person. *about* is for
    programs.
    """

    key: str
    to: Mapping[str, str] = field(repr=False)
    subject: str
    body: str = field(repr=False)
    brief: str
    link: str
    at: datetime
    is_urgent: bool = False
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """The channel took it. *receipt_within*: how soon it will say that it arrived; None: it never does."""

    receipt_within: timedelta | None = None


class Channel(Protocol):
    """A way to reach an address: the one port of all channels."""

    name: str

    async def send(self, message: Message) -> Taken:
        """Send one message; raises `Undelivered`."""

    async def probe(self) -> bool:
        """Try the line without a message; False: this channel cannot be tried so. Raises `Undelivered`."""

    def rest(self) -> None:
        """Let go of connections: nothing waits now."""


class Caller(Protocol):
    """Calls the holders of a rung: the box of the unit, or everybody who is registered for it."""

    async def call(self, condition: Condition, alert: Alert, delivery: Delivery) -> None:
        """
        Call them once; raises `Undelivered`.

        Calling for the same delivery twice must be recognisable for the receiver by its id.
        """

    def rest(self) -> None:
        """Let go of connections: nothing waits now."""


class Recipients(AggregateStore[Recipient], Protocol):
    """Who has registered to be called."""

    async def holders(self, roles_at: Collection[str], subject: str | None) -> list[Recipient]:
        """Return who has one of these `role@area`; given a *subject*, only that person."""

    async def within(self, codes: Collection[str]) -> list[Recipient]:
        """Return who serves one of these areas, by subject."""


class Notices(AggregateStore[Notice], Protocol):
    """The calls of people."""

    async def waiting(self, now: datetime, limit: int) -> list[Notice]:
        """Return notices that somebody may claim by *now*, the longest waiting first."""

    async def of_alert(self, alert_id: str) -> list[Notice]:
        """Return the calls about one alert, by rung."""


class Lines(AggregateStore[Line], Protocol):
    """How the channels do."""

    async def all(self) -> list[Line]:
        """Return every channel that was ever tried, by name."""


class Stations(Protocol):
    """The numbers of units, as their owner told them; the newest word wins in any order of arrival."""

    async def note(self, told: list[Station]) -> None:
        """Keep them."""

    async def near(self, codes: frozenset[str], facility_id: str) -> list[Station]:
        """Return those in or for one of these areas, and the one of that id."""

    async def ensure_indexes(self) -> None:
        """Create them."""
