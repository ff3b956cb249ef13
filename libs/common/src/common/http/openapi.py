"""The OpenAPI document: bearer sign-in declared, refusals as problem+json and nothing else."""

import json
import sys
from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from common.http.problems import PROBLEM_JSON

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
            for response in operation.get("responses", {}).values():
                content = response.get("content", {})
                if PROBLEM_JSON in content:
                    content.pop("application/json", None)
        for name in _UNUSED:
            components.get("schemas", {}).pop(name, None)
        app.openapi_schema = document
    return app.openapi_schema


def print_document(app: FastAPI) -> int:
    """Print the document as the build keeps it: sorted, one value per line."""
    json.dump(app.openapi(), sys.stdout, ensure_ascii=False, indent=2, sort_keys=True)
    sys.stdout.write("\n")
    return 0


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document.get("paths", {}).values():
        for method, operation in item.items():
            if method in _METHODS:
                yield operation
