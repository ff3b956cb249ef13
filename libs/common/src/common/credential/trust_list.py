"""
Which keys are believed: a small signed file that every verifier carries.

Signed by the root key that scanners pin. A key that is not on the newest list, or is marked revoked,
does not count, whatever it signed. Lists are numbered and expire, so an old one cannot be slipped in.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from common.credential import cose, strict_cbor
from common.credential.keys import Algorithm, KeyStatus, Signer, VerificationKey
from common.credential.refusals import Reason, Unverifiable

_SEQUENCE, _ISSUED, _EXPIRES, _KEYS = 1, 2, 3, 4
_KID, _ALG, _SPKI, _FROM, _TO, _UNTIL, _CATEGORIES, _AREAS, _STATUS = range(1, 10)
_STATUSES: Final = (KeyStatus.ACTIVE, KeyStatus.RETIRED, KeyStatus.REVOKED)
LATEST_SECOND: Final = 253_402_300_799
"""End of the year 9999, the last instant that Python and SQL can name."""


@dataclass(frozen=True, slots=True)
class TrustList:
    """The keys of one issuer at one time; instants are aware, UTC, whole seconds."""

    sequence: int
    issued_at: datetime
    expires_at: datetime
    keys: tuple[VerificationKey, ...]
    _by_kid: dict[bytes, VerificationKey] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_kid = {key.kid: key for key in self.keys}
        if len(by_kid) != len(self.keys):
            raise ValueError("two keys of a trust list share a key id")
        object.__setattr__(self, "_by_kid", by_kid)

    def key_at(self, kid: bytes, now: datetime) -> VerificationKey:
        """Return the key that counts at *now*; `Unverifiable` if unknown, revoked or out of its time."""
        key = self._by_kid.get(kid)
        if key is None:
            raise Unverifiable(Reason.UNKNOWN_KEY)
        if key.status is KeyStatus.REVOKED:
            raise Unverifiable(Reason.KEY_REVOKED)
        if now < key.not_before:
            raise Unverifiable(Reason.KEY_NOT_YET)
        if now > key.accept_until:
            raise Unverifiable(Reason.KEY_EXPIRED)
        return key


def publish(trusted: TrustList, root: Signer) -> bytes:
    """Return *trusted* as a signed file."""
    claims = {
        _SEQUENCE: trusted.sequence,
        _ISSUED: _seconds(trusted.issued_at),
        _EXPIRES: _seconds(trusted.expires_at),
        _KEYS: [_entry(key) for key in trusted.keys],
    }
    return cose.sign(strict_cbor.dumps(claims), root)


def read(signed: bytes, root: VerificationKey, now: datetime, *, newest_seen: int = 0) -> TrustList:
    """
    Return the list in *signed*; `Unverifiable` if it is not the root's, is expired or is older.

    *newest_seen* is the highest sequence that this verifier ever accepted.
    """
    payload, _ = cose.verify(signed, _only(root), strict_cbor.LIST)
    trusted = _parsed(strict_cbor.loads(payload, strict_cbor.LIST))
    if trusted.sequence < newest_seen:
        raise Unverifiable(Reason.LIST_ROLLED_BACK)
    if now > trusted.expires_at:
        raise Unverifiable(Reason.LIST_EXPIRED)
    return trusted


def _only(root: VerificationKey) -> cose.KeyOf:
    def key_of(kid: bytes) -> VerificationKey:
        if kid != root.kid:
            raise Unverifiable(Reason.UNKNOWN_KEY)
        return root

    return key_of


def _entry(key: VerificationKey) -> dict[int, Any]:
    return {
        _KID: key.kid,
        _ALG: int(key.algorithm),
        _SPKI: key.spki,
        _FROM: _seconds(key.not_before),
        _TO: _seconds(key.not_after),
        _UNTIL: _seconds(key.accept_until),
        _CATEGORIES: list(key.categories),
        _AREAS: list(key.areas),
        _STATUS: _STATUSES.index(key.status),
    }


def _parsed(claims: Any) -> TrustList:
    try:
        keys = tuple(_parsed_entry(entry) for entry in claims[_KEYS])
        return TrustList(claims[_SEQUENCE] + 0, instant(claims[_ISSUED]), instant(claims[_EXPIRES]), keys)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise Unverifiable(Reason.BAD_CLAIMS, "not a trust list") from error


def _parsed_entry(entry: Any) -> VerificationKey:
    key = VerificationKey(
        spki=entry[_SPKI],
        not_before=instant(entry[_FROM]),
        not_after=instant(entry[_TO]),
        accept_until=instant(entry[_UNTIL]),
        status=_STATUSES[entry[_STATUS]],
        algorithm=Algorithm(entry[_ALG]),
        categories=tuple(entry[_CATEGORIES]),
        areas=tuple(entry[_AREAS]),
    )
    if key.kid != entry[_KID]:
        raise ValueError("a key id that is not the key's")
    return key


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def instant(seconds: Any) -> datetime:
    """Return *seconds* since 1970 as an instant; ValueError unless it is a whole number in range."""
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds <= LATEST_SECOND:
        raise ValueError("not an instant")
    return datetime.fromtimestamp(seconds, UTC)
