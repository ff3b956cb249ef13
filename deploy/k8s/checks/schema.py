"""The form: every manifest against the JSON Schema of its kind (Kubernetes 1.32 and the custom resources)."""

import functools
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

SCHEMAS: Final = Path(__file__).resolve().parents[1] / "schemas"
_CORE: Final = "core_1.32.json"


def faults(manifests: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield what does not fit, with the place in the manifest; also resources that are there twice."""
    found: Counter[str] = Counter()
    for manifest in manifests:
        name = title(manifest)
        found[name] += 1
        yield from (f"{name}: {fault}" for fault in _of(manifest))
    yield from (f"{name}: {count} times" for name, count in found.items() if count > 1)


def title(manifest: dict[str, Any]) -> str:
    """Return how a manifest is called in a message."""
    metadata = manifest.get("metadata") or {}
    return f"{manifest.get('kind')}/{metadata.get('name')}"


def _of(manifest: dict[str, Any]) -> Iterator[str]:
    validator = _validator(str(manifest.get("apiVersion")), str(manifest.get("kind")))
    if validator is None:
        yield f"no schema for {manifest.get('apiVersion')} {manifest.get('kind')}"
        return
    for error in validator.iter_errors(manifest):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:160]}"


@functools.cache
def _validator(version: str, kind: str) -> Draft202012Validator | None:
    core = _core()
    if (name := core["kinds"].get(f"{version}/{kind}")) is not None:
        return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": core["$defs"]})
    group, _, revision = version.partition("/")
    path = SCHEMAS / group / f"{kind.lower()}_{revision}.json"
    return Draft202012Validator(json.loads(path.read_text("utf-8"))) if path.is_file() else None


@functools.cache
def _core() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / _CORE).read_text("utf-8"))
    return found
