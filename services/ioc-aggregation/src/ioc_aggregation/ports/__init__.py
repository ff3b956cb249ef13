"""What this service needs from outside."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Protocol

from ioc_aggregation.domain.fold import AlertNote, DirectiveNote
from ioc_aggregation.domain.known import Later
from ioc_aggregation.domain.province import Document
from ioc_aggregation.domain.totals import Addition, DocumentId, Place, Placed


class TotalsStore(Protocol):
    """Where facts and their totals are kept. Every write may be repeated."""

    @property
    def generation(self) -> int:
        """Which generation of the figures the last batch went to."""

    async def claim(self, placed: list[Placed]) -> Mapping[str, Place]:
        """Keep the facts that are new; return which record owns each fact. Raises transient faults only."""

    async def upto(self, documents: Iterable[DocumentId]) -> Mapping[DocumentId, int]:
        """Return how far each document has read, without those that do not exist."""

    async def add(self, additions: list[Addition]) -> set[DocumentId]:
        """Apply each addition whose document still stands where it stood; return the others' ids."""

    async def note(self, notes: list[AlertNote | DirectiveNote]) -> None:
        """Keep of each alert the note with the highest sequence, and every note about directives."""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert of the feed."""

    alert_id: str
    state: str
    condition: str
    severity: str
    commune_code: str
    raised_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class News:
    """What changed in the store since the last look: whole documents and rows, newest version."""

    documents: list[Document] = field(default_factory=list)
    alerts: list[AlertRow] = field(default_factory=list)
    directives: dict[str, list[DirectiveNote]] = field(default_factory=dict)
    """Of each area that was heard of, all that was ever told."""
    is_anew: bool = False
    """This is everything, of another generation: what was known before is void."""


class TotalsReader(Protocol):
    """Reads what the folding processes wrote."""

    async def news(self) -> News:
        """Return what changed since the last call; everything since the first day kept on the first one."""

    async def all_documents(self, since: date | None = None) -> list[Document]:
        """Return all totals documents, flows only from *since* on."""

    async def later(self, at: datetime, communes: Collection[str], upto: Mapping[DocumentId, int]) -> Later:
        """Return what was recorded after *at*; *upto* is how far the reader's documents have read."""


class MailState(StrEnum):
    """Where a report is on its way to one reader."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Mail:
    """The report of the hour *slot* for one reader; not tried before *next_at*."""

    slot: datetime
    recipient: str
    state: str = MailState.WAITING
    attempts: int = 0
    next_at: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    sent_at: datetime | None = None
    fault: str = ""


class Mails(Protocol):
    """Which report was sent to whom."""

    async def plan(self, slot: datetime, recipients: Sequence[str]) -> None:
        """Note that *recipients* await the report of *slot*; what is noted already stays."""

    async def due(self, slot: datetime, now: datetime) -> list[Mail]:
        """Return who still awaits the report of *slot* and may be tried now."""

    async def put(self, mail: Mail) -> None:
        """Keep what became of a mail."""

    async def newest(self, limit: int) -> list[Mail]:
        """Return the newest rows."""


class Totals(TotalsStore, TotalsReader, Protocol):
    """Facts and totals of one generation, or of whichever holds."""

    async def ensure_indexes(self) -> None:
        """Create what reading needs."""


Position = tuple[str, int, int]
"""Topic, partition and the next offset to read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """
    Which generation of the figures holds, and which one is being built (None: none is).

    *positions* is how far the one being built has read the log.
    """

    current: int = 0
    building: int | None = None
    positions: Sequence[Position] = ()


class Held(ConnectionError):
    """A switch of generations is being made: the same batch is to be tried again in a moment."""


class Generations(Protocol):
    """The one document that says which generation holds. Every method may be repeated after a crash."""

    async def ensure(self) -> None:
        """Make the document if there is none."""

    async def standing(self) -> Standing:
        """Return which generation holds."""

    async def for_writing(self) -> int:
        """Return which generation facts are to be added to; raises `Held` while nobody may add any."""

    async def begin(self) -> Standing:
        """Return the generation being built: the one left by a crash, or a new one."""

    async def note(self, number: int, positions: Sequence[Position]) -> None:
        """Keep how far the generation being built has read; what is not being built any more is ignored."""

    async def hold(self, number: int) -> None:
        """Let nobody add facts for some seconds: what was read until now is all that was ever added."""

    async def switch(self, number: int) -> bool:
        """Make *number* the one that holds, if facts are still held back for it; tell whether it was made."""

    async def release(self, number: int) -> None:
        """Let facts be added again."""

    async def abandon(self, number: int) -> None:
        """Give up the generation being built."""


class Dropping(Protocol):
    """Whoever can remove old generations."""

    async def drop_old(self, before: datetime) -> list[int]:
        """Remove generations that ceased to hold before *before*, or were never finished; return them."""


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison of the figures with the log; *differing* communes and days, *records* of the log."""

    at: datetime
    differing: int
    records: int
    seconds: float
    generation: int = 0

    @property
    def is_equal(self) -> bool:
        """Tell whether every figure was the same."""
        return self.differing == 0


class Checks(Protocol):
    """What the comparisons with the log found."""

    async def ensure_indexes(self) -> None:
        """Create what forgetting needs."""

    async def put(self, check: Check) -> None:
        """Keep the result of a comparison."""

    async def latest(self) -> Check | None:
        """Return the newest result, None if there never was one."""
