"""
What this process met last, so that the next batch need not read it again.

A worker that owns its partitions is mostly the only writer of its aggregates. It decides on what it
remembers, and the version filter of the write tells whether that still held.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Generic, TypeVar

from common.work.model import Stored

S = TypeVar("S")

RECOLLECTIONS_MAX = 10_000
"""Aggregates remembered per collection; the least recently met is forgotten first."""


class Recollection(Generic[S]):
    """A bounded memory of aggregates by id."""

    def __init__(self, size: int = RECOLLECTIONS_MAX) -> None:
        self._size = size
        self._met: OrderedDict[str, Stored[S]] = OrderedDict()

    def of(self, ids: Iterable[str]) -> dict[str, Stored[S]]:
        """Return those of *ids* that are remembered."""
        return {key: self._met[key] for key in ids if key in self._met}

    def keep(self, key: str, stored: Stored[S]) -> None:
        """Remember the newest version of *key*."""
        known = self._met.get(key)
        if known is not None and known.version > stored.version:
            return
        self._met[key] = stored
        self._met.move_to_end(key)
        if len(self._met) > self._size:
            self._met.popitem(last=False)

    def forget(self, keys: Iterable[str]) -> None:
        """Forget *keys*: somebody else wrote them, or nobody knows whether we did."""
        for key in keys:
            self._met.pop(key, None)
