"""
What this process wrote last, so that the next batch need not read it again.

A worker that owns its partitions is mostly the only writer of its aggregates. It decides on what it
remembers, and the version filter of the write tells whether that still held.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from common.work.model import Stored

S = TypeVar("S")

RECOLLECTIONS_MAX = 10_000
"""Aggregates remembered per collection; the least recently written is forgotten first."""


@dataclass(frozen=True, slots=True)
class Written(Generic[S]):
    """One aggregate as it was saved: what the engine needs, and the state as MongoDB holds it."""

    stored: Stored[S]
    state: dict[str, Any]


class Recollection(Generic[S]):
    """A bounded memory of aggregates by id."""

    def __init__(self, size: int = RECOLLECTIONS_MAX) -> None:
        self._size = size
        self._written: OrderedDict[str, Written[S]] = OrderedDict()

    def of(self, ids: Iterable[str]) -> dict[str, Stored[S]]:
        """Return those of *ids* that are remembered."""
        return {key: self._written[key].stored for key in ids if key in self._written}

    def at(self, key: str, version: int) -> Written[S] | None:
        """Return how *key* was written, if that made it *version*."""
        written = self._written.get(key)
        return written if written is not None and written.stored.version == version else None

    def keep(self, key: str, written: Written[S]) -> None:
        """Remember the newest write of *key*."""
        known = self._written.get(key)
        if known is not None and known.stored.version > written.stored.version:
            return
        self._written[key] = written
        self._written.move_to_end(key)
        if len(self._written) > self._size:
            self._written.popitem(last=False)

    def forget(self, keys: Iterable[str]) -> None:
        """Forget *keys*: somebody else wrote them, or nobody knows whether we did."""
        for key in keys:
            self._written.pop(key, None)
