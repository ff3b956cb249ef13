"""A dead letter is the record itself, with the reason, and it always fits."""

from dataclasses import replace
from datetime import UTC, datetime

from common.messaging.dead_letters import Refused, dead_letter, notes, retried, without_notes
from common.testing.bus import MemoryRecord

NOW = datetime(2022, 1, 20, 3, tzinfo=UTC)
RECORD = MemoryRecord("f0.reports.v1", 3, 42, b"p-1", b"{", [("ce_id", b"e-1"), ("odd", b"\xff")])
REFUSED = Refused(RECORD, "broken-json", "the value is not JSON")
GROUP = "f0-monitoring.assess"


def as_read(
    topic: str, key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]]
) -> MemoryRecord:
    return MemoryRecord(topic, 0, 7, key, value, headers)


def test_it_keeps_key_value_and_headers_and_says_why_where_who_and_when() -> None:
    topic, key, value, headers = dead_letter(REFUSED, GROUP, NOW)
    assert (topic, key, value) == ("f0-monitoring.assess.dlq", b"p-1", b"{")
    assert without_notes(headers) == RECORD.headers
    assert notes(headers) == {
        "topic": "f0.reports.v1",
        "partition": "3",
        "offset": "42",
        "reason": "broken-json",
        "detail": "the value is not JSON",
        "group": GROUP,
        "failed-at": "2022-01-20T03:00:00+00:00",
    }


def test_a_replay_is_the_record_again_and_remembers_where_it_came_from() -> None:
    letter = as_read(*dead_letter(REFUSED, GROUP, NOW))
    topic, key, value, headers = retried(letter, GROUP)
    assert (topic, key, value) == ("f0-monitoring.assess.retry", b"p-1", b"{")
    assert without_notes(headers) == RECORD.headers
    assert notes(headers) == {"replays": "1", "topic": "f0.reports.v1", "partition": "3", "offset": "42"}


def test_a_second_failure_keeps_the_first_place_and_counts_the_replays() -> None:
    first = as_read(*dead_letter(REFUSED, GROUP, NOW))
    again = as_read(*retried(first, GROUP))
    second = as_read(*dead_letter(replace(REFUSED, record=again), GROUP, NOW))
    third = retried(second, GROUP)
    assert notes(second.headers)["offset"] == "42"
    assert notes(third.headers)["replays"] == "2"


def test_a_record_at_the_limit_of_the_broker_still_fits_as_a_dead_letter() -> None:
    huge = RECORD._replace(key=b"k" * 100_000, value=b"v" * 1_000_000, headers=[("h", b"x" * 100_000)])
    _, key, value, headers = dead_letter(replace(REFUSED, record=huge), GROUP, NOW)
    size = len(key or b"") + len(value or b"") + sum(len(name) + len(text) for name, text in headers)
    assert size < 1_000_000
    assert notes(headers)["truncated-from-bytes"] == "1000000"
    assert notes(headers)["headers-dropped"] == "1"


def test_a_tombstone_stays_a_tombstone() -> None:
    bare = RECORD._replace(key=None, value=None)
    assert dead_letter(replace(REFUSED, record=bare), GROUP, NOW)[1:3] == (None, None)
