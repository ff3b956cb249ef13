"""Records out and in: what is written can be read, what cannot be read is refused with a reason."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from common.contracts import codec
from common.contracts.codec import Undecodable
from common.contracts.f0_monitoring import CareState, Outcome, PatientClosed, RiskLevel
from common.work.model import OutboxEntry

FACT = PatientClosed(
    person_id="p-0001",
    commune_code="05443",
    district_code="164",
    outcome=Outcome.RECOVERED,
    care_state=CareState.AT_HOME,
    risk_level=RiskLevel.LOW,
    closed_on=datetime(2022, 1, 20, tzinfo=UTC).date(),
)
ENTRY = OutboxEntry(
    id="7d1f",
    type=FACT.type,
    topic=FACT.topic,
    subject="p-0001",
    sequence=7,
    recorded_at=datetime(2022, 1, 20, 3, 4, 5, 678901, tzinfo=UTC),
    data=FACT.model_dump_json(),
    correlation_id="c-1",
    causation_id="k-1",
    traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
)


@dataclass(frozen=True)
class Record:
    topic: str
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]


def record(entry: OutboxEntry = ENTRY) -> Record:
    return Record(*codec.to_record(entry))


def with_header(name: str, value: bytes | None) -> Record:
    good = record()
    headers = [(other, text) for other, text in good.headers if other != name]
    return replace(good, headers=headers if value is None else [*headers, (name, value)])


def refusal(bad: Record) -> str:
    with pytest.raises(Undecodable) as caught:
        codec.decode(bad)
    assert "p-0001" not in caught.value.detail
    return str(caught.value.reason)


def test_what_is_written_is_read_again() -> None:
    event = codec.decode(record())
    assert event.data == FACT
    assert (event.id, event.subject, event.sequence) == ("7d1f", "p-0001", 7)
    assert event.time == ENTRY.recorded_at
    assert event.source == "/services/f0-monitoring"
    assert (event.correlationid, event.causationid) == ("c-1", "k-1")
    assert event.traceparent == ENTRY.traceparent


def test_the_record_is_keyed_by_its_subject_and_has_cloudevents_headers() -> None:
    topic, key, value, headers = codec.to_record(ENTRY)
    names = dict(headers)
    assert (topic, key, json.loads(value)["outcome"]) == ("f0.patients.v1", b"p-0001", "recovered")
    assert names["ce_specversion"] == b"1.0"
    assert names["ce_time"] == b"2022-01-20T03:04:05.678901Z"
    assert names["content-type"] == b"application/json"


def test_an_absent_extension_is_not_written() -> None:
    assert "ce_traceparent" not in dict(codec.to_headers(replace(ENTRY, traceparent="")))


def structured(**changes: object) -> Record:
    document = {
        "specversion": "1.0",
        "id": "7d1f",
        "type": FACT.type,
        "source": "/services/f0-monitoring",
        "subject": "p-0001",
        "time": "2022-01-20T03:04:05Z",
        "sequence": "7",
        "datacontenttype": "application/json",
        "data": json.loads(FACT.model_dump_json()),
    }
    value = json.dumps({k: v for k, v in (document | changes).items() if v is not None}).encode()
    return Record(
        FACT.topic, b"p-0001", value, [("content-type", b"application/cloudevents+json; charset=utf-8")]
    )


def test_structured_mode_is_read_too() -> None:
    event = codec.decode(structured())
    assert event.data == FACT
    assert event.sequence == 7


def test_unknown_fields_and_foreign_headers_are_tolerated() -> None:
    body = json.loads(ENTRY.data) | {"added_next_year": 1}
    odd = replace(record(), value=json.dumps(body).encode())
    odd.headers.append(("something", b"\xff\xfe"))
    assert codec.decode(odd).data == FACT


def test_a_retry_topic_may_carry_a_fact_of_any_topic() -> None:
    assert codec.decode(replace(record(), topic="permit.standing.retry")).data == FACT


@pytest.mark.parametrize("value", [None, b"", b"{", b"\xff\xfe", b'{"person_id": '])
def test_broken_json_is_refused(value: bytes | None) -> None:
    assert refusal(replace(record(), value=value)) == "broken-json"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_specversion", None),
        ("ce_specversion", b"0.3"),
        ("ce_id", None),
        ("ce_id", b""),
        ("ce_source", b"/services/permit"),
        ("ce_subject", None),
        ("ce_time", b"yesterday"),
        ("ce_time", b"2022-01-20T03:04:05"),
        ("ce_sequence", b"seven"),
        ("ce_traceparent", b"\xff"),
    ],
)
def test_a_record_that_is_no_cloudevent_is_refused(name: str, value: bytes | None) -> None:
    assert refusal(with_header(name, value)) == "not-cloudevents"


@pytest.mark.parametrize("value", [b"[]", b'{"specversion": "1.0"}'])
def test_a_structured_event_without_data_is_refused(value: bytes) -> None:
    assert refusal(replace(structured(), value=value)) == "not-cloudevents"


def test_an_unknown_type_is_refused() -> None:
    assert refusal(with_header("ce_type", b"f0-monitoring.patient-teleported.v1")) == "unknown-type"
    assert refusal(with_header("ce_type", None)) == "unknown-type"


def test_a_fact_on_a_foreign_topic_is_refused() -> None:
    assert refusal(replace(record(), topic="permit.permits.v1")) == "wrong-topic"


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "vanished"},
        {"commune_code": "1"},
        {"closed_on": None},
        {"risk_level": 3},
        {"person_id": "q-2"},
    ],
)
def test_a_payload_of_another_shape_is_refused(changes: dict[str, object]) -> None:
    body = json.loads(ENTRY.data) | changes
    assert refusal(replace(record(), value=json.dumps(body).encode())) == "invalid-payload"


def test_a_value_that_is_no_object_is_refused() -> None:
    assert refusal(replace(record(), value=b'"text"')) == "invalid-payload"


def test_an_oversized_record_is_refused_before_it_is_parsed() -> None:
    assert refusal(replace(record(), value=b"[" * (codec.MAX_VALUE_BYTES + 1))) == "too-large"
