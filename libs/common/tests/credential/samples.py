"""A fixed key and a synthetic person, so that every run makes the same codes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from common.credential.keys import KeyStatus, LocalSigner, VerificationKey
from common.credential.travel_permit import SignedWindow, TravelPermit
from common.credential.trust_list import TrustList

NOW = datetime(2022, 1, 15, 3, 0, tzinfo=UTC)  # Saturday 10:00 in Vietnam


def signer(number: int) -> LocalSigner:
    """A key that is the same in every run; never used outside tests."""
    return LocalSigner(ec.derive_private_key(7_919 + number, ec.SECP256R1()))


ROOT, CURRENT, OLD, REVOKED, STRANGER, LIMITED, EARLY = (signer(number) for number in range(7))


def trusted_key(of: LocalSigner, **changes: Any) -> VerificationKey:
    day = timedelta(days=1)
    key = VerificationKey(of.spki, NOW - 30 * day, NOW + 60 * day, NOW + 90 * day)
    return replace(key, **changes)


def trust() -> TrustList:
    day = timedelta(days=1)
    keys = (
        trusted_key(CURRENT),
        trusted_key(
            OLD,
            not_before=NOW - 90 * day,
            not_after=NOW - 30 * day,
            accept_until=NOW - day,
            status=KeyStatus.RETIRED,
        ),
        trusted_key(REVOKED, status=KeyStatus.REVOKED),
        trusted_key(LIMITED, categories=(2,), areas=("165",)),
        trusted_key(EARLY, not_before=NOW + day),
    )
    return TrustList(7, NOW - timedelta(hours=1), NOW + timedelta(hours=23), keys)


def permit(**changes: Any) -> TravelPermit:
    sample = TravelPermit(
        issuer="VN-19",
        cti=bytes(range(10)),
        issued_at=NOW - timedelta(hours=2),
        valid_from=NOW - timedelta(hours=1),
        valid_until=NOW + timedelta(hours=71),
        holder=b"mau-mau!",
        name="NGUYỄN VĂN MẪU",
        id_tail="0999",
        birth_year=1984,
        category=4,
        areas=("05431", "05440", "05443", "164", "165", "172"),
        windows=(SignedWindow(0b1111111, 5 * 60, 20 * 60),),
        plate="20C12345",
    )
    return replace(sample, **changes)
