"""The OpenAPI document: bearer sign-in declared, refusals as problem+json and nothing else."""

import json
import sys
from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from common.http.problems import PROBLEM_JSON, Problem, problems

_METHODS: Final = frozenset({"get", "put", "post", "patch", "delete"})
_UNUSED: Final = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of *app*, made once."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, routes=app.routes)
        components = document.setdefault("components", {})
        components["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        }
        document["security"] = [{"bearer": []}]
        for operation in _operations(document):
            told = operation["responses"]
            for status, refusal in problems().items():
                if PROBLEM_JSON not in told.get(str(status), {}).get("content", {}):
                    told[str(status)] = refusal
        schemas = components.setdefault("schemas", {})
        for name in _UNUSED:
            schemas.pop(name, None)
        schemas |= _schema_of_problems()
        app.openapi_schema = document
    return app.openapi_schema


def _schema_of_problems() -> dict[str, Any]:
    """Return what `problems` refers to, and what that refers to."""
    wanted: Any = [(Problem, "serialization")]
    _, found = models_json_schema(wanted, ref_template="#/components/schemas/{model}")
    return dict(found["$defs"])


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document.get("paths", {}).values():
        for method, operation in item.items():
            if method in _METHODS:
                yield operation


def print_document(app: FastAPI) -> int:
    """Print the document as the build keeps it: sorted, one value per line."""
    json.dump(app.openapi(), sys.stdout, ensure_ascii=False, indent=2, sort_keys=True)
    sys.stdout.write("\n")
    return 0
