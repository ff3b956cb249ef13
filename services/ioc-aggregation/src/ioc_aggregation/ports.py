"""What this service needs from outside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
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
