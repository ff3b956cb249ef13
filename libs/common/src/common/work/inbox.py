"""
Which causes an aggregate has already applied.

Bounded lists of cause ids double effects after a replay, so ordered sources are kept as a mark: the
highest sequence applied plus the skipped ones that may still come. A short ring of answers serves
repeated HTTP requests; a short ring of digests stops near duplicates of unordered records, such as those
that a relay sends again after a crash. See docs/decisions/0001.
"""

from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from common.work.model import MISSING_CAP, RECENT_CAP, RESULTS_CAP, Cause, Mark, Stored

DIGEST_BYTES = 8


class Inbox(NamedTuple):
    """The three parts of an aggregate's memory of causes."""

    marks: dict[str, Mark]
    results: tuple[tuple[str, dict[str, Any]], ...]
    recent: bytes


def first_answer(stored: Stored[Any], cause: Cause) -> dict[str, Any] | None:
    """Return the answer given to *cause* before, or None when it is new to this aggregate."""
    for cause_id, answer in stored.results:
        if cause_id == cause.id:
            return answer
    mark = stored.marks.get(cause.source) if cause.source else None
    if mark and cause.sequence <= mark.high and cause.sequence not in mark.missing:
        return {}
    return {} if not cause.gapless and _is_recent(stored.recent, cause) else None


def remember(stored: Stored[Any], cause: Cause, answer: dict[str, Any]) -> Inbox:
    """Return the inbox that *stored* shall have once *cause* is applied."""
    marks, results, recent = stored.marks, stored.results, stored.recent
    if cause.source:
        marks = {**marks, cause.source: _advance(marks.get(cause.source), cause)}
    if answer and not cause.gapless:
        results = (*results, (cause.id, answer))[-RESULTS_CAP:]
    elif not cause.gapless:
        recent = (recent + _digest(cause.id))[-RECENT_CAP * DIGEST_BYTES :]
    return Inbox(marks, results, recent)


@lru_cache(maxsize=1_024)  # asked for when a cause is looked up, and again when it is remembered
def _digest(cause_id: str) -> bytes:
    return blake2b(cause_id.encode(), digest_size=DIGEST_BYTES).digest()


def _is_recent(recent: bytes, cause: Cause) -> bool:
    digest = _digest(cause.id)
    at = recent.find(digest)
    while at > 0 and at % DIGEST_BYTES:
        at = recent.find(digest, at + 1)
    return at >= 0


def _advance(mark: Mark | None, cause: Cause) -> Mark:
    if not cause.gapless:
        return Mark(cause.sequence)
    high, missing = (mark.high, mark.missing) if mark else (0, ())
    if cause.sequence <= high:
        return Mark(high, tuple(n for n in missing if n != cause.sequence))
    first_skipped = max(high + 1, cause.sequence - MISSING_CAP)
    skipped = tuple(range(first_skipped, cause.sequence))
    return Mark(cause.sequence, (*missing, *skipped)[-MISSING_CAP:])
