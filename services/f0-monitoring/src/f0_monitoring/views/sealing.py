"""The desk that signs certificates and says which keys are believed; keys are opened for each use."""

import asyncio
import hashlib
import hmac
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import BaseModel

from common.background import BackgroundTask
from common.credential import recovery, revocation, trust_list
from common.credential.document import CTI_BYTES
from common.credential.keys import LocalSigner, VerificationKey
from common.credential.recovery import Certificate
from common.credential.trust_list import TrustList
from common.keys import derived_key, secret_key
from common.logs import logger
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause
from f0_monitoring.domain.seal_keys import (
    COUNTS_AFTER,
    Establish,
    NewKey,
    RotateWhenDue,
    SealKeys,
    is_due,
)
from f0_monitoring.ports import SealKeyring

log = logger(__name__)
KEY_CLASS: Final = "signing-key"
ISSUER: Final = "VN-19-YT"
"""Health department of the province; permits are issued under another name."""
LIST_LIVES: Final = timedelta(hours=72)
EVERY_SECONDS: Final = 3600.0
_ID_TAIL: Final = 4


class TrustListView(BaseModel):
    """Danh sách khóa đáng tin của giấy xác nhận."""

    sequence: int
    issued_at: datetime
    expires_at: datetime
    root: str
    signed: str


class Seal(BackgroundTask):
    """Makes the keys before the first request, changes them in time, signs and verifies certificates."""

    def __init__(self, runtime: Runtime, ring: SealKeyring, work: Work[Any, Any]) -> None:
        key = secret_key(runtime.settings.person_key.get_secret_value(), name="person_key")
        self._holder_key = derived_key(key, "certificate-holder")
        self._number_key = derived_key(key, "certificate-number")
        self._runtime = runtime
        self._ring = ring
        self._work = work

    async def start(self) -> None:
        """Make the first keys unless they exist; look after their age from then on."""
        if await self._ring.ring() is None:
            await self._work.run(Establish(self._new(), self._new()), Cause("establish-certificate-keys"))
        self.begin(self._look_after(), "certificate-keys")

    async def code_of(
        self, person_id: str, episode: int, person: dict[str, Any], closed_at: datetime, until: datetime
    ) -> tuple[str, bytes]:
        """Return the text of a certificate's code and its number; the same text each time."""
        ring = await self._known()
        issued_at = closed_at.replace(microsecond=0)
        paper = person.get("cccd") or person.get("cmnd") or person.get("passport") or ""
        certificate = Certificate(
            issuer=ISSUER,
            cti=self.number_of(person_id, episode),
            issued_at=max(issued_at, ring.signing_at(issued_at).not_before),
            valid_from=issued_at,
            valid_until=until,
            holder=self._hmac(self._holder_key, person_id)[:8],
            name=str(person["full_name"]),
            id_tail=paper[-_ID_TAIL:].upper(),
            birth_year=int(person["birth_year"]),
        )
        signer = self._signer(ring.signing_at(issued_at).key)
        return recovery.sign(certificate, signer), certificate.cti

    def number_of(self, person_id: str, episode: int) -> bytes:
        """Return the number of the certificate of one illness: ten bytes that tell others nothing."""
        return self._hmac(self._number_key, f"{person_id}:{episode}")[:CTI_BYTES]

    async def signed_head(self, head: revocation.Head) -> bytes:
        """Sign what the list of revoked certificates is, with the root key that verifiers pin."""
        ring = await self._known()
        return revocation.sign_head(head, self._signer(ring.root))

    async def verified(self, text: str) -> Certificate:
        """Return what a code proves; `Unverifiable` otherwise."""
        ring, now = await self._known(), self._runtime.clock.now()
        return recovery.verify(text, self._trusted(ring, now), now)

    async def published(self) -> TrustListView:
        """Return the list of believed keys, signed by the root key that verifiers pin."""
        ring = await self._known()
        trusted = self._trusted(ring, self._runtime.clock.now().replace(microsecond=0))
        signed = trust_list.publish(trusted, self._signer(ring.root))
        return TrustListView(
            sequence=trusted.sequence,
            issued_at=trusted.issued_at,
            expires_at=trusted.expires_at,
            root=ring.root.spki,
            signed=b64encode(signed).decode(),
        )

    async def rotate_when_due(self) -> None:
        """Change the key that signs if it soon may sign no more; of several processes one does it."""
        ring = await self._known()
        if is_due(ring, self._runtime.clock.now()):
            # The cause names the key that grows old: whoever is second is answered with what the first did.
            await self._work.run(RotateWhenDue(self._new()), Cause(f"rotate-{ring.keys[-1].key.kid}"))

    async def _look_after(self) -> None:
        while True:
            try:
                await self.rotate_when_due()
            except Exception as fault:  # noqa: BLE001 - the next round tries again, two weeks are left
                log.warning("certificate keys wait", fault=repr(fault))
            await asyncio.sleep(EVERY_SECONDS)

    async def _known(self) -> SealKeys:
        ring = await self._ring.ring()
        if ring is None:
            raise LookupError("there are no certificate keys yet")
        return ring

    def _new(self) -> NewKey:
        signer = LocalSigner.generate()
        private = b64encode(signer.private_bytes()).decode()
        sealed = self._runtime.vault.seal({"pkcs8": private}, data_class=KEY_CLASS)
        return NewKey(signer.kid.hex(), b64encode(signer.spki).decode(), sealed)

    def _signer(self, key: NewKey) -> LocalSigner:
        fields = self._runtime.vault.open(key.sealed, data_class=KEY_CLASS)
        return LocalSigner.load(b64decode(fields["pkcs8"]))

    def _trusted(self, ring: SealKeys, now: datetime) -> TrustList:
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
