"""
Writes a document of every kind of aggregate that has none yet, as this version keeps it:

    python -m tests.stored.write

Every field is filled once, and once only those that must be. What is there already is never written again:
old documents are the point.
"""

import collections.abc
import dataclasses
import enum
import sys
import types
import typing
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bson import json_util

from common.mongo.aggregates import _beside_the_state
from common.work.model import Mark, Stored
from tests.stored.aggregates import state_of, stores

FOLDER = Path(__file__).parent / "documents"
PLAIN: dict[Any, Any] = {
    str: "mau",
    int: 1,
    float: 1.5,
    bool: True,
    bytes: b"mau",
    datetime: datetime(2021, 8, 14, 1, 31, tzinfo=UTC),
    date: date(2021, 8, 14),
    time: time(8, 30),
    timedelta: timedelta(hours=1),
    Decimal: Decimal("1.5"),
    Any: "mau",
    object: "mau",
}
SEQUENCES = (tuple, list, set, frozenset, collections.abc.Sequence, collections.abc.Collection)
MAPPINGS = (dict, collections.abc.Mapping)


def sample(kind: Any, *, full: bool) -> Any:  # noqa: C901  one line for each kind of type
    """Return a value of *kind*; not *full* leaves out whatever may be missing."""
    if kind in PLAIN:
        return PLAIN[kind]
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return sample(inner[0], full=full)
    if origin is typing.Literal:
        return inner[0]
    if origin in (typing.Union, types.UnionType):
        return _either(inner, full)
    if origin in SEQUENCES:
        return _several(origin, inner, full)
    if origin in MAPPINGS:
        return {sample(inner[0], full=full): sample(inner[1], full=full)} if full else {}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return next(iter(kind))
    if dataclasses.is_dataclass(kind):
        return _made(kind, full)
    if isinstance(kind, typing.NewType):
        return sample(kind.__supertype__, full=full)
    if isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields"):
        hints = typing.get_type_hints(kind)
        return kind(*(sample(hints[name], full=full) for name in kind._fields))
    raise TypeError(f"no sample of {kind}")


def _either(inner: tuple[Any, ...], full: bool) -> Any:
    if type(None) in inner and not full:
        return None
    return sample(next(each for each in inner if each is not type(None)), full=full)


def _several(origin: Any, inner: tuple[Any, ...], full: bool) -> Any:
    kind = origin if origin in (list, set, frozenset) else tuple
    if origin is tuple and inner and inner[-1] is not Ellipsis:
        return tuple(sample(each, full=full) for each in inner)
    return kind([sample(inner[0], full=full)] if full else [])


def _made(kind: Any, full: bool) -> Any:
    hints = typing.get_type_hints(kind, include_extras=True)
    given = {}
    for field in dataclasses.fields(kind):
        has_default = (
            field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
        )
        if field.init and (full or not has_default):
            given[field.name] = sample(hints[field.name], full=full)
    return kind(**given)


def document_of(name: str, *, full: bool) -> dict[str, Any]:
    """Return a whole document as the store called *name* writes it."""
    store = stores()[name]
    stored = Stored(
        state=sample(state_of(store), full=full),
        version=7,
        marks={"f0-monitoring:mau": Mark(12, (9,)), "f0.reports.v1-3": Mark(4711)} if full else {},
        results=(("cause", {"id": "mau"}),) if full else (),
        recent=b"12345678" if full else b"",
        sequences={"mau": 3} if full else {},
    )
    beside, _ = _beside_the_state(stored, None)
    return {"_id": "mau", **beside, "state": store.to_document(stored.state)}


def main() -> int:
    """Write what is missing."""
    FOLDER.mkdir(exist_ok=True)
    faults = 0
    for name in stores():
        file = FOLDER / f"{name}.json"
        if file.exists():
            continue
        try:
            documents = [document_of(name, full=full) for full in (True, False)]
        except Exception as fault:
            faults += 1
            print(f"{name}: {fault!r}")
            continue
        text = json_util.dumps(documents, indent=1, ensure_ascii=False, sort_keys=True)
        file.write_text(text + "\n", "utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
