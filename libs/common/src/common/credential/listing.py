"""
The list of documents that do not count although their signature is right, as scanners carry it.

A document appears as eight bytes of a hash of its random number, so the list tells nothing to who has not
seen the document. Rows lie in shards by the week in which the document ends; a shard whose week is over is
dropped. The packed list has one spelling, so that its hash names it. How lists are signed: `revocation`.
"""

import hashlib
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, Final

from common.credential.refusals import Reason, Unverifiable

HASH_BYTES: Final = 8
"""20 000 rows: one scan in 10**15 meets a row that is not its own."""
_ROW_BYTES: Final = HASH_BYTES + 1
_WEEK_SECONDS: Final = 7 * 24 * 3600
_SHARD: Final = struct.Struct(">III")
_LENGTH: Final = struct.Struct(">I")


class Mark(IntEnum):
    """Why a document does not count. Never more: a suspension has many causes and none is told."""

    SUSPENDED = 1
    REVOKED = 2


WATCHED: Final = 1
"""The only mark of the watch list: compare the identity paper with care."""
Rows = dict[bytes, int]
"""Marks by row hash."""


@dataclass(frozen=True, slots=True)
class Shard:
    """The rows of documents that end in one week."""

    barred: Rows = field(default_factory=dict)
    watched: Rows = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moves:
    """What changes in one shard: rows set and rows taken out (un-revoked, no longer watched)."""

    barred: Rows = field(default_factory=dict)
    released: frozenset[bytes] = frozenset()
    watched: Rows = field(default_factory=dict)
    unwatched: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Listing:
    """The whole list; shards before *oldest_week* are gone."""

    oldest_week: int = 0
    shards: Mapping[int, Shard] = field(default_factory=dict)

    def packed(self) -> bytes:
        """Return the one spelling of this list, which is what its hash is taken of."""
        parts = [_LENGTH.pack(self.oldest_week)]
        for week, shard in sorted(self.shards.items()):
            parts.append(_SHARD.pack(week, len(shard.barred), len(shard.watched)))
            parts += (rows_to_bytes(shard.barred), rows_to_bytes(shard.watched))
        return b"".join(parts)

    def after(self, oldest_week: int, moves: Mapping[int, Moves]) -> "Listing":
        """Return the list with *moves* made and shards before *oldest_week* dropped."""
        shards = {week: shard for week, shard in self.shards.items() if week >= oldest_week}
        for week, change in moves.items():
            shard = shards.get(week, Shard())
            barred = {h: m for h, m in shard.barred.items() if h not in change.released} | change.barred
            watched = {h: m for h, m in shard.watched.items() if h not in change.unwatched} | change.watched
            if barred or watched:
                shards[week] = Shard(barred, watched)
            else:
                shards.pop(week, None)
        return Listing(oldest_week, shards)

    def mark_of(self, cti: bytes, valid_until: datetime) -> Mark | None:
        """Tell why a document does not count, or None."""
        shard = self.shards.get(week_of(valid_until))
        mark = shard.barred.get(row_hash(cti)) if shard else None
        return Mark(mark) if mark else None

    def is_watched(self, cti: bytes, valid_until: datetime) -> bool:
        """Tell whether the holder's paper is to be looked at with care."""
        shard = self.shards.get(week_of(valid_until))
        return shard is not None and row_hash(cti) in shard.watched


def row_hash(cti: bytes) -> bytes:
    """Return the row of a document number."""
    return hashlib.sha256(b"rev" + cti).digest()[:HASH_BYTES]


def week_of(valid_until: datetime) -> int:
    """Return the shard of a document: whole weeks since 1970 (they begin on Thursdays, UTC)."""
    return int(valid_until.timestamp()) // _WEEK_SECONDS


def hash_of(packed: bytes) -> bytes:
    """Return the hash of a packed list."""
    return hashlib.sha256(packed).digest()


def unpacked(packed: bytes) -> Listing:
    """Return the list of *packed*; `Unverifiable` (damaged) for any other spelling."""
    try:
        listing = Listing(_LENGTH.unpack_from(packed)[0], dict(_shards(packed, _LENGTH.size)))
    except (struct.error, ValueError) as error:
        raise Unverifiable(Reason.DAMAGED, "not a list") from error
    if listing.packed() != packed:
        raise Unverifiable(Reason.DAMAGED, "another spelling of a list")
    return listing


def _shards(packed: bytes, at: int) -> Iterator[tuple[int, Shard]]:
    while at < len(packed):
        week, barred, watched = _SHARD.unpack_from(packed, at)
        at += _SHARD.size
        middle, end = at + barred * _ROW_BYTES, at + (barred + watched) * _ROW_BYTES
        if end > len(packed):
            raise ValueError("cut short")
        yield week, Shard(rows_of(packed[at:middle]), rows_of(packed[middle:end]))
        at = end


def rows_to_bytes(rows: Rows) -> bytes:
    """Return rows as bytes, in order."""
    return b"".join(row + bytes((mark,)) for row, mark in sorted(rows.items()))


def rows_of(data: Any) -> Rows:
    """Return the rows in *data*; ValueError if it cannot be rows."""
    if not isinstance(data, bytes) or len(data) % _ROW_BYTES:
        raise ValueError("rows of the wrong length")
    starts = range(0, len(data), _ROW_BYTES)
    return {data[at : at + HASH_BYTES]: data[at + HASH_BYTES] for at in starts}


def hashes_of(data: Any) -> frozenset[bytes]:
    """Return the hashes in *data*; ValueError if it cannot be hashes."""
    if not isinstance(data, bytes) or len(data) % HASH_BYTES:
        raise ValueError("hashes of the wrong length")
    return frozenset(data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES))
