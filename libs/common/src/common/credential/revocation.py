"""
Signed lists of documents that do not count: a full list, and numbered changes (deltas) of it.

Signed by the root key that scanners pin; each says what it is, so that none passes for another. Each change
names the hash of the list before and after it, so that none can be left out, repeated or swapped.
"""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from common.credential import cose, strict_cbor
from common.credential.keys import Signer, VerificationKey
from common.credential.listing import (
    LATEST_WEEK,
    Listing,
    Moves,
    Terms,
    by_terms,
    hash_of,
    hashes_of,
    narrowed_of,
    rows_of,
    rows_to_bytes,
    unpacked,
)
from common.credential.refusals import Reason, Unverifiable
from common.credential.trust_list import instant

_HEAD, _DELTA = "revocation-head", "revocation-delta"
_KIND, _SEQUENCE, _ISSUED, _HASH, _NEXT, _BEFORE, _OLDEST, _MOVES = range(1, 9)
_LENGTH: Final = struct.Struct(">I")
MOST_MOVES: Final = 7_000
"""Rows in one change; 9 bytes each must stay below the 65 535 bytes of a string."""
MOST_TERMS: Final = 1_000
"""Spellings of changed terms in one change; two items each must stay below the 4 096 items of a list."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the newest list is: its number, its hash, and since when nothing newer was known."""

    sequence: int
    issued_at: datetime
    next_at: datetime
    """When a newer head may be expected."""
    list_hash: bytes


@dataclass(frozen=True, slots=True)
class Delta:
    """One numbered change: from the list with hash *before* to the one with *list_hash*."""

    sequence: int
    issued_at: datetime
    before: bytes
    list_hash: bytes
    oldest_week: int
    moves: Mapping[int, Moves]


def sign_head(head: Head, root: Signer) -> bytes:
    """Return *head* as a signed message of about 160 bytes."""
    claims = {
        _KIND: _HEAD,
        _SEQUENCE: head.sequence,
        _ISSUED: int(head.issued_at.timestamp()),
        _HASH: head.list_hash,
        _NEXT: int(head.next_at.timestamp()),
    }
    return cose.sign(strict_cbor.dumps(claims), root)


def sign_delta(delta: Delta, root: Signer) -> bytes:
    """Return *delta* as a signed message."""
    claims = {
        _KIND: _DELTA,
        _SEQUENCE: delta.sequence,
        _ISSUED: int(delta.issued_at.timestamp()),
        _HASH: delta.list_hash,
        _BEFORE: delta.before,
        _OLDEST: delta.oldest_week,
        _MOVES: {week: _moves_to_list(moves) for week, moves in delta.moves.items()},
    }
    return cose.sign(strict_cbor.dumps(claims), root)


def full_list(head: bytes, packed: bytes) -> bytes:
    """Return a full list: the signed head, with its length before it, and the packed list."""
    return _LENGTH.pack(len(head)) + head + packed


def in_a_row(messages: list[bytes]) -> bytes:
    """Return several signed messages as one body, each with its length before it."""
    return b"".join(_LENGTH.pack(len(message)) + message for message in messages)


def read_head(signed: bytes, root: VerificationKey, *, newest_seen: int = 0) -> Head:
    """Return the head in *signed*; `Unverifiable` if it is not the root's or older than one seen."""
    claims = _claims(signed, root, _HEAD, {_KIND, _SEQUENCE, _ISSUED, _HASH, _NEXT})
    try:
        head = Head(
            _count(claims[_SEQUENCE]), instant(claims[_ISSUED]), instant(claims[_NEXT]), _hash(claims)
        )
    except ValueError as error:
        raise Unverifiable(Reason.BAD_CLAIMS, str(error)) from error
    if head.sequence < newest_seen:
        raise Unverifiable(Reason.LIST_ROLLED_BACK)
    return head


def read_delta(signed: bytes, root: VerificationKey) -> Delta:
    """Return the change in *signed*; `Unverifiable` if it is not the root's."""
    known = {_KIND, _SEQUENCE, _ISSUED, _HASH, _BEFORE, _OLDEST, _MOVES}
    claims = _claims(signed, root, _DELTA, known)
    try:
        return Delta(
            sequence=_count(claims[_SEQUENCE]),
            issued_at=instant(claims[_ISSUED]),
            before=_hash(claims, _BEFORE),
            list_hash=_hash(claims),
            oldest_week=_week(claims[_OLDEST]),
            moves={_week(week): _moves(row) for week, row in claims[_MOVES].items()},
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise Unverifiable(Reason.BAD_CLAIMS, str(error)) from error


def read_full(data: bytes, root: VerificationKey, *, newest_seen: int = 0) -> tuple[Head, Listing]:
    """Return head and list of a full list; `Unverifiable` unless the list is the one that was signed."""
    if len(data) < _LENGTH.size:
        raise Unverifiable(Reason.DAMAGED, "cut short")
    start = _LENGTH.size
    end = start + _LENGTH.unpack_from(data)[0]
    head, packed = read_head(data[start:end], root, newest_seen=newest_seen), data[end:]
    if hash_of(packed) != head.list_hash:
        raise Unverifiable(Reason.DAMAGED, "not the list that was signed")
    return head, unpacked(packed)


def apply(listing: Listing, head: Head, delta: Delta) -> tuple[Listing, Head]:
    """
    Return the list after *delta*, and its head.

    `Unverifiable`: *list-rolled-back* for a change that is already in it, *list-gap* for one that does not
    follow (the full list is needed then), *damaged* if the result is not what was signed.
    """
    if delta.sequence <= head.sequence:
        raise Unverifiable(Reason.LIST_ROLLED_BACK)
    if delta.sequence != head.sequence + 1 or delta.before != head.list_hash:
        raise Unverifiable(Reason.LIST_GAP)
    changed = listing.after(delta.oldest_week, delta.moves)
    if hash_of(changed.packed()) != delta.list_hash:
        raise Unverifiable(Reason.DAMAGED, "not the list that was signed")
    return changed, Head(delta.sequence, delta.issued_at, delta.issued_at, delta.list_hash)


def _moves_to_list(moves: Moves) -> list[Any]:
    gone = (b"".join(sorted(hashes)) for hashes in (moves.released, moves.unwatched, moves.widened))
    released, unwatched, widened = gone
    marked = [rows_to_bytes(moves.barred), released, rows_to_bytes(moves.watched), unwatched]
    if not moves.narrowed and not widened:
        return marked
    return [*marked, [part for group in by_terms(moves.narrowed) for part in group], widened]


def _moves(row: Any) -> Moves:
    barred, released, watched, unwatched, *terms = row
    narrowed, widened = terms or ([], b"")
    return Moves(
        rows_of(barred),
        hashes_of(released),
        rows_of(watched),
        hashes_of(unwatched),
        _narrowed(narrowed),
        hashes_of(widened),
    )


def _narrowed(groups: Any) -> Terms:
    """Return the terms in a flat list: a spelling, the rows that share it, the next spelling."""
    if not isinstance(groups, list) or len(groups) % 2:
        raise ValueError("terms without rows")
    narrowed: Terms = {}
    for terms, rows in zip(groups[::2], groups[1::2], strict=True):
        narrowed |= narrowed_of(terms, rows)
    return narrowed


def _claims(signed: bytes, root: VerificationKey, kind: str, known: set[int]) -> dict[int, Any]:
    def only_root(kid: bytes) -> VerificationKey:
        if kid != root.kid:
            raise Unverifiable(Reason.UNKNOWN_KEY)
        return root

    payload, _ = cose.verify(signed, only_root, strict_cbor.LIST)
    claims = strict_cbor.loads(payload, strict_cbor.LIST)
    if not isinstance(claims, dict) or claims.keys() != known or claims[_KIND] != kind:
        raise Unverifiable(Reason.BAD_CLAIMS, f"not a {kind}")
    return claims


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("not a count")
    return value


def _week(value: Any) -> int:
    if _count(value) > LATEST_WEEK:
        raise ValueError("not a week")
    return int(value)


def _hash(claims: dict[int, Any], key: int = _HASH) -> bytes:
    value = claims[key]
    if not isinstance(value, bytes) or len(value) != hashlib.sha256().digest_size:
        raise ValueError("not a hash")
    return value
