"""
The list of documents that do not count although their signature is right, as scanners carry it.

A document appears as eight bytes of a hash of its random number, so the list tells nothing to who has not
seen the document. Rows lie in shards by the week in which the last code of a document ends; a shard whose
week is over is dropped. A document whose terms changed since a code of it was made is there with the terms
that are true now, each spelled once for all documents that share them. The packed list has one spelling, so
that its hash names it. How lists are signed: `revocation`.
"""

import hashlib
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, Final

from common.credential.narrowing import Narrowing, narrowing_of
from common.credential.refusals import Reason, Unverifiable

HASH_BYTES: Final = 8
"""20 000 rows: one scan in 10**15 meets a row that is not its own."""
_ROW_BYTES: Final = HASH_BYTES + 1
_WEEK_SECONDS: Final = 7 * 24 * 3600
_SHARD: Final = struct.Struct(">III")
_LENGTH: Final = struct.Struct(">I")
_NARROWED: Final = 0x8000_0000
"""Set in the week of a record of changed terms: a list without any is spelled as if there never were some."""
LATEST_WEEK: Final = _NARROWED - 1
_GROUPS: Final = struct.Struct(">II")
_GROUP: Final = struct.Struct(">HI")


class Mark(IntEnum):
    """Why a document does not count. Never more: a suspension has many causes and none is told."""

    SUSPENDED = 1
    REVOKED = 2


WATCHED: Final = 1
"""The only mark of the watch list: compare the identity paper with care."""
Rows = dict[bytes, int]
"""Marks by row hash."""
Terms = dict[bytes, bytes]
"""Packed terms (see `narrowing`) by row hash."""


@dataclass(frozen=True, slots=True)
class Shard:
    """The rows of documents that end in one week."""

    barred: Rows = field(default_factory=dict)
    watched: Rows = field(default_factory=dict)
    narrowed: Terms = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moves:
    """What changes in one shard: rows set and rows taken out (un-revoked, no longer watched, as granted)."""

    barred: Rows = field(default_factory=dict)
    released: frozenset[bytes] = frozenset()
    watched: Rows = field(default_factory=dict)
    unwatched: frozenset[bytes] = frozenset()
    narrowed: Terms = field(default_factory=dict)
    widened: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Listing:
    """The whole list; shards before *oldest_week* are gone."""

    oldest_week: int = 0
    shards: Mapping[int, Shard] = field(default_factory=dict)

    def packed(self) -> bytes:
        """Return the one spelling of this list, which is what its hash is taken of."""
        parts = [_LENGTH.pack(self.oldest_week)]
        for week, shard in sorted(self.shards.items()):
            if shard.barred or shard.watched:
                parts.append(_SHARD.pack(week, len(shard.barred), len(shard.watched)))
                parts += (rows_to_bytes(shard.barred), rows_to_bytes(shard.watched))
            if shard.narrowed:
                parts += _narrowed_to_bytes(week, shard.narrowed)
        return b"".join(parts)

    def after(self, oldest_week: int, moves: Mapping[int, Moves]) -> "Listing":
        """Return the list with *moves* made and shards before *oldest_week* dropped."""
        shards = {week: shard for week, shard in self.shards.items() if week >= oldest_week}
        for week, change in moves.items():
            shard = shards.get(week, Shard())
            barred = {h: m for h, m in shard.barred.items() if h not in change.released} | change.barred
            watched = {h: m for h, m in shard.watched.items() if h not in change.unwatched} | change.watched
            narrowed = {h: t for h, t in shard.narrowed.items() if h not in change.widened} | change.narrowed
            if barred or watched or narrowed:
                shards[week] = Shard(barred, watched, narrowed)
            else:
                shards.pop(week, None)
        return Listing(oldest_week, shards)

    def mark_of(self, cti: bytes) -> Mark | None:
        """Tell why a document does not count, or None."""
        row = row_hash(cti)
        mark = next((s.barred[row] for s in self.shards.values() if row in s.barred), None)
        return Mark(mark) if mark else None

    def is_watched(self, cti: bytes) -> bool:
        """Tell whether the holder's paper is to be looked at with care."""
        row = row_hash(cti)
        return any(row in shard.watched for shard in self.shards.values())

    def narrowing_of(self, cti: bytes) -> Narrowing | None:
        """Return the terms of a document that are others now than in an old code of it, or None."""
        row = row_hash(cti)
        packed = next((s.narrowed[row] for s in self.shards.values() if row in s.narrowed), None)
        return narrowing_of(packed) if packed else None


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
    """Read the records; one of changed terms follows that of its week, if there is one."""
    before: tuple[int, Shard] | None = None
    while at < len(packed):
        [week] = _LENGTH.unpack_from(packed, at)
        if week & _NARROWED:
            narrowed, at = _narrowed_of(packed, at)
            week ^= _NARROWED
            shard = before[1] if before and before[0] == week else Shard()
            before = (week, Shard(shard.barred, shard.watched, narrowed))
        else:
            shard, at = _marked_of(packed, at)
            before = (week, shard)
        yield before


def _marked_of(packed: bytes, at: int) -> tuple[Shard, int]:
    _, barred, watched = _SHARD.unpack_from(packed, at)
    at += _SHARD.size
    middle, end = at + barred * _ROW_BYTES, at + (barred + watched) * _ROW_BYTES
    if end > len(packed):
        raise ValueError("cut short")
    return Shard(rows_of(packed[at:middle]), rows_of(packed[middle:end])), end


def _narrowed_of(packed: bytes, at: int) -> tuple[Terms, int]:
    _, groups = _GROUPS.unpack_from(packed, at)
    at += _GROUPS.size
    narrowed: Terms = {}
    for _ in range(groups):
        length, rows = _GROUP.unpack_from(packed, at)
        middle = at + _GROUP.size + length
        end = middle + rows * HASH_BYTES
        if end > len(packed):
            raise ValueError("cut short")
        narrowed |= narrowed_of(packed[at + _GROUP.size : middle], packed[middle:end])
        at = end
    return narrowed, at


def _narrowed_to_bytes(week: int, narrowed: Terms) -> list[bytes]:
    groups = by_terms(narrowed)
    parts = [_GROUPS.pack(week | _NARROWED, len(groups))]
    for terms, rows in groups:
        parts += (_GROUP.pack(len(terms), len(rows) // HASH_BYTES), terms, rows)
    return parts


def by_terms(narrowed: Terms) -> list[tuple[bytes, bytes]]:
    """Return each spelling of terms, in order, with the rows of all who share it, in order."""
    groups: dict[bytes, list[bytes]] = {}
    for row, terms in sorted(narrowed.items()):
        groups.setdefault(terms, []).append(row)
    return [(terms, b"".join(rows)) for terms, rows in sorted(groups.items())]


def narrowed_of(terms: Any, rows: Any) -> Terms:
    """Return terms and the rows that share them; ValueError if they cannot be such."""
    if not isinstance(terms, bytes):
        raise ValueError("terms that are no bytes")
    narrowing_of(terms)
    return dict.fromkeys(hashes_of(rows), terms)


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
