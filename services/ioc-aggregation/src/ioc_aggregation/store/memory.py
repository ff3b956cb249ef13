"""The totals in memory, for tests. `fault` may raise at every step that a crash could separate."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from ioc_aggregation.domain.fold import AlertNote, DirectiveNote, Tally
from ioc_aggregation.domain.known import Later, LaterFact, LaterSum
from ioc_aggregation.domain.province import Document
from ioc_aggregation.domain.totals import NOTHING_YET, Addition, DocumentId, PerCommune, Place, Placed
from ioc_aggregation.ports import AlertRow, Mail, MailState, News


def _no_fault(_step: str) -> None:
    """Nothing goes wrong."""


class MemoryTotals:
    """Same promises as the Mongo store: single documents are atomic, batches are not."""

    def __init__(self, fault: Callable[[str], None] = _no_fault) -> None:
        self.fault = fault
        self.generation = 0
        self.facts: dict[str, tuple[Tally, Place]] = {}
        self.documents: dict[DocumentId, Document] = {}
        self.alerts: dict[str, tuple[int, AlertRow]] = {}
        self.directives: dict[str, dict[int, DirectiveNote]] = {}

    async def claim(self, placed: list[Placed]) -> Mapping[str, Place]:
        """Keep new facts one by one: a crash may leave some of them kept."""
        owners = {}
        for each in placed:
            self.fault("claim")
            _, owners[each.tally.fact_id] = self.facts.setdefault(
                each.tally.fact_id, (each.tally, each.place)
            )
        return owners

    async def upto(self, documents: Iterable[DocumentId]) -> Mapping[DocumentId, int]:
        """Return how far each existing document has read."""
        return {d: self.documents[d].upto for d in documents if d in self.documents}

    async def add(self, additions: list[Addition]) -> set[DocumentId]:
        """Apply additions one by one: a crash may leave some of them applied."""
        losers = set()
        for addition in additions:
            self.fault("add")
            known = self.documents.get(addition.document)
            if (known.upto if known else NOTHING_YET) != addition.after:
                losers.add(addition.document)
            else:
                self.documents[addition.document] = _added(known, addition)
        return losers

    async def note(self, notes: list[AlertNote | DirectiveNote]) -> None:
        """Keep the latest note of each alert, and every note about directives."""
        for note in notes:
            self.fault("note")
            if isinstance(note, DirectiveNote):
                self.directives.setdefault(note.area_code, {})[note.sequence] = note
            else:
                self._note_alert(note)

    async def news(self) -> News:
        """Return everything: small enough in memory."""
        rows = [row for _, row in self.alerts.values()]
        directives = {code: list(told.values()) for code, told in self.directives.items()}
        return News(list(self.documents.values()), rows, directives)

    async def all_documents(self, since: date | None = None) -> list[Document]:
        """Return all documents, flows only from *since* on."""
        return [d for d in self.documents.values() if not (since and d.id.day and d.id.day < since)]

    async def ensure_indexes(self) -> None:
        """A dict needs none."""

    async def later(self, at: datetime, communes: Collection[str], upto: Mapping[DocumentId, int]) -> Later:
        """Return what was recorded after *at*: every fact alone, and again at the edge if it is ahead."""
        mine = [(tally, place) for tally, place in self.facts.values() if tally.commune_code in communes]
        sums, edge = [], []
        told: dict[str, datetime] = {}
        heard: dict[str, datetime] = {}
        for tally, place in mine:
            code, recorded = tally.commune_code, tally.recorded_at
            if recorded <= at:
                told = _latest(told, {code: recorded})
                heard = _latest(heard, {code: recorded} if tally.speaks else {})
                continue
            late = int(tally.is_late)
            sums += [LaterSum(code, tally.day, name, n, late) for name, n in tally.deltas.items()]
            documents = (DocumentId(place.partition, day) for day in (tally.day, None))
            if place.offset > min(upto.get(document, NOTHING_YET) for document in documents):
                edge.append(LaterFact(place, code, tally.day, tally.deltas, tally.is_late))
        return Later(sums, edge, told, heard)

    def _note_alert(self, note: AlertNote) -> None:
        sequence, row = self.alerts.get(note.alert_id, (-1, None))
        raised = [at for at in (note.raised_at, row.raised_at if row else None) if at]
        first = min(raised, default=None)
        if note.sequence > sequence or row is None:
            new = (note.state, note.condition, note.severity, note.commune_code, first, note.at)
            self.alerts[note.alert_id] = (note.sequence, AlertRow(note.alert_id, *new))
        else:
            old = (row.state, row.condition, row.severity, row.commune_code, first, row.at)
            self.alerts[note.alert_id] = (sequence, AlertRow(note.alert_id, *old))


def _added(known: Document | None, addition: Addition) -> Document:
    base = known or Document(addition.document, NOTHING_YET)
    return Document(
        addition.document,
        addition.upto,
        _sums(base.counters, addition.counters),
        _sums(base.late, addition.late),
        _latest(base.heard, addition.heard),
        _latest(base.told, addition.told),
        max((at for at in (base.last, addition.last) if at), default=None),
    )


def _sums(first: PerCommune, second: PerCommune) -> PerCommune:
    found = {commune: dict(metrics) for commune, metrics in first.items()}
    for commune, metrics in second.items():
        sums = found.setdefault(commune, {})
        for metric, amount in metrics.items():
            sums[metric] = sums.get(metric, 0) + amount
    return found


def _latest(first: Mapping[str, datetime], second: Mapping[str, datetime]) -> dict[str, datetime]:
    found = dict(first)
    for commune, at in second.items():
        found[commune] = max(at, found.get(commune, at))
    return found


class MemoryMails:
    """Which report was sent to whom, in a dict."""

    def __init__(self) -> None:
        self.rows: dict[tuple[datetime, str], Mail] = {}

    async def ensure_indexes(self) -> None:
        """A dict needs none."""

    async def plan(self, slot: datetime, recipients: Sequence[str]) -> None:
        """Note that *recipients* await the report of *slot*."""
        for recipient in recipients:
            self.rows.setdefault((slot, recipient), Mail(slot, recipient))

    async def due(self, slot: datetime, now: datetime) -> list[Mail]:
        """Return who still awaits the report of *slot* and may be tried now."""
        rows = [row for row in self.rows.values() if row.slot == slot and row.next_at <= now]
        return [row for row in rows if row.state == MailState.WAITING]

    async def put(self, mail: Mail) -> None:
        """Keep what became of a mail."""
        self.rows[mail.slot, mail.recipient] = mail

    async def newest(self, limit: int) -> list[Mail]:
        """Return the newest rows."""
        rows = sorted(self.rows.values(), key=lambda row: row.recipient)
        return sorted(rows, key=lambda row: row.slot, reverse=True)[:limit]
