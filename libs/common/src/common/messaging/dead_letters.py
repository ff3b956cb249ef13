"""
Records that could not be applied, kept with the reason.

A dead letter is the very record, key, value and headers, plus `dlq-*` headers saying why, where it
was and which group set it aside. Details never quote the record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from common.contracts.codec import Refusal
from common.contracts.records import Headers
from common.messaging.groups import dead_letters_of, retries_of
from common.messaging.records import ConsumedRecord, Outgoing

REFUSED = "refused"
"""The domain refused the command; the detail is the slug of the refusal."""
UNEXPECTED_FAULT = "unexpected-fault"
"""Our own code failed on this record and on no other: a bug to mend before the replay."""
REASONS = (*Refusal, REFUSED, UNEXPECTED_FAULT)

_OURS = "dlq-"
VALUE_MAX = 900_000
HEADERS_MAX = 64_000
KEY_MAX = 16_000
"""
Bytes that a dead letter keeps. Together they stay below the broker's 1 MB: a letter that is itself
too large would block its partition for ever.
"""


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that is set aside, and why."""

    record: ConsumedRecord
    reason: str
    detail: str


def dead_letter(refused: Refused, group: str, failed_at: datetime) -> Outgoing:
    """Return the record for `<group>.dlq`."""
    record = refused.record
    known = notes(record.headers)
    origin = {"topic": record.topic, "partition": str(record.partition), "offset": str(record.offset)}
    ours = {name: known.get(name, place) for name, place in origin.items()}
    ours |= {name: known[name] for name in ("replays",) if name in known}
    ours |= {
        "reason": refused.reason,
        "detail": refused.detail[:500],
        "group": group,
        "failed-at": failed_at.isoformat(),
    }
    value, kept = record.value, without_notes(record.headers)
    if value is not None and len(value) > VALUE_MAX:
        ours["truncated-from-bytes"] = str(len(value))
        value = value[:VALUE_MAX]
    if sum(len(name) + len(text or b"") for name, text in kept) > HEADERS_MAX:
        ours["headers-dropped"] = str(len(kept))
        kept = []
    key = record.key[:KEY_MAX] if record.key else record.key
    return Outgoing(dead_letters_of(group), key, value, kept + _headers(ours))


def retried(letter: ConsumedRecord, group: str) -> Outgoing:
    """Return the record that brings *letter* back to its group; it remembers where it came from."""
    known = notes(letter.headers)
    kept = {"replays": str(int(known.get("replays", "0")) + 1)}
    kept |= {name: known[name] for name in ("topic", "partition", "offset") if name in known}
    return Outgoing(
        retries_of(group), letter.key, letter.value, without_notes(letter.headers) + _headers(kept)
    )


def notes(headers: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Return our notes on a dead letter, without their prefix."""
    return {
        name[len(_OURS) :]: text.decode("utf-8", "replace")
        for name, text in headers
        if name.startswith(_OURS)
    }


def without_notes(headers: Iterable[tuple[str, bytes]]) -> Headers:
    """Return the headers that the record had before it became a dead letter."""
    return [(name, text) for name, text in headers if not name.startswith(_OURS)]


def _headers(ours: dict[str, str]) -> Headers:
    return [(_OURS + name, text.encode()) for name, text in ours.items()]
