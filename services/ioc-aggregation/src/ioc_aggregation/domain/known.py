"""
What was known at an instant: the figures of now, less all that was recorded later.

Every fact has the day that it is about and the instant at which its service recorded it. A figure "of
Monday as it was known on Tuesday at 8" is the sum over facts about Monday that were recorded by then. What
was recorded since is little, so it is cheaper to undo that than to add everything from the first day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from ioc_aggregation.domain.fold import Deltas
from ioc_aggregation.domain.metrics import STOCKS
from ioc_aggregation.domain.province import Province
from ioc_aggregation.domain.totals import NOTHING_YET, DocumentId, Place


class LaterSum(NamedTuple):
    """What later facts changed in one figure of a commune and day, and how many of them were late."""

    commune: str
    day: date
    metric: str
    amount: int
    late: int


class LaterFact(NamedTuple):
    """One later fact at the edge: some totals document may not have added it yet."""

    place: Place
    commune: str
    day: date
    deltas: Deltas
    is_late: bool


@dataclass(frozen=True, slots=True)
class Later:
    """
    Everything recorded after an instant.

    *sums* hold all of it, *edge* those facts again that a totals document may not hold. *told* and *heard*
    are the last words of each commune up to the instant.
    """

    sums: Sequence[LaterSum] = ()
    edge: Sequence[LaterFact] = ()
    told: Mapping[str, datetime] = field(default_factory=dict)
    heard: Mapping[str, datetime] = field(default_factory=dict)


def known(province: Province, later: Later) -> Province:
    """Return *province* without what was recorded later. Hand over a copy: it is changed."""
    upto = province.upto()
    for each in later.sums:
        province.change(each.day, each.commune, {each.metric: -each.amount}, {each.metric: -each.late})
        if each.metric in STOCKS:
            province.change(None, each.commune, {each.metric: -each.amount})
    for fact in later.edge:
        for day in (fact.day, None):
            document = DocumentId(fact.place.partition, day)
            if fact.place.offset > upto.get(document, NOTHING_YET):
                province.change(day, fact.commune, *_given_back(fact, day))
    province.told, province.heard = dict(later.told), dict(later.heard)
    return province


def _given_back(fact: LaterFact, day: date | None) -> tuple[Deltas, Deltas]:
    if day is None:
        return {name: amount for name, amount in fact.deltas.items() if name in STOCKS}, {}
    return fact.deltas, dict.fromkeys(fact.deltas, int(fact.is_late))
