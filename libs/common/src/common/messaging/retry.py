"""
Which faults pass by themselves, and how long to wait for them.

A fault of the machinery (database, broker, network) is never the record's fault: it is waited for
and never leads to the dead letters.
"""

import asyncio
import random
from dataclasses import dataclass

_MACHINERY = ("pymongo.", "motor.", "aiokafka.", "kafka.")
_OUR_OWN_FAULT = frozenset(
    {
        "pymongo.errors.DocumentTooLarge",
        "pymongo.errors.InvalidOperation",
        "aiokafka.errors.MessageSizeTooLargeError",
    }
)
"""Errors of the drivers that the same input raises again for ever."""


def is_transient(error: BaseException) -> bool:
    """
    Tell whether *error* passes by itself: any fault of the database, the broker or the network.

    Judged by the names of the classes, so that this module needs no driver.
    """
    if isinstance(error, OSError | TimeoutError | asyncio.TimeoutError):
        return True
    names = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__]
    if not _OUR_OWN_FAULT.isdisjoint(names):
        return False
    return any(name.startswith(_MACHINERY) for name in names)


@dataclass(frozen=True, slots=True)
class Backoff:
    """
    Exponential waits with full jitter.

    *patience_seconds* bounds the whole; it stays far below the broker's `max.poll.interval` of five
    minutes, after which the group would take the partitions away.
    """

    first_seconds: float = 0.05
    longest_seconds: float = 5.0
    patience_seconds: float = 60.0

    def wait_seconds(self, attempt: int) -> float:
        """Return how long to wait after the failed *attempt*, counted from 0."""
        ceiling = min(self.longest_seconds, self.first_seconds * 2.0 ** min(attempt, 20))
        return ceiling * (0.5 + random.random() / 2)
