"""The desk that signs papers of quarantine and verifies their codes; its keys sign nothing else."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from common.credential import quarantine_paper
from common.credential.quarantine_paper import Kind, QuarantinePaper, Where
from common.kernel.clock import VIETNAM
from common.kernel.key_ring import KeyRing
from common.sealed_papers import ID_TAIL, SealOffice
from quarantine.domain.model import Place
from quarantine.domain.papers import PaperKind, Terms

ISSUER: Final = "VN-19-CL"
"""Quarantine of the province; permits and certificates of care are issued under other names."""
COMPLETION_LIVES: Final = timedelta(days=365)
"""A certificate tells of the past; a year is as long as anybody has asked for one, and keys count longer."""
_KINDS: Final = {PaperKind.ORDER: Kind.ORDER, PaperKind.COMPLETION: Kind.COMPLETION}
_PLACES: Final = {Place.HOME: Where.HOME, Place.FACILITY: Where.FACILITY}


class PaperSeal(SealOffice):
    """Signs papers of quarantine."""

    name = "quarantine-paper"

    def code_of(self, terms: Terms, person: Mapping[str, Any], ring: KeyRing) -> tuple[str, bytes]:
        """Return the text of a paper's code and its number; the same terms are the same text each time."""
        issued_at = terms.issued_at.replace(microsecond=0)
        key = ring.signing_at(issued_at)
        paper = person.get("cccd") or person.get("cmnd") or person.get("passport") or ""
        signed = QuarantinePaper(
            issuer=ISSUER,
            cti=self.number_of(terms.text),
            issued_at=max(issued_at, key.not_before),
            valid_from=issued_at,
            valid_until=_until(terms),
            holder=self.holder_of(terms.person_id),
            name=str(person["full_name"]),
            id_tail=paper[-ID_TAIL:].upper(),
            birth_year=int(person["birth_year"]),
            kind=_KINDS[terms.kind],
            where=_PLACES[terms.place],
            first_day=terms.first_day,
            last_day=terms.last_day,
        )
        return quarantine_paper.sign(signed, self.signer(key.key)), signed.cti

    async def verified(self, text: str) -> QuarantinePaper:
        """Return what a code proves; `Unverifiable` otherwise."""
        ring, now = await self.known(), self._runtime.clock.now()
        return quarantine_paper.verify(text, self.trusted(ring, now), now)


def _until(terms: Terms) -> datetime:
    """Return when the code counts no more: an order with the midnight after its last day."""
    end = datetime.combine(terms.last_day + timedelta(days=1), time(), VIETNAM)
    if terms.kind is PaperKind.COMPLETION:
        end += COMPLETION_LIVES
    return max(end, terms.issued_at.replace(microsecond=0) + timedelta(hours=1))
