"""
The keys that sign permits, over time (khóa ký).

Several are believed at once: one signs, retired ones count until what they signed is over, a revoked
one counts no more. Private parts are sealed and opaque here.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from common.kernel.areas import Actor
from common.kernel.decision import Decision
from permit.domain import authority
from permit.domain.errors import InvalidPeriod, NotInForce, UnknownKey
from permit.domain.keys import EVERYTHING, KeyStatus, NewKey, Scope, SigningKey

KEYRING = "keyring"
SIGNS_FOR = timedelta(days=90)
COUNTS_AFTER = timedelta(days=45)
"""Longest validity of a permit (30 days) plus how early one may ask (7 days), with room."""
KEPT_REVOKED = timedelta(days=180)
ROTATES_AHEAD = timedelta(days=14)
"""A key is changed by itself so long before it may sign no more: nobody has to remember it."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys; *sequence* counts the changes and numbers the published list."""

    root: NewKey
    keys: tuple[SigningKey, ...]
    sequence: int = 1

    @property
    def active(self) -> SigningKey:
        """The key that signs whatever no limited key is for."""
        return next(key for key in reversed(self.keys) if _signs(key) and key.scope == EVERYTHING)

    def signing_at(
        self, issued_at: datetime, valid_until: datetime, category: int, areas: Collection[str]
    ) -> SigningKey:
        """
        Return the key under which a permit of that time is (again) signed.

        The newest that signed then, so that a code asked for twice is the same text; the present one
        if that was revoked or would not be believed long enough. A key limited to such permits goes
        before the general one.
        """
        allowed = [key for key in reversed(self.keys) if key.scope.covers(category, areas)]
        allowed.sort(key=lambda key: key.scope == EVERYTHING)
        then = (
            key
            for key in allowed
            if key.status is not KeyStatus.REVOKED
            and key.not_before <= issued_at <= key.not_after
            and valid_until <= key.accept_until
        )
        now = (
            key
            for key in allowed
            if _signs(key) and issued_at <= key.not_after and valid_until <= key.accept_until
        )
        return next(then, None) or next(now, self.active)


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
    """Sign with a new key from now on, all permits or those of a scope; it takes over from the last such."""

    new: NewKey
    by: Actor
    scope: Scope = EVERYTHING

    @property
    def aggregate_id(self) -> str:
        """There is one ring."""
        return KEYRING


@dataclass(frozen=True, slots=True)
class RotateWhenDue:
    """Sign with a new key if the present one soon may sign no more; changes nothing otherwise."""

    new: NewKey

    @property
    def aggregate_id(self) -> str:
        """There is one ring."""
        return KEYRING


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """
    Believe nothing that a key signed. The active one must be rotated away first.

    With a *replacement* (a key was stolen, minutes count) both happen in one step.
    """

    kid: str
    by: Actor
    replacement: NewKey | None = None

    @property
    def aggregate_id(self) -> str:
        """There is one ring."""
        return KEYRING


@dataclass(frozen=True, slots=True)
class ShortenKey:
    """Believe a retired key less long: codes that outlive it are refused, and made anew when asked for."""

    kid: str
    accept_until: datetime
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
            return _decision(_rotated(ring, command.new, now, command.scope))
        case RotateWhenDue() if ring:
            return _decision(_rotated(ring, command.new, now) if is_due(ring, now) else ring)
        case RevokeKey() if ring:
            authority.require_role(command.by, authority.ADMINISTRATOR)
            return _decision(_revoked(ring, command, now))
        case ShortenKey() if ring:
            authority.require_role(command.by, authority.ADMINISTRATOR)
            return _decision(_shortened(ring, command, now))
    raise TypeError(f"no decision for {type(command).__name__}")


def is_due(ring: Keyring, now: datetime) -> bool:
    """Tell whether the key that signs now soon may sign no more."""
    return now >= ring.active.not_after - ROTATES_AHEAD


def _rotated(ring: Keyring, new: NewKey, now: datetime, scope: Scope = EVERYTHING) -> Keyring:
    if any(key.key.kid == new.kid for key in ring.keys):
        return ring
    kept = [
        replace(key, status=KeyStatus.RETIRED, not_after=min(now, key.not_after))
        if _signs(key) and key.scope == scope
        else key
        for key in ring.keys
        if now <= key.accept_until + KEPT_REVOKED
    ]
    fresh = SigningKey(new, now, now + SIGNS_FOR, now + SIGNS_FOR + COUNTS_AFTER, scope=scope)
    return replace(ring, keys=(*kept, fresh), sequence=ring.sequence + 1)


def _revoked(ring: Keyring, command: RevokeKey, now: datetime) -> Keyring:
    key = _known(ring, command.kid)
    if key.status is KeyStatus.REVOKED:
        return ring
    if _signs(key) and command.replacement is not None:
        ring = _rotated(ring, command.replacement, now, key.scope)
    elif key is ring.active:
        raise NotInForce("Khóa đang dùng để ký: hãy đổi khóa trước, rồi thu hồi khóa cũ.")
    return _changed(ring, command.kid, status=KeyStatus.REVOKED)


def _shortened(ring: Keyring, command: ShortenKey, now: datetime) -> Keyring:
    key = _known(ring, command.kid)
    if _signs(key) or key.status is KeyStatus.REVOKED:
        raise NotInForce("Chỉ rút ngắn được khóa đã đổi và chưa bị thu hồi. Hãy đổi khóa trước.")
    until = command.accept_until.replace(microsecond=0)
    if not max(now, key.not_after) <= until <= key.accept_until:
        raise InvalidPeriod(
            "Chỉ rút ngắn được: chọn một thời điểm từ bây giờ đến hạn đang ghi.", field="accept_until"
        )
    return ring if until == key.accept_until else _changed(ring, command.kid, accept_until=until)


def _known(ring: Keyring, kid: str) -> SigningKey:
    key = next((key for key in ring.keys if key.key.kid == kid), None)
    if key is None:
        raise UnknownKey("Không có khóa này trong danh sách.")
    return key


def _changed(ring: Keyring, kid: str, **changes: Any) -> Keyring:
    keys = tuple(replace(key, **changes) if key.key.kid == kid else key for key in ring.keys)
    return replace(ring, keys=keys, sequence=ring.sequence + 1)


def _signs(key: SigningKey) -> bool:
    return key.status is KeyStatus.ACTIVE


def _fresh(new: NewKey, now: datetime) -> SigningKey:
    return SigningKey(new, now, now + SIGNS_FOR, now + SIGNS_FOR + COUNTS_AFTER)


def _decision(ring: Keyring) -> Decision[Keyring]:
    return Decision(ring, answer={"sequence": ring.sequence, "active_kid": ring.active.key.kid})
