"""
The keys that sign papers of one kind (khóa ký giấy), over time.

A root key signs the list of what is believed. One key signs; those before it count until what they signed is
over. Papers of another kind have keys and a root of their own.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from common.kernel.decision import Decision

KEYRING = "certificate-keys"
"""The one ring of a collection."""
SIGNS_FOR = timedelta(days=180)
COUNTS_AFTER = timedelta(days=400)
"""The longest that any rule lets a paper count."""
ROTATES_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key pair: its id (hex), public part (base64) and sealed private part."""

    kid: str
    spki: str
    sealed: str


@dataclass(frozen=True, slots=True)
class RingKey:
    """One key; it may sign from *not_before* to *not_after*."""

    key: NewKey
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys, the newest last; *sequence* counts the changes and numbers the published list."""

    root: NewKey
    keys: tuple[RingKey, ...]
    sequence: int = 1

    def signing_at(self, issued_at: datetime) -> RingKey:
        """Return the key that signed at a time, so that a paper asked for twice is the same text."""
        then = (key for key in reversed(self.keys) if key.not_before <= issued_at <= key.not_after)
        return next(then, self.keys[-1])


@dataclass(frozen=True, slots=True)
class Establish:
    """Begin with a root key and a first key; changes nothing once there are keys."""

    root: NewKey
    first: NewKey

    @property
    def aggregate_id(self) -> str:
        """There is one ring."""
        return KEYRING


@dataclass(frozen=True, slots=True)
class RotateWhenDue:
    """Sign with a new key if the present one soon may sign no more."""

    new: NewKey

    @property
    def aggregate_id(self) -> str:
        """There is one ring."""
        return KEYRING


def is_due(ring: KeyRing, now: datetime) -> bool:
    """Tell whether the key that signs now soon may sign no more."""
    return now >= ring.keys[-1].not_after - ROTATES_AHEAD


def decide(ring: KeyRing | None, command: Any, _rules: None, now: datetime) -> Decision[KeyRing]:
    """Change the ring; no fact leaves, the signed list is what the world sees."""
    now = now.replace(microsecond=0)
    match command:
        case Establish():
            return Decision(ring or KeyRing(command.root, (_fresh(command.first, now),)))
        case RotateWhenDue() if ring is not None:
            if not is_due(ring, now):
                return Decision(ring)
            kept = tuple(key for key in ring.keys if now <= key.not_after + COUNTS_AFTER)
            keys = (*kept, _fresh(command.new, now))
            return Decision(replace(ring, keys=keys, sequence=ring.sequence + 1))
    raise TypeError(f"no decision for {type(command).__name__}")


def _fresh(new: NewKey, now: datetime) -> RingKey:
    return RingKey(new, now, now + SIGNS_FOR)
