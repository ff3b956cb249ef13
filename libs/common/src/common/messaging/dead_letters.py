"""
Records that could not be applied, kept with the reason.

A dead letter is the very record, key, value and headers, plus `dlq-*` headers saying why, where it
was and which group set it aside. Details never quote the record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from common.contracts.records import Headers
from common.messaging.groups import dead_letters_of, retries_of
from common.messaging.records import ConsumedRecord, Outgoing

REFUSED = "refused"
"""The domain refused the command; the detail is the slug of the refusal."""
UNEXPECTED_FAULT = "unexpected-fault"
"""Our own code failed on this record and on no other: a bug to mend before the replay."""

_OURS = "dlq-"
VALUE_MAX = 900_000
"""Bytes of a value that a dead letter keeps; headers need room below the broker's 1 MB."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that is set aside, and why."""

    record: ConsumedRecord
    reason: str
    detail: str


def dead_letter(refused: Refused, group: str, failed_at: datetime) -> Outgoing:
    """Return the record for `<group>.dlq`."""
    record = refused.record
    value, cut = record.value, {}
    if value is not None and len(value) > VALUE_MAX:
        value, cut = value[:VALUE_MAX], {"truncated-from-bytes": str(len(value))}
    before = notes(record.headers)
    ours = {
        "reason": refused.reason,
        "detail": refused.detail[:500],
        "topic": before.get("topic", record.topic),
        "partition": before.get("partition", str(record.partition)),
        "offset": before.get("offset", str(record.offset)),
        "group": group,
        "failed-at": failed_at.isoformat(),
        **cut,
        **({"replays": before["replays"]} if "replays" in before else {}),
    }
    headers = without_notes(record.headers) + [(_OURS + name, text.encode()) for name, text in ours.items()]
    return Outgoing(dead_letters_of(group), record.key, value, headers)


def retried(letter: ConsumedRecord, group: str) -> Outgoing:
    """Return the record that brings *letter* back to its group; it remembers where it came from."""
    known = notes(letter.headers)
    kept = {"replays": str(int(known.get("replays", "0")) + 1)}
    kept |= {name: known[name] for name in ("topic", "partition", "offset") if name in known}
    headers = without_notes(letter.headers) + [(_OURS + name, text.encode()) for name, text in kept.items()]
    return Outgoing(retries_of(group), letter.key, letter.value, headers)


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
