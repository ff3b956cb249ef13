"""The AsyncAPI 3.0 document: all topics, facts, producers and consumers of the province."""

import json
from collections.abc import Mapping
from typing import Any

from common.contracts.registry import PAYLOADS, owner_of
from common.messaging.catalogue import Catalogue, Topic
from common.schemas.events import Schema

_KAFKA = "0.5.0"
_DAY_MS = 24 * 60 * 60 * 1000
_TEXT = {"type": "string", "minLength": 1}
HEADERS: Schema = {
    "type": "object",
    "description": "CloudEvents 1.0, Kafka binary content mode.",
    "required": ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_sequence"],
    "properties": {
        "content-type": {"type": "string", "const": "application/json"},
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {**_TEXT, "description": "A second record with the same id is a duplicate: drop it."},
        "ce_type": {**_TEXT, "description": "Name of the fact, as the message is called here."},
        "ce_source": {**_TEXT, "description": "`/services/<owner>`."},
        "ce_subject": {**_TEXT, "description": "What the fact is about; equal to the record's key."},
        "ce_time": {"type": "string", "format": "date-time", "description": "When it was recorded, UTC."},
        "ce_sequence": {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "Counts the facts of a subject by one, where `x-sequenced` is true.",
        },
        "ce_correlationid": {**_TEXT, "description": "Shared by all that one request led to."},
        "ce_causationid": {**_TEXT, "description": "Id of the request or event that led to this fact."},
        "ce_traceparent": {**_TEXT, "description": "W3C trace context."},
    },
}


def document(
    catalogue: Catalogue, schemas: Mapping[str, Schema], samples: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the AsyncAPI document as plain data."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Lá Chắn: the facts of the province",
            "version": "1.0.0",
            "description": "What the five services tell each other and their partners over Kafka. "
            "No fact names a person: `person_id` is a keyed pseudonym.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"local": {"host": "127.0.0.1:9092", "protocol": "kafka", "description": "`make run`"}},
        "channels": {topic.name: _channel(topic) for topic in catalogue.topics},
        "operations": _operations(catalogue),
        "components": {
            "messages": {name: _message(name, samples) for name in sorted(schemas)},
            "schemas": {"CloudEventsHeaders": HEADERS, **_components(schemas)},
        },
    }


def _channel(topic: Topic) -> dict[str, Any]:
    settings: dict[str, Any] = {"cleanup.policy": [topic.cleanup]}
    if topic.cleanup == "delete":
        settings["retention.ms"] = topic.retention_days * _DAY_MS
    binding = {"partitions": topic.partitions, "topicConfiguration": settings, "bindingVersion": _KAFKA}
    return {
        "address": topic.name,
        "description": topic.description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in topic.types},
        "tags": [{"name": topic.owner}],
        "bindings": {"kafka": binding},
    }


def _operations(catalogue: Catalogue) -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for topic in catalogue.topics:
        channel = {"$ref": f"#/channels/{topic.name}"}
        operations[f"{topic.owner}.send.{topic.name}"] = {
            "action": "send",
            "channel": channel,
            "tags": [{"name": topic.owner}],
        }
        for group in topic.subscribers:
            operations[f"{group}.receive.{topic.name}"] = {
                "action": "receive",
                "channel": channel,
                "tags": [{"name": owner_of(group)}],
                "bindings": {
                    "kafka": {"groupId": {"type": "string", "const": group}, "bindingVersion": _KAFKA}
                },
            }
    return operations


def _message(name: str, samples: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    kind = PAYLOADS[name]
    message: dict[str, Any] = {
        "name": name,
        "title": kind.__name__,
        "summary": " ".join((kind.__doc__ or "").split()),
        "contentType": "application/json",
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "headers": {"$ref": "#/components/schemas/CloudEventsHeaders"},
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "bindings": {"kafka": {"key": {"type": "string", "description": kind.key}, "bindingVersion": _KAFKA}},
    }
    if name in samples:
        message["examples"] = [{"name": "sample", "payload": samples[name]["data"]}]
    return message


def _components(schemas: Mapping[str, Schema]) -> dict[str, Schema]:
    components: dict[str, Schema] = {}
    for name, schema in schemas.items():
        owner = owner_of(name)
        flat = json.loads(json.dumps(schema).replace('"#/$defs/', f'"#/components/schemas/{owner}.'))
        for nested, body in flat.pop("$defs", {}).items():
            components[f"{owner}.{nested}"] = body
        components[name] = {word: body for word, body in flat.items() if word not in ("$schema", "$id")}
    return dict(sorted(components.items()))
