"""
What may change in a fact within its major version: optional fields may be added, nothing else.

The rule is the same in both directions, because a reader may be older or newer than the writer: a
value that was never allowed before breaks an old reader just as one that is no longer allowed breaks
a new one. Anything else is a new type (`.v2`) on a new topic, published beside the old one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from common.messaging.catalogue import Catalogue
from common.schemas.events import Schema

_WORDS = frozenset({"title", "description", "examples", "$comment", "$schema", "$id", "$defs", "deprecated"})
"""Keywords that explain and constrain nothing."""
_FIELDS = frozenset({"properties", "required"})


def breaking_changes(released: Mapping[str, Schema], present: Mapping[str, Schema]) -> list[str]:
    """Return what would break somebody, one sentence each; empty when *present* is compatible."""
    found: list[str] = []
    for name, old in sorted(released.items()):
        if name not in present:
            found.append(f"{name}: the fact is gone")
        else:
            found += [f"{name}: {what}" for what in _compare(old, present[name], old, present[name], "")]
    return found


def _compare(old: Any, new: Any, old_root: Schema, new_root: Schema, place: str) -> Iterator[str]:
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    if not (isinstance(old, dict) and isinstance(new, dict)):
        if old != new:
            yield f"{place or 'value'} changed"
        return
    yield from _fields(old, new, old_root, new_root, place)
    for keyword in sorted((old.keys() | new.keys()) - _WORDS - _FIELDS):
        yield from _keyword(keyword, old, new, (old_root, new_root), place)


def _keyword(
    keyword: str, old: Schema, new: Schema, roots: tuple[Schema, Schema], place: str
) -> Iterator[str]:
    before, after = old.get(keyword), new.get(keyword)
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _compare(before, after, *roots, f"{place}[{keyword}]")
    elif keyword == "anyOf" and before and after and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from _compare(one, other, *roots, place)
    elif before != after:
        yield f"{place or 'value'}: {keyword} was {before!r} and would be {after!r}"


def _fields(old: Schema, new: Schema, old_root: Schema, new_root: Schema, place: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    place = f"{place}." if place else ""
    had_to, has_to = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(before.keys() - after.keys()):
        yield f"{place}{name} was removed or renamed"
    for name in sorted((after.keys() - before.keys()) & has_to):
        yield f"{place}{name} is new and required"
    for name in sorted(before.keys() & after.keys()):
        if name in had_to ^ has_to:
            yield f"{place}{name} became {'optional' if name in had_to else 'required'}"
        yield from _compare(before[name], after[name], old_root, new_root, f"{place}{name}")


def _resolved(schema: Any, root: Schema) -> Any:
    while isinstance(schema, dict) and "$ref" in schema:
        siblings = {word: value for word, value in schema.items() if word != "$ref"}
        schema = {**root["$defs"][schema["$ref"].rpartition("/")[2]], **siblings}
    return schema


def catalogue_changes(released: Catalogue, present: Catalogue) -> list[str]:
    """Return what would break order, access or consumers if the catalogue became *present*."""
    found: list[str] = []
    names = {topic.name for topic in present.topics}
    for old in released.topics:
        if old.name not in names:
            found.append(f"{old.name}: the topic is gone")
            continue
        new = present.topic(old.name)
        found += [
            f"{old.name}: {what} was {getattr(old, what)} and would be {getattr(new, what)}"
            for what in ("owner", "key", "partitions", "cleanup")
            if getattr(old, what) != getattr(new, what)
        ]
        if new.retention_days < old.retention_days:
            found.append(f"{old.name}: facts would be kept for a shorter time")
    gone = set(released.groups) - set(present.groups)
    return found + [
        f"{group}: the group is gone, its offsets and dead letters with it" for group in sorted(gone)
    ]
