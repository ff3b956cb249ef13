"""
Which causes an aggregate has already applied.

Bounded lists of cause ids double effects after a replay, so ordered sources are kept as a mark: the
highest sequence applied plus the skipped ones that may still come. The short ring of results answers
repeated HTTP requests and near duplicates of unordered records. See docs/decisions/0001.
"""

from typing import Any

from common.work.model import MISSING_CAP, RESULTS_CAP, Cause, Mark, Stored


def first_answer(stored: Stored[Any], cause: Cause) -> dict[str, Any] | None:
    """Return the answer given to *cause* before, or None when it is new to this aggregate."""
    for cause_id, answer in stored.results:
        if cause_id == cause.id:
            return answer
    mark = stored.marks.get(cause.source) if cause.source else None
    if mark and cause.sequence <= mark.high and cause.sequence not in mark.missing:
        return {}
    return None


def remember(
    stored: Stored[Any], cause: Cause, answer: dict[str, Any]
) -> tuple[dict[str, Mark], tuple[tuple[str, dict[str, Any]], ...]]:
    """Return the marks and results that *stored* shall have once *cause* is applied."""
    marks = stored.marks
    if cause.source:
        marks = {**marks, cause.source: _advance(marks.get(cause.source), cause)}
    results = stored.results
    if not cause.gapless:
        results = (*results, (cause.id, answer))[-RESULTS_CAP:]
    return marks, results


def _advance(mark: Mark | None, cause: Cause) -> Mark:
    if not cause.gapless:
        return Mark(cause.sequence)
    high, missing = (mark.high, mark.missing) if mark else (0, ())
    if cause.sequence <= high:
        return Mark(high, tuple(n for n in missing if n != cause.sequence))
    first_skipped = max(high + 1, cause.sequence - MISSING_CAP)
    skipped = tuple(range(first_skipped, cause.sequence))
    return Mark(cause.sequence, (*missing, *skipped)[-MISSING_CAP:])
