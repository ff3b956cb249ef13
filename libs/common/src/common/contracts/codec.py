"""
CloudEvents 1.0 over Kafka: binary mode out, binary and structured mode in.

Binary mode keeps the attributes in `ce_*` headers and the fact itself, as JSON, in the value.
The record timestamp is left to the broker: an event time of last year would be deleted by retention.
"""

from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from common.contracts.base import Payload
from common.contracts.event import Event
from common.contracts.records import Entry, Headers, RawRecord
from common.contracts.registry import PAYLOADS, owner_of

MAX_VALUE_BYTES = 256 * 1024
"""Our largest fact is a few KB; anything above this is not one."""
STRUCTURED = b"application/cloudevents+json"
_NAMES = ("specversion", "id", "type", "source", "subject", "time", "sequence")
_EXTENSIONS = ("correlationid", "causationid", "traceparent")
_ATTRIBUTES = {f"ce_{name}": name for name in _NAMES + _EXTENSIONS}


class Refusal(StrEnum):
    """Why a record cannot be read; the words are stable, dead letters carry them."""

    BROKEN_JSON = "broken-json"
    NOT_CLOUDEVENTS = "not-cloudevents"
    UNKNOWN_TYPE = "unknown-type"
    INVALID_PAYLOAD = "invalid-payload"
    WRONG_TOPIC = "wrong-topic"
    TOO_LARGE = "too-large"


class Undecodable(Exception):
    """A record that no retry will make readable. *detail* never quotes values of the record."""

    def __init__(self, reason: Refusal, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@cache
def source_of(event_type: str) -> str:
    """Return the CloudEvents source (a URI reference) of the service that owns *event_type*."""
    return f"/services/{owner_of(event_type)}"


def to_headers(entry: Entry) -> Headers:
    """Return the `ce_*` headers of *entry*."""
    headers = [
        ("content-type", b"application/json"),
        ("ce_specversion", b"1.0"),
        ("ce_id", entry.id.encode()),
        ("ce_type", entry.type.encode()),
        ("ce_source", source_of(entry.type).encode()),
        ("ce_subject", entry.subject.encode()),
        ("ce_time", entry.recorded_at.isoformat().replace("+00:00", "Z").encode()),
        ("ce_sequence", str(entry.sequence).encode()),
    ]
    optional = (
        ("ce_correlationid", entry.correlation_id),
        ("ce_causationid", entry.causation_id),
        ("ce_traceparent", entry.traceparent),
    )
    return headers + [(name, text.encode()) for name, text in optional if text]


def to_record(entry: Entry) -> tuple[str, bytes, bytes, Headers]:
    """Return topic, key, value and headers of the Kafka record that carries *entry*."""
    return entry.topic, entry.subject.encode(), entry.data.encode(), to_headers(entry)


def decode(record: RawRecord) -> Event[Payload]:
    """
    Read one record.

    Raises `Undecodable` when it is not a fact that we know, in the shape and on the topic agreed.
    A record on a retry topic may be of any topic: it was on the right one when it was dead-lettered.
    """
    value = record.value
    if not value:
        raise Undecodable(Refusal.BROKEN_JSON, "the record has no value")
    if len(value) > MAX_VALUE_BYTES:
        raise Undecodable(Refusal.TOO_LARGE, f"{len(value)} bytes, at most {MAX_VALUE_BYTES}")
    raw = dict(record.headers)
    if "ce_specversion" not in raw and raw.get("content-type", b"").startswith(STRUCTURED):
        attributes, value = _structured(value)
    else:
        attributes = _binary(raw)
    kind = _kind(attributes, record.topic)
    return _event(attributes, _payload(kind, value))


def _binary(raw: dict[str, bytes]) -> dict[str, str]:
    try:
        return {_ATTRIBUTES[name]: text.decode() for name, text in raw.items() if name in _ATTRIBUTES}
    except (UnicodeDecodeError, AttributeError) as error:
        raise Undecodable(Refusal.NOT_CLOUDEVENTS, "a ce_ header is not UTF-8 text") from error


def _structured(value: bytes) -> tuple[dict[str, str], bytes]:
    try:
        document: Any = from_json(value)
    except ValueError as error:
        raise Undecodable(Refusal.BROKEN_JSON, "the value is not JSON") from error
    if not isinstance(document, dict) or "data" not in document:
        raise Undecodable(Refusal.NOT_CLOUDEVENTS, "a structured event needs its attributes and data")
    data = to_json(document.pop("data"))
    return {str(name): str(attribute) for name, attribute in document.items()}, data


def _kind(attributes: dict[str, str], topic: str) -> type[Payload]:
    if attributes.get("specversion") != "1.0":
        raise Undecodable(Refusal.NOT_CLOUDEVENTS, "ce_specversion must be 1.0")
    kind = PAYLOADS.get(attributes.get("type", ""))
    if kind is None:
        raise Undecodable(Refusal.UNKNOWN_TYPE, f"no fact is called {attributes.get('type', '')[:100]!r}")
    if kind.topic != topic and not topic.endswith(".retry"):
        raise Undecodable(Refusal.WRONG_TOPIC, f"{kind.type} belongs on {kind.topic}")
    return kind


def _payload(kind: type[Payload], value: bytes) -> Payload:
    try:
        return kind.model_validate_json(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        if first["type"] == "json_invalid":
            raise Undecodable(Refusal.BROKEN_JSON, "the value is not JSON") from error
        place = ".".join(str(part) for part in first["loc"])
        raise Undecodable(Refusal.INVALID_PAYLOAD, f"{place}: {first['type']}") from error


def _event(attributes: dict[str, str], data: Payload) -> Event[Payload]:
    try:
        event = Event(
            id=attributes["id"],
            type=data.type,
            source=attributes["source"],
            subject=attributes["subject"],
            time=datetime.fromisoformat(attributes["time"]),
            sequence=int(attributes["sequence"]),
            data=data,
            correlationid=attributes.get("correlationid", ""),
            causationid=attributes.get("causationid", ""),
            traceparent=attributes.get("traceparent", ""),
        )
    except KeyError as error:
        raise Undecodable(Refusal.NOT_CLOUDEVENTS, f"the attribute {error.args[0]} is missing") from error
    except ValueError as error:
        raise Undecodable(Refusal.NOT_CLOUDEVENTS, "time or sequence is malformed") from error
    if event.source != source_of(event.type) or not event.id or event.time.tzinfo is None:
        raise Undecodable(Refusal.NOT_CLOUDEVENTS, "id, source or time does not fit the type")
    if event.subject != getattr(data, data.key):
        raise Undecodable(Refusal.INVALID_PAYLOAD, f"{data.key} differs from the subject")
    return event


def type_header(record: RawRecord) -> bytes | None:
    """Return the raw `ce_type` of *record* without reading anything else; None in structured mode."""
    for name, text in record.headers:
        if name == "ce_type":
            return text
    return None
