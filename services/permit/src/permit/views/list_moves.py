"""The difference between the list that scanners have and the one they should have. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from common.credential.listing import Listing, Moves, Rows, Shard, Terms

_ROW_BYTES: Final = 9
"""A row with its mark: what moves are counted in, a spelling of terms by its bytes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What the list should say, by week.

    *looked_at* are the rows that *barred* and *narrowed* speak about; None means all, so that every other row
    goes. *watched* is always the whole watch list.
    """

    barred: Mapping[int, Rows]
    narrowed: Mapping[int, Terms]
    looked_at: frozenset[bytes] | None
    watched: Mapping[int, Rows]


@dataclass(frozen=True, slots=True)
class Most:
    """How much one change can take: rows, and spellings of changed terms."""

    rows: int
    terms: int

    def less(self, moves: Moves) -> "Most":
        """Return what is left after *moves*."""
        return Most(self.rows - _size(moves), self.terms - len(set(moves.narrowed.values())))

    def takes(self, moves: Moves) -> bool:
        """Tell whether *moves* fit in."""
        left = self.less(moves)
        return left.rows >= 0 and left.terms >= 0


def moves_between(
    known: Listing, wanted: Wanted, oldest_week: int, most: Most
) -> tuple[dict[int, Moves], bool]:
    """Return moves by week, within *most*, that bring *known* towards *wanted*, and whether they are all."""
    found: dict[int, Moves] = {}
    weeks = {*known.shards, *wanted.barred, *wanted.watched, *wanted.narrowed}
    for week in sorted(week for week in weeks if week >= oldest_week):
        every = _moves(known.shards.get(week, Shard()), wanted, week)
        if not most.takes(every):
            found[week] = _first(every, most)
            return {week: moves for week, moves in found.items() if _size(moves)}, False
        if _size(every):
            found[week] = every
            most = most.less(every)
    return found, True


def _moves(shard: Shard, wanted: Wanted, week: int) -> Moves:
    barred, watched = wanted.barred.get(week, {}), wanted.watched.get(week, {})
    narrowed = wanted.narrowed.get(week, {})
    return Moves(
        barred={row: mark for row, mark in barred.items() if shard.barred.get(row) != mark},
        released=_looked_at(shard.barred, wanted) - barred.keys(),
        watched={row: mark for row, mark in watched.items() if shard.watched.get(row) != mark},
        unwatched=frozenset(shard.watched.keys() - watched.keys()),
        narrowed={row: terms for row, terms in narrowed.items() if shard.narrowed.get(row) != terms},
        widened=_looked_at(shard.narrowed, wanted) - narrowed.keys(),
    )


def _looked_at(rows: Mapping[bytes, object], wanted: Wanted) -> frozenset[bytes]:
    return frozenset(rows) if wanted.looked_at is None else wanted.looked_at & rows.keys()


def _size(moves: Moves) -> int:
    marked = len(moves.barred) + len(moves.released) + len(moves.watched) + len(moves.unwatched)
    return (
        marked + len(moves.narrowed) + len(moves.widened) + sum(map(_rows_of, set(moves.narrowed.values())))
    )


def _rows_of(terms: bytes) -> int:
    return -(-len(terms) // _ROW_BYTES)


def _first(moves: Moves, most: Most) -> Moves:
    """Return the first of the moves, as many as fit; whom to stop comes first, then who has new terms."""
    left = most.rows
    barred = dict(sorted(moves.barred.items())[:left])
    left -= len(barred)
    narrowed = _first_narrowed(moves.narrowed, Most(left, most.terms))
    left -= _size(Moves(narrowed=narrowed))
    released = frozenset(sorted(moves.released)[:left])
    left -= len(released)
    watched = dict(sorted(moves.watched.items())[:left])
    left -= len(watched)
    unwatched = frozenset(sorted(moves.unwatched)[:left])
    widened = frozenset(sorted(moves.widened)[: left - len(unwatched)])
    return Moves(barred, released, watched, unwatched, narrowed, widened)


def _first_narrowed(narrowed: Terms, most: Most) -> Terms:
    """Who shares terms stays together, so that each spelling is sent as seldom as can be."""
    first: Terms = {}
    said: set[bytes] = set()
    left = most.rows
    for row, terms in sorted(narrowed.items(), key=lambda pair: (pair[1], pair[0])):
        left -= 1 + (0 if terms in said else _rows_of(terms))
        said.add(terms)
        if left < 0 or len(said) > most.terms:
            break
        first[row] = terms
    return first
