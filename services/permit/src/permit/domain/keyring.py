"""
The keys that sign permits, over time (khóa ký).

Several are believed at once: one signs, retired ones count until what they signed is over, a revoked
one counts no more. Private parts are sealed and opaque here.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from common.kernel.areas import Actor
from common.kernel.decision import Decision
from permit.domain import authority
from permit.domain.errors import NotInForce, UnknownKey

KEYRING = "keyring"
SIGNS_FOR = timedelta(days=90)
COUNTS_AFTER = timedelta(days=45)
"""Longest validity of a permit (30 days) plus how early one may ask (7 days), with room."""
KEPT_REVOKED = timedelta(days=180)


class KeyStatus(StrEnum):
    """Whether a key signs, only counts, or counts no more."""

    ACTIVE = "active"
    RETIRED = "retired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A fresh key pair: its id (hex), public part (base64) and sealed private part."""

    kid: str
    spki: str
    sealed: str


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key of the ring. It may sign from *not_before* to *not_after*."""

    key: NewKey
    not_before: datetime
    not_after: datetime
    accept_until: datetime
    status: KeyStatus = KeyStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys; *sequence* counts the changes and numbers the published list."""

    root: NewKey
    keys: tuple[SigningKey, ...]
    sequence: int = 1

    @property
    def active(self) -> SigningKey:
        """The key that signs now."""
        return next(key for key in reversed(self.keys) if key.status is KeyStatus.ACTIVE)

    def signing_at(self, issued_at: datetime, valid_until: datetime) -> SigningKey:
        """
        Return the key under which a permit of that time is (again) signed.

        The newest that signed then, so that a code asked for twice is the same text; the present one
        if that was revoked or would not be believed long enough.
        """
        fit = (
            key
            for key in reversed(self.keys)
            if key.status is not KeyStatus.REVOKED
            and key.not_before <= issued_at <= key.not_after
            and valid_until <= key.accept_until
        )
        return next(fit, self.active)


@dataclass(frozen=True, slots=True)
class EstablishKeyring:
    """Begin with a root key and a first signing key; changes nothing once there is a ring."""

    root: NewKey
    first: NewKey

    @property
    def aggregate_id(self) -> str:
        """There is one ring."""
        return KEYRING


@dataclass(frozen=True, slots=True)
class RotateKey:
    """Sign with a new key from now on."""

    new: NewKey
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """There is one ring."""
        return KEYRING


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """Believe nothing that a key signed. The active one must be rotated away first."""

    kid: str
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """There is one ring."""
        return KEYRING


def decide(ring: Keyring | None, command: Any, _rules: None, now: datetime) -> Decision[Keyring]:
    """Change the ring; no fact leaves, the signed trust list is what the world sees."""
    now = now.replace(microsecond=0)
    match command:
        case EstablishKeyring():
            established = ring or Keyring(command.root, (_fresh(command.first, now),))
            return _decision(established)
        case RotateKey() if ring:
            authority.require_role(command.by, authority.ADMINISTRATOR)
            return _decision(_rotated(ring, command.new, now))
        case RevokeKey() if ring:
            authority.require_role(command.by, authority.ADMINISTRATOR)
            return _decision(_revoked(ring, command.kid))
    raise TypeError(f"no decision for {type(command).__name__}")


def _rotated(ring: Keyring, new: NewKey, now: datetime) -> Keyring:
    if any(key.key.kid == new.kid for key in ring.keys):
        return ring
    kept = [
        replace(key, status=KeyStatus.RETIRED, not_after=min(now, key.not_after))
        if key.status is KeyStatus.ACTIVE
        else key
        for key in ring.keys
        if now <= key.accept_until + KEPT_REVOKED
    ]
    return replace(ring, keys=(*kept, _fresh(new, now)), sequence=ring.sequence + 1)


def _revoked(ring: Keyring, kid: str) -> Keyring:
    key = next((key for key in ring.keys if key.key.kid == kid), None)
    if key is None:
        raise UnknownKey("Không có khóa này trong danh sách.")
    if key.status is KeyStatus.REVOKED:
        return ring
    if key is ring.active:
        raise NotInForce("Khóa đang dùng để ký: hãy đổi khóa trước, rồi thu hồi khóa cũ.")
    keys = tuple(replace(k, status=KeyStatus.REVOKED) if k is key else k for k in ring.keys)
    return replace(ring, keys=keys, sequence=ring.sequence + 1)


def _fresh(new: NewKey, now: datetime) -> SigningKey:
    return SigningKey(new, now, now + SIGNS_FOR, now + SIGNS_FOR + COUNTS_AFTER)


def _decision(ring: Keyring) -> Decision[Keyring]:
    return Decision(ring, answer={"sequence": ring.sequence, "active_kid": ring.active.key.kid})
