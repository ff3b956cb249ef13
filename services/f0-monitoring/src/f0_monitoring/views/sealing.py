"""The desk that signs certificates and verifies them."""

from datetime import datetime
from typing import Any, Final

from common.credential import recovery, revocation
from common.credential.recovery import Certificate
from common.sealed_papers import ID_TAIL, SealOffice, TrustListView

__all__ = ("ISSUER", "Seal", "TrustListView")

ISSUER: Final = "VN-19-YT"
"""Health department of the province; permits are issued under another name."""


class Seal(SealOffice):
    """Signs certificates; its keys sign nothing else."""

    name = "certificate"

    async def code_of(
        self, person_id: str, episode: int, person: dict[str, Any], closed_at: datetime, until: datetime
    ) -> tuple[str, bytes]:
        """Return the text of a certificate's code and its number; the same text each time."""
        ring = await self.known()
        issued_at = closed_at.replace(microsecond=0)
        paper = person.get("cccd") or person.get("cmnd") or person.get("passport") or ""
        certificate = Certificate(
            issuer=ISSUER,
            cti=self.certificate_number(person_id, episode),
            issued_at=max(issued_at, ring.signing_at(issued_at).not_before),
            valid_from=issued_at,
            valid_until=until,
            holder=self.holder_of(person_id),
            name=str(person["full_name"]),
            id_tail=paper[-ID_TAIL:].upper(),
            birth_year=int(person["birth_year"]),
        )
        signer = self.signer(ring.signing_at(issued_at).key)
        return recovery.sign(certificate, signer), certificate.cti

    def certificate_number(self, person_id: str, episode: int) -> bytes:
        """Return the number of the certificate of one illness: ten bytes that tell others nothing."""
        return self.number_of(f"{person_id}:{episode}")

    async def signed_head(self, head: revocation.Head) -> bytes:
        """Sign what the list of revoked certificates is, with the root key that verifiers pin."""
        ring = await self.known()
        return revocation.sign_head(head, self.signer(ring.root))

    async def verified(self, text: str) -> Certificate:
        """Return what a code proves; `Unverifiable` otherwise."""
        ring, now = await self.known(), self._runtime.clock.now()
        return recovery.verify(text, self.trusted(ring, now), now)
