"""What this service needs from outside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Protocol

from ioc_aggregation.domain.fold import AlertNote, DirectiveNote
from ioc_aggregation.domain.province import Document
from ioc_aggregation.domain.totals import Addition, DocumentId, Place, Placed


class TotalsStore(Protocol):
    """Where facts and their totals are kept. Every write may be repeated."""

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


class TotalsReader(Protocol):
    """Reads what the folding processes wrote."""

    async def news(self) -> News:
        """Return what changed since the last call; everything since the first day kept on the first one."""

    async def all_documents(self, since: date | None = None) -> list[Document]:
        """Return all totals documents, flows only from *since* on."""


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
