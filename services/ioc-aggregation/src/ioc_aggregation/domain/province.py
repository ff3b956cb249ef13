"""The totals of the whole province in memory: the sum of all totals documents, by commune."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ioc_aggregation.domain.metrics import METRICS, Kind
from ioc_aggregation.domain.totals import DocumentId, PerCommune

_NONE: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Document:
    """One totals document as stored: `Addition`s summed up."""

    id: DocumentId
    upto: int
    counters: PerCommune = field(default_factory=dict)
    late: PerCommune = field(default_factory=dict)
    heard: Mapping[str, datetime] = field(default_factory=dict)
    told: Mapping[str, datetime] = field(default_factory=dict)
    last: datetime | None = None


class Province:
    """
    Sums documents; the newest version of each replaces the former one.

    Communes, and nothing else, are kept: districts and the province are their sums by construction.
    """

    def __init__(self, documents: Iterable[Document] = ()) -> None:
        self.heard: dict[str, datetime] = {}
        self.told: dict[str, datetime] = {}
        self.sources: dict[str, datetime] = {}
        self._stocks: PerCommune = defaultdict(dict)
        self._flows: dict[date, PerCommune] = defaultdict(lambda: defaultdict(dict))
        self._late: dict[date, PerCommune] = defaultdict(lambda: defaultdict(dict))
        self._documents: dict[DocumentId, Document] = {}
        for document in documents:
            self.put(document)

    def put(self, document: Document) -> set[str] | None:
        """Take a newer version of *document*; return the communes that changed, None if it is not newer."""
        known = self._documents.get(document.id)
        if known is not None and known.upto >= document.upto:
            return None
        changed = self._replace(known, document)
        self._documents[document.id] = document
        changed |= _latest(self.heard, document.heard) | _latest(self.told, document.told)
        if document.last is not None:
            _latest(self.sources, {document.id.partition.rpartition(":")[0]: document.last})
        return changed

    def upto(self) -> dict[DocumentId, int]:
        """Return how far each document has read."""
        return {document.id: document.upto for document in self._documents.values()}

    def copied(self) -> "Province":
        """Return a copy that may be changed: what is put here later does not show in it."""
        copy = Province()
        copy.heard, copy.told, copy.sources = dict(self.heard), dict(self.told), dict(self.sources)
        copy._documents = dict(self._documents)
        copy._stocks.update(_twin(self._stocks))
        for mine, its in ((self._flows, copy._flows), (self._late, copy._late)):
            for day, communes in mine.items():
                its[day].update(_twin(communes))
        return copy

    def change(
        self, day: date | None, commune: str, counters: Mapping[str, int], late: Mapping[str, int] = _NONE
    ) -> None:
        """Add to the sums of a day, or of the stocks, without any document; what comes to nothing is gone."""
        _add(self._stocks if day is None else self._flows[day], commune, counters)
        if day is not None:
            _add(self._late[day], commune, late)

    def communes(self) -> set[str]:
        """Return the codes of all communes that any fact was about."""
        return set(self.told) | set(self._stocks)

    def stock(self, commune: str) -> Mapping[str, int]:
        """Return the stocks of a commune now."""
        return self._stocks.get(commune, _NONE)

    def flow(self, day: date, commune: str) -> Mapping[str, int]:
        """Return what changed in a commune on a day: flows, and the net change of stocks."""
        return self._flows[day].get(commune, _NONE) if day in self._flows else _NONE

    def late(self, day: date, commune: str) -> Mapping[str, int]:
        """Return how many late facts changed each figure of a commune and day."""
        return self._late[day].get(commune, _NONE) if day in self._late else _NONE

    def after(self, day: date) -> list[PerCommune]:
        """Return what changed on each day after *day*: a stock less these is the stock at its end."""
        return [changes for later, changes in self._flows.items() if later > day]

    def value(self, commune: str, metric: str, day: date) -> int:
        """Return the value of a figure on *day*; of a stock, at the end of that day."""
        if METRICS[metric].kind is Kind.FLOW:
            return self.flow(day, commune).get(metric, 0)
        since = sum(changes.get(commune, _NONE).get(metric, 0) for changes in self.after(day))
        return self.stock(commune).get(metric, 0) - since

    def totals(self) -> dict[str, dict[str, int]]:
        """Return every figure ever counted, by commune and, for flows, by day: what a replay must equal."""
        found = {f"{commune} now": dict(counters) for commune, counters in self._stocks.items()}
        for day, communes in self._flows.items():
            found |= {f"{commune} {day}": dict(counters) for commune, counters in communes.items()}
        kept = {key: {name: n for name, n in sorted(each.items()) if n} for key, each in found.items()}
        return {key: each for key, each in sorted(kept.items()) if each}

    def _replace(self, before: Document | None, after: Document) -> set[str]:
        day = after.id.day
        counters = before.counters if before else {}
        if day is None:
            return _exchange(self._stocks, counters, after.counters)
        late = before.late if before else {}
        return _exchange(self._flows[day], counters, after.counters) | _exchange(
            self._late[day], late, after.late
        )


def _twin(communes: PerCommune) -> PerCommune:
    return {commune: dict(metrics) for commune, metrics in communes.items()}


def _add(sums: PerCommune, commune: str, counters: Mapping[str, int]) -> None:
    into = sums[commune]
    for metric, amount in counters.items():
        into[metric] = into.get(metric, 0) + amount
        if not into[metric]:
            del into[metric]


def _exchange(sums: PerCommune, before: PerCommune, after: PerCommune) -> set[str]:
    """Put *after* in the place of *before* in the sums; most communes of a document did not change."""
    changed = set()
    for commune, metrics in after.items():
        known = before.get(commune, _NONE)
        if known == metrics:
            continue
        changed.add(commune)
        into = sums[commune]
        for metric, amount in metrics.items():
            into[metric] = into.get(metric, 0) + amount - known.get(metric, 0)
    return changed


def _latest(into: dict[str, datetime], more: Mapping[str, datetime]) -> set[str]:
    changed = set()
    for key, at in more.items():
        if key not in into or into[key] < at:
            into[key] = at
            changed.add(key)
    return changed
