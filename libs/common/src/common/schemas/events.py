"""JSON Schema 2020-12 of every fact."""

from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from common.contracts.registry import PAYLOADS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


class _Plain(GenerateJsonSchema):
    """JSON Schema without the titles that only repeat field names."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        """Return False: `Spo2 Percent` says less than `spo2_percent`."""
        return False

    def generate(self, schema: Any, mode: JsonSchemaMode = "validation") -> Schema:
        """Return the schema with its dialect."""
        return {"$schema": DIALECT, **super().generate(schema, mode)}


def schema_of(event_type: str) -> Schema:
    """Return the JSON Schema of the value of *event_type*'s records."""
    kind = PAYLOADS[event_type]
    body = kind.model_json_schema(schema_generator=_Plain)
    dialect = body.pop("$schema")
    about = {"$schema": dialect, "$id": f"urn:la-chan:event:{event_type}", "title": kind.__name__}
    about["description"] = _paragraph(body.pop("description", ""))
    return {**about, "x-topic": kind.topic, "x-key": kind.key, "x-sequenced": kind.sequenced, **body}


@cache
def schemas() -> dict[str, Schema]:
    """Return the JSON Schema of every fact, by type."""
    return {name: schema_of(name) for name in sorted(PAYLOADS)}


def _paragraph(text: str) -> str:
    return " ".join(text.split())
