"""
A chained record of decisions: whoever alters, removes, adds or cuts off an entry is found out.

Each entry carries the digest of the one before it, keyed (HMAC-SHA-256), so that nobody who can write to the
database can make a chain that fits. The head (`Trail`) lives in the aggregate and changes in the same write
as the decision; the entries are filed elsewhere. See docs/decisions/0008.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

FILING_GRACE = timedelta(minutes=15)
"""How long after a decision its entries may still be on their way to the file."""


@dataclass(frozen=True, slots=True)
class Trail:
    """Head of one chain: how many entries it has, the digest of the last one and when that was made."""

    length: int = 0
    head: str = ""
    at: datetime | None = None


EMPTY = Trail()
"""Head of a chain that has not begun."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its place in the chain, what it says (*body*, JSON values), and the digests."""

    chain_id: str
    position: int
    recorded_at: datetime
    body: Mapping[str, Any]
    previous: str
    digest: str


def chained(
    trail: Trail, chain_id: str, bodies: Iterable[Mapping[str, Any]], key: bytes, now: datetime
) -> tuple[Trail, tuple[Entry, ...]]:
    """Append *bodies* to a chain; return its new head and the entries to file."""
    entries: list[Entry] = []
    for body in bodies:
        previous, position = trail.head, trail.length + 1
        digest = digest_of(chain_id, position, now, body, previous, key)
        entries.append(Entry(chain_id, position, now, body, previous, digest))
        trail = Trail(position, digest, now)
    return trail, tuple(entries)


def digest_of(
    chain_id: str, position: int, at: datetime, body: Mapping[str, Any], previous: str, key: bytes
) -> str:
    """Return the keyed digest of one entry, as 64 hexadecimal digits."""
    instant = at.astimezone(UTC).isoformat(timespec="milliseconds")
    said = [chain_id, position, instant, dict(body), previous]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode(), sha256).hexdigest()


def commitment(text: str, key: bytes) -> str:
    """Return a keyed digest of *text* by which an entry commits to it without saying it; empty for none."""
    return hmac.new(key, text.encode(), sha256).hexdigest() if text else ""


@dataclass(frozen=True, slots=True)
class Seal:
    """What was filed in the hour from *since* on: how many entries, and one digest over them."""

    since: datetime
    count: int
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain does not hold, and why."""

    chain_id: str
    position: int
    why: str


def first_break(
    chain_id: str, entries: Iterable[Entry], trail: Trail | None, key: bytes, now: datetime
) -> Break | None:
    """
    Return where a chain is broken first, or None while it holds.

    *entries* are those on file, by position; *trail* is the head in the aggregate, None if that is gone.
    Entries younger than `FILING_GRACE` may be missing at the end: they are on their way.
    """
    last, length = "", 0
    for entry in entries:
        if entry.position != length + 1:
            return Break(chain_id, length + 1, "missing" if entry.position > length + 1 else "added")
        if entry.previous != last:
            return Break(chain_id, entry.position, "altered: it does not follow the entry before it")
        made = digest_of(chain_id, entry.position, entry.recorded_at, entry.body, entry.previous, key)
        if not hmac.compare_digest(made, entry.digest):
            return Break(chain_id, entry.position, "altered: its digest is not that of what it says")
        last, length = entry.digest, entry.position
    return _break_at_the_end(chain_id, length, last, trail, now)


def _break_at_the_end(
    chain_id: str, length: int, last: str, trail: Trail | None, now: datetime
) -> Break | None:
    if trail is None:
        return Break(chain_id, length, "the file that it belongs to is gone") if length else None
    if length > trail.length:
        return Break(chain_id, trail.length + 1, "added: the file knows of no such entry")
    if length == trail.length:
        return None if last == trail.head else Break(chain_id, length, "altered: not what the file knows")
    is_on_its_way = trail.at is not None and now - trail.at < FILING_GRACE
    return None if is_on_its_way else Break(chain_id, length + 1, "missing: the end was cut off")
