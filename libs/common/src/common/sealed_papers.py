"""The office that looks after the keys of papers and says which are believed; opened for each use."""

import asyncio
import hashlib
import hmac
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from pydantic import BaseModel

from common.background import BackgroundTask
from common.credential import trust_list
from common.credential.document import CTI_BYTES
from common.credential.keys import LocalSigner, VerificationKey
from common.credential.trust_list import TrustList
from common.kernel.key_ring import COUNTS_AFTER, Establish, KeyRing, NewKey, RotateWhenDue, is_due
from common.keys import derived_key, secret_key
from common.logs import logger
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause

log = logger(__name__)
KEY_CLASS: Final = "signing-key"
LIST_LIVES: Final = timedelta(hours=72)
EVERY_SECONDS: Final = 3600.0
ID_TAIL: Final = 4


class TrustListView(BaseModel):
    """Danh sách khóa đáng tin."""

    sequence: int
    issued_at: datetime
    expires_at: datetime
    root: str
    signed: str


class Keyring(Protocol):
    """Where the keys are kept."""

    async def ring(self) -> KeyRing | None:
        """Return the keys, or None before the first start."""


class SealOffice(BackgroundTask):
    """
    Makes the keys before the first request, changes them in time; a subclass signs and verifies.

    *name* is the kind of paper: nobody's holder or number is the same on two kinds.
    """

    name = "paper"

    def __init__(self, runtime: Runtime, ring: Keyring, work: Work[Any, Any]) -> None:
        key = secret_key(runtime.settings.person_key.get_secret_value(), name="person_key")
        self._holder_key = derived_key(key, f"{self.name}-holder")
        self._number_key = derived_key(key, f"{self.name}-number")
        self._runtime = runtime
        self._ring = ring
        self._work = work

    async def start(self) -> None:
        """Make the first keys unless they exist; look after their age from then on."""
        if await self._ring.ring() is None:
            await self._work.run(Establish(self._new(), self._new()), Cause(f"establish-{self.name}-keys"))
        self.begin(self._look_after(), f"{self.name}-keys")

    async def published(self) -> TrustListView:
        """Return the list of believed keys, signed by the root key that verifiers pin."""
        ring = await self.known()
        trusted = self.trusted(ring, self._runtime.clock.now().replace(microsecond=0))
        signed = trust_list.publish(trusted, self.signer(ring.root))
        return TrustListView(
            sequence=trusted.sequence,
            issued_at=trusted.issued_at,
            expires_at=trusted.expires_at,
            root=ring.root.spki,
            signed=b64encode(signed).decode(),
        )

    async def rotate_when_due(self) -> None:
        """Change the key that signs if it soon may sign no more; of several processes one does it."""
        ring = await self.known()
        if is_due(ring, self._runtime.clock.now()):
            # The cause names the key that grows old: whoever is second is answered with what the first did.
            await self._work.run(RotateWhenDue(self._new()), Cause(f"rotate-{ring.keys[-1].key.kid}"))

    async def _look_after(self) -> None:
        while True:
            try:
                await self.rotate_when_due()
            except Exception as fault:  # noqa: BLE001 - the next round tries again, two weeks are left
                log.warning("keys wait", kind=self.name, fault=repr(fault))
            await asyncio.sleep(EVERY_SECONDS)

    def holder_of(self, person_id: str) -> bytes:
        """Return eight bytes of a keyed hash of a person."""
        return self._hmac(self._holder_key, person_id)[:8]

    def number_of(self, text: str) -> bytes:
        """Return the number of the paper that *text* names: the same one each time."""
        return self._hmac(self._number_key, text)[:CTI_BYTES]

    async def known(self) -> KeyRing:
        """Return the keys; LookupError before the first start."""
        ring = await self._ring.ring()
        if ring is None:
            raise LookupError("there are no keys yet")
        return ring

    def _new(self) -> NewKey:
        signer = LocalSigner.generate()
        private = b64encode(signer.private_bytes()).decode()
        sealed = self._runtime.vault.seal({"pkcs8": private}, data_class=KEY_CLASS)
        return NewKey(signer.kid.hex(), b64encode(signer.spki).decode(), sealed)

    def signer(self, key: NewKey) -> LocalSigner:
        """Open a key."""
        fields = self._runtime.vault.open(key.sealed, data_class=KEY_CLASS)
        return LocalSigner.load(b64decode(fields["pkcs8"]))

    def trusted(self, ring: KeyRing, now: datetime) -> TrustList:
        """Return which keys are believed at *now*."""
        keys = tuple(
            VerificationKey(
                spki=b64decode(one.key.spki),
                not_before=one.not_before,
                not_after=one.not_after,
                accept_until=one.not_after + COUNTS_AFTER,
            )
            for one in ring.keys
        )
        return TrustList(ring.sequence, now, now + LIST_LIVES, keys)

    @staticmethod
    def _hmac(key: bytes, text: str) -> bytes:
        return hmac.new(key, text.encode(), hashlib.sha256).digest()
