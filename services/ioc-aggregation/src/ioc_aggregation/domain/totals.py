"""
How tallies become totals, effectively once.

Every record of the log belongs to one fact, and every fact to the one record that was stored first
(its owner); other records of the same fact are duplicates. Totals are kept in documents per
partition and day, and one per partition for stocks. Each document remembers up to which offset of
its partition it has added (`upto`) and takes later records only, so each is effectively once by
itself, and a crash between two documents heals when the records are delivered again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from ioc_aggregation.domain.fold import Deltas, Tally
from ioc_aggregation.domain.metrics import STOCKS

NOTHING_YET = -1
"""`upto` of a document that does not exist."""
PerCommune = dict[str, Deltas]


class Place(NamedTuple):
    """Where a record stands in the log: partition ("topic:number") and offset."""

    partition: str
    offset: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A tally with the record that brought it."""

    tally: Tally
    place: Place


class DocumentId(NamedTuple):
    """Which totals document: a partition with a day, or without one for its stocks."""

    partition: str
    day: date | None

    def text(self) -> str:
        """Return the id as stored."""
        return f"{self.partition}|{self.day.isoformat() if self.day else 'stock'}"


@dataclass(slots=True)
class Addition:
    """What one document shall add if it has read up to *after* and no further; then it has read *upto*."""

    document: DocumentId
    after: int
    upto: int
    counters: PerCommune = field(default_factory=lambda: defaultdict(dict))
    late: PerCommune = field(default_factory=lambda: defaultdict(dict))
    heard: dict[str, datetime] = field(default_factory=dict)
    told: dict[str, datetime] = field(default_factory=dict)
    last: datetime | None = None


def owned(placed: Iterable[Placed], owners: Mapping[str, Place]) -> list[Placed]:
    """
    Return the records that own their fact, first delivery or not.

    A redelivered owner is kept: whether its deltas were added is for each document's `upto` to say.
    """
    return [each for each in placed if owners[each.tally.fact_id] == each.place]


def documents(placed: Iterable[Placed]) -> set[DocumentId]:
    """Return the ids of all documents that *placed* may touch."""
    found = set()
    for each in placed:
        found.add(DocumentId(each.place.partition, each.tally.day))
        found.add(DocumentId(each.place.partition, None))
    return found


def additions(placed: Iterable[Placed], upto: Mapping[DocumentId, int]) -> list[Addition]:
    """Sum *placed* per document, leaving out what the document has added already."""
    found: dict[DocumentId, Addition] = {}
    for each in placed:
        partition, offset = each.place
        for document in (DocumentId(partition, each.tally.day), DocumentId(partition, None)):
            after = upto.get(document, NOTHING_YET)
            if offset <= after:
                continue
            addition = found.get(document)
            if addition is None:
                addition = found[document] = Addition(document, after, offset)
            addition.upto = max(addition.upto, offset)
            _add(addition, each.tally)
    return list(found.values())


def _add(addition: Addition, tally: Tally) -> None:
    commune, is_stock = tally.commune_code, addition.document.day is None
    counters = addition.counters[commune]
    for metric, amount in tally.deltas.items():
        if not is_stock or metric in STOCKS:
            counters[metric] = counters.get(metric, 0) + amount
    if not is_stock:
        if tally.is_late:
            late = addition.late[commune]
            for metric in tally.deltas:
                late[metric] = late.get(metric, 0) + 1
        return
    at = tally.recorded_at
    addition.told[commune] = max(at, addition.told.get(commune, at))
    addition.last = max(at, addition.last or at)
    if tally.speaks:
        addition.heard[commune] = max(at, addition.heard.get(commune, at))
