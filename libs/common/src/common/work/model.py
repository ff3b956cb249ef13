"""What goes into the unit of work and what comes out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from zlib import crc32

from common.kernel.decision import Decide, Fact, Timer, TimerFired
from common.kernel.values import value

S = TypeVar("S")
R = TypeVar("R")

SHARDS = 16
"""Hash shards of timers: a worker owns some of them instead of leasing rows."""

MISSING_CAP = 32
"""How many skipped sequences of one source an aggregate remembers as still possible."""
RESULTS_CAP = 16
"""How many answers an aggregate keeps for repeated HTTP requests."""
RECENT_CAP = 16
"""How many consumed records an aggregate remembers against near duplicates."""


def shard_of(aggregate_id: str) -> int:
    """Return the timer shard of an aggregate: stable over processes and restarts."""
    return crc32(aggregate_id.encode()) % SHARDS


@value
class Cause:
    """
    Why a command exists: an HTTP request, a consumed event, or a timer.

    *id* is deterministic (idempotency key, event id, timer token): the same cause is applied once.
    *source* and *sequence* say where the cause stands in an ordered stream (subject of a foreign
    aggregate and its sequence, or topic-partition and offset); empty for HTTP.
    *gapless* is true when sequences of the source count by one, so that a skipped one may still come.
    *partition* ("topic:partition") and *offset* say which record brought it, for read models that
    remember how far they have read; empty and -1 for other causes.
    """

    id: str
    source: str = ""
    sequence: int = 0
    gapless: bool = False
    correlation_id: str = ""
    traceparent: str = ""
    partition: str = field(default="", compare=False)
    offset: int = field(default=-1, compare=False)


@value
class Errand:
    """One command with its cause."""

    command: Any
    cause: Cause


class Outcome(StrEnum):
    """What became of an errand."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@value
class Result:
    """
    Outcome of one errand: the answer, or what stopped it before any write.

    *error* is a `DomainError` when the domain refused, any other exception when its decision broke:
    such a command is answered or dead-lettered alone and never blocks its batch.
    """

    outcome: Outcome
    answer: dict[str, Any] = field(default_factory=dict)
    error: Exception | None = None


class Payload(Protocol):
    """A contract event body, as `common.contracts` defines them."""

    type: ClassVar[str]
    topic: ClassVar[str]

    def model_dump_json(self, *, exclude_none: bool = False) -> str:
        """Return the JSON value for the bus."""


@value
class OutboxEntry:
    """A fact waiting inside its aggregate until the relay has published it."""

    id: str
    type: str
    topic: str
    subject: str
    sequence: int
    recorded_at: datetime
    data: str
    correlation_id: str = ""
    causation_id: str = ""
    traceparent: str = ""


@value
class Mark:
    """How far one source has been applied: the highest sequence and those still missing below it."""

    high: int
    missing: tuple[int, ...] = ()


@dataclass(frozen=True)  # without slots: a store makes the next one `with_changes`
class Stored(Generic[S]):
    """
    An aggregate as kept: state, version, inbox, pending timers. The outbox stays in the store.

    The inbox is *marks* (ordered sources), *results* (causes that were answered) and *recent* (digests of
    the last unordered causes that nobody waits for).
    """

    state: S
    version: int = 0
    marks: dict[str, Mark] = field(default_factory=dict)
    results: tuple[tuple[str, dict[str, Any]], ...] = ()
    recent: bytes = b""
    timers: tuple[Timer, ...] = ()
    sequences: dict[str, int] = field(default_factory=dict)
    kept: Any = field(default=None, compare=False, repr=False)
    """The state in the words of its store, where it comes from there: nobody else looks into it."""


@value
class Change(Generic[S]):
    """
    One aggregate to save: what it becomes, from which version, and its new facts.

    *before* is what was decided upon; a store that knows it need write only what differs.
    """

    aggregate_id: str
    stored: Stored[S]
    expected_version: int
    outbox: tuple[OutboxEntry, ...] = ()
    before: Stored[S] | None = None


@dataclass(frozen=True, slots=True)
class NewRecord(Generic[S]):
    """One row to append: its id is deterministic, so appending it twice keeps the first."""

    record_id: str
    row: S
    answer: dict[str, Any]
    outbox: tuple[OutboxEntry, ...] = ()


class RecordStore(Protocol[S]):
    """Where append-only rows live (declarations, scans)."""

    async def append(self, records: list[NewRecord[S]]) -> dict[str, dict[str, Any]]:
        """Append what is new; return the first answer of each record that was already there."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """The facts of one document that the relay has yet to publish, oldest first."""

    document_id: str
    entries: tuple[OutboxEntry, ...]


class Outbox(Protocol):
    """A collection whose documents carry unsent facts."""

    @property
    def name(self) -> str:
        """By which the relay is told that there are new facts."""

    async def unsent(self, limit: int) -> list[Unsent]:
        """Return documents with unsent facts, the longest waiting first."""

    async def clear(self, sent: list[Unsent]) -> None:
        """Forget exactly these facts; facts added meanwhile stay."""

    async def backlog(self) -> tuple[int, datetime | None]:
        """Return how many documents wait and since when the oldest does."""


class TimerSource(Protocol):
    """A collection whose documents carry pending timers."""

    async def due(self, now: datetime, shards: list[int], limit: int) -> list[TimerFired]:
        """Return timers of these shards that are due, the longest overdue first."""

    async def has_timers(self) -> bool:
        """Tell whether any timer is pending, of whatever shard and however far away."""


class AggregateStore(Protocol[S]):
    """Where aggregates live. Two implementations pass one contract suite: Mongo and memory."""

    async def load(self, ids: list[str]) -> dict[str, Stored[S]]:
        """Return the aggregates that exist among *ids*."""

    def recall(self, ids: Iterable[str]) -> dict[str, Stored[S]]:
        """
        Return those of *ids* that need not be loaded, as this process last met them.

        They may be stale: only a `save` that finds their version proves that they were not.
        """

    async def save(self, changes: list[Change[S]]) -> set[str]:
        """Save each change whose version still holds; return the ids of the losers."""


@dataclass(frozen=True, slots=True)
class Heart(Generic[S, R]):
    """
    The pure heart of a service for one kind of aggregate.

    *decide* is the domain's function; *to_event* maps a domain fact to its contract event;
    *rules* returns the dated rules in force (read once per batch).
    """

    name: str
    decide: Decide[S, R]
    to_event: Callable[[Fact], Payload]
    rules: Callable[[], R]
