"""The difference between the list that scanners have and the one they should have. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from common.credential.listing import Listing, Moves, Rows, Shard


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What the list should say, by week.

    *looked_at* are the rows that *barred* speaks about; None means all, so that every other row goes.
    *watched* is always the whole watch list.
    """

    barred: Mapping[int, Rows]
    looked_at: frozenset[bytes] | None
    watched: Mapping[int, Rows]


def moves_between(
    known: Listing, wanted: Wanted, oldest_week: int, most: int
) -> tuple[dict[int, Moves], bool]:
    """Return at most *most* moves by week that bring *known* towards *wanted*, and whether these are all."""
    found: dict[int, Moves] = {}
    left = most
    weeks = {*known.shards, *wanted.barred, *wanted.watched}
    for week in sorted(week for week in weeks if week >= oldest_week):
        every = _moves(known.shards.get(week, Shard()), wanted, week)
        if _size(every) > left:
            found[week] = _first(every, left)
            return {week: moves for week, moves in found.items() if _size(moves)}, False
        if _size(every):
            found[week] = every
            left -= _size(every)
    return found, True


def _moves(shard: Shard, wanted: Wanted, week: int) -> Moves:
    barred, watched = wanted.barred.get(week, {}), wanted.watched.get(week, {})
    looked_at = shard.barred.keys() if wanted.looked_at is None else shard.barred.keys() & wanted.looked_at
    return Moves(
        barred={row: mark for row, mark in barred.items() if shard.barred.get(row) != mark},
        released=frozenset(looked_at - barred.keys()),
        watched={row: mark for row, mark in watched.items() if shard.watched.get(row) != mark},
        unwatched=frozenset(shard.watched.keys() - watched.keys()),
    )


def _size(moves: Moves) -> int:
    return len(moves.barred) + len(moves.released) + len(moves.watched) + len(moves.unwatched)


def _first(moves: Moves, most: int) -> Moves:
    """Return the first *most* of the moves; whom to stop comes first."""
    barred = dict(sorted(moves.barred.items())[:most])
    most -= len(barred)
    released = frozenset(sorted(moves.released)[:most])
    most -= len(released)
    watched = dict(sorted(moves.watched.items())[:most])
    most -= len(watched)
    return Moves(barred, released, watched, frozenset(sorted(moves.unwatched)[:most]))
