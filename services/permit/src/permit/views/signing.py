"""
The signing desk: from a permit and an identity to the text of its code, and the trust list.

A code is made anew whenever it is asked for. Signatures are deterministic and the key is the one that
signed at the time, so it is the same text again; after a key was revoked it is a good one.
"""

import hashlib
import hmac
import time
from base64 import b64decode
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from common.credential import render, serial, travel_permit, trust_list
from common.credential.keys import KeyStatus, Signer, Unsigned, VerificationKey
from common.credential.travel_permit import SignedWindow, TravelPermit
from common.credential.trust_list import TrustList
from common.keys import derived_key, secret_key
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause
from permit.domain.errors import TooMuchForOneCode, UnknownCategory
from permit.domain.keyring import EstablishKeyring, Keyring, RotateWhenDue, is_due
from permit.domain.keys import NewKey, SigningKey
from permit.domain.model import Permit, Terms
from permit.ports import KeyCabinet, Keyrings
from permit.views.cabinet import SealedKeys

LIST_LIVES: Final = timedelta(hours=72)
"""After this a scanner that never came online must ask a person (facts on offline verification)."""
_FRESH_SECONDS: Final = 1.0
_ID_TAIL: Final = 4
_NO_CATEGORY: Final = 999
"""Stands for a category that no policy knows any more."""
MOST_LETTERS: Final = 419
"""What version 12 holds at level M in alphanumeric mode."""


class SigningDesk:
    """Signs permits and publishes which keys are believed. Private keys are opened for each use."""

    def __init__(
        self,
        runtime: Runtime,
        rings: Keyrings,
        numbers: dict[str, int],
        issuer: str,
        keys: KeyCabinet | None = None,
    ) -> None:
        key = secret_key(runtime.settings.person_key.get_secret_value(), name="person_key")
        self._holder_key = derived_key(key, "permit-holder")
        self._number_key = derived_key(key, "permit-number")
        self._runtime = runtime
        self._keys = keys or SealedKeys(runtime.vault)
        self._rings = rings
        self._numbers = numbers
        self._issuer = issuer
        self._known: tuple[float, Keyring, TrustList] | None = None

    async def establish(self, work: Work[Any, Any]) -> None:
        """Make the root key and the first signing key unless there is a ring already."""
        if await self._rings.ring() is None:
            command = EstablishKeyring(self.new_key(), self.new_key())
            await work.run(command, Cause("establish-keyring"))

    async def rotate_when_due(self, work: Work[Any, Any]) -> None:
        """Change the signing key if it soon may sign no more; of several processes one does it."""
        ring = await self._rings.ring()
        if ring is not None and is_due(ring, self._runtime.clock.now()):
            # The cause names the key that grows old: whoever is second is answered with what the first did.
            command = RotateWhenDue(self.new_key())
            await work.run(command, Cause(f"rotate-{ring.active.key.kid}"))
            self.forget()

    def new_key(self) -> NewKey:
        """Make a key pair where keys are kept; its private part is sealed or never leaves."""
        return self._keys.make()

    def number_of(self, cause: Cause) -> str:
        """Return the number of the permit that a request asks for: the same for the same request."""
        digest = hmac.new(self._number_key, cause.id.encode(), hashlib.sha256).digest()
        return serial.serial_of(digest[:10])

    async def code_of(
        self, person_id: str, permit: Permit, identity: dict[str, Any], *, is_trial: bool = False
    ) -> str:
        """Return the text of a permit's code; a trial has its size and no key is opened for it."""
        ring, _ = await self._current()
        terms = permit.terms
        number = self._numbers.get(terms.category, _NO_CATEGORY)
        key = ring.signing_at(permit.applied_at, terms.valid_until, number, terms.areas)
        issued_at = max(permit.applied_at, key.not_before)
        claims = TravelPermit(
            issuer=self._issuer,
            cti=serial.cti_of(permit.permit_id),
            issued_at=issued_at.replace(microsecond=0),
            valid_from=terms.valid_from,
            valid_until=terms.valid_until,
            holder=hmac.new(self._holder_key, person_id.encode(), hashlib.sha256).digest()[:8],
            **_shown(identity, terms, number),
        )
        signer = Unsigned(bytes.fromhex(key.key.kid)) if is_trial else self._signer(key.key)
        return travel_permit.sign(claims, signer)

    async def check_size(self, person_id: str, permit: Permit, identity: dict[str, Any]) -> None:
        """Refuse with `TooMuchForOneCode` what no cheap camera could read off paper."""
        try:
            text = await self.code_of(person_id, permit, identity, is_trial=True)
        except ValueError as fault:
            raise TooMuchForOneCode(
                "Nội dung giấy không ghi vào mã được. Hãy sửa họ tên hoặc nơi đi."
            ) from fault
        if len(text) > MOST_LETTERS:
            raise TooMuchForOneCode(
                "Quá nhiều nơi hoặc khung giờ cho một giấy. Hãy chọn cả huyện thay cho từng xã.",
                field="areas",
            )

    async def trusted(self) -> TrustList:
        """Return the keys that are believed now."""
        return (await self._current())[1]

    async def published(self) -> tuple[bytes, TrustList]:
        """Return the trust list signed by the root key, and what it says."""
        ring, trusted = await self._current()
        return trust_list.publish(trusted, self._signer(ring.root)), trusted

    async def root(self) -> str:
        """Return the public root key (base64, SPKI) that scanners pin."""
        return (await self._current())[0].root.spki

    async def root_key(self) -> VerificationKey:
        """Return the root key as one that verifies lists; its dates do not matter."""
        spki, now = b64decode(await self.root()), self._runtime.clock.now()
        return VerificationKey(spki, now, now, now)

    async def root_signer(self) -> Signer:
        """Return what signs lists."""
        return self._signer((await self._current())[0].root)

    async def ring(self) -> Keyring:
        """Return the ring, for the list of keys."""
        return (await self._current())[0]

    def forget(self) -> None:
        """Read the ring anew at the next use: it was just changed here."""
        self._known = None

    def numbers_of(self, categories: Iterable[str]) -> tuple[int, ...]:
        """Return what categories are called inside a code; `UnknownCategory`."""
        names = sorted(set(categories))
        unknown = [name for name in names if name not in self._numbers]
        if unknown:
            raise UnknownCategory(f"Không có nhóm {unknown[0]} trong quy định.", field="categories")
        return tuple(sorted(self._numbers[name] for name in names))

    def _signer(self, key: NewKey) -> Signer:
        return self._keys.signer(key)

    async def _current(self) -> tuple[Keyring, TrustList]:
        known, tick = self._known, time.monotonic()
        if known is None or tick - known[0] > _FRESH_SECONDS:
            ring = await self._rings.ring()
            if ring is None:
                raise LookupError("there is no keyring yet")
            is_same = known is not None and known[1] == ring and self._is_young(known[2])
            trusted = known[2] if known is not None and is_same else self._trust_list(ring)
            known = self._known = (tick, ring, trusted)
        return known[1], known[2]

    def _is_young(self, trusted: TrustList) -> bool:
        return self._runtime.clock.now() - trusted.issued_at < timedelta(minutes=1)

    def _trust_list(self, ring: Keyring) -> TrustList:
        now = self._runtime.clock.now().replace(microsecond=0)
        keys = tuple(_verification(key) for key in ring.keys)
        return TrustList(ring.sequence, now, now + LIST_LIVES, keys)


def _verification(key: SigningKey) -> VerificationKey:
    return VerificationKey(
        spki=b64decode(key.key.spki),
        not_before=key.not_before,
        not_after=key.not_after,
        accept_until=key.accept_until,
        status=KeyStatus(key.status.value),
        categories=key.scope.categories,
        areas=key.scope.areas,
    )


def _shown(identity: dict[str, Any], terms: Terms, number: int) -> dict[str, Any]:
    paper = identity.get("cccd") or identity.get("cmnd") or identity.get("passport") or ""
    return {
        "name": identity["full_name"],
        "id_tail": paper[-_ID_TAIL:].upper(),
        "birth_year": identity["birth_year"],
        "category": number,
        "areas": terms.areas,
        "windows": tuple(SignedWindow(w.weekdays, w.from_minute, w.to_minute) for w in terms.windows),
        "plate": terms.plate,
    }


def picture(text: str) -> bytes:
    """Return the code as a PNG picture."""
    return render.png(text)
