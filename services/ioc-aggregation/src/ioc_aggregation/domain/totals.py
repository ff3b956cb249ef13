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


class Placed(NamedTuple):
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


def by_document(placed: Iterable[Placed]) -> dict[DocumentId, list[Placed]]:
    """Return which tallies each document may have to add."""
    days: dict[tuple[str, date], list[Placed]] = defaultdict(list)
    partitions: dict[str, list[Placed]] = defaultdict(list)
    for each in placed:
        partition = each.place.partition
        days[partition, each.tally.day].append(each)
        partitions[partition].append(each)
    found = {DocumentId(*key): group for key, group in days.items()}
    return found | {DocumentId(partition, None): group for partition, group in partitions.items()}


def additions(grouped: Mapping[DocumentId, list[Placed]], upto: Mapping[DocumentId, int]) -> list[Addition]:
    """Sum the tallies of each document, leaving out what it has added already."""
    found = []
    for document, placed in grouped.items():
        after = upto.get(document, NOTHING_YET)
        fresh = [each for each in placed if each.place.offset > after]
        if fresh:
            addition = Addition(document, after, max(each.place.offset for each in fresh))
            add = _add_stocks if document.day is None else _add_day
            add(addition, fresh)
            found.append(addition)
    return found


def _add_day(addition: Addition, placed: list[Placed]) -> None:
    for tally, _ in placed:
        counters = addition.counters[tally.commune_code]
        for metric, amount in tally.deltas.items():
            counters[metric] = counters.get(metric, 0) + amount
        if tally.is_late:
            late = addition.late[tally.commune_code]
            for metric in tally.deltas:
                late[metric] = late.get(metric, 0) + 1


def _add_stocks(addition: Addition, placed: list[Placed]) -> None:
    told, heard = addition.told, addition.heard
    for tally, _ in placed:
        commune, at = tally.commune_code, tally.recorded_at
        for metric, amount in tally.deltas.items():
            if metric in STOCKS:
                counters = addition.counters[commune]
                counters[metric] = counters.get(metric, 0) + amount
        if commune not in told or told[commune] < at:
            told[commune] = at
        if tally.speaks and (commune not in heard or heard[commune] < at):
            heard[commune] = at
    addition.last = max(told.values())
