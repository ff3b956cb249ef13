"""What alerting needs from outside: a place to look things up, and ways to reach people."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from alerting.domain.model import Alert, Condition, Delivery, Kind, Severity
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
    """The channel did not take the message. *is_final*: no retry can help."""

    def __init__(self, fault: str, *, is_final: bool = False) -> None:
        super().__init__(fault)
        self.fault = fault
        self.is_final = is_final


class Channel(Protocol):
    """A way to reach the holders of a rung."""

    name: str

    async def send(self, condition: Condition, alert: Alert, delivery: Delivery) -> None:
        """
        Send one message; raises `Undelivered`.

        Sending the same delivery twice must be recognisable for the receiver by its id.
        """

    def rest(self) -> None:
        """Let go of connections: nothing waits now."""
