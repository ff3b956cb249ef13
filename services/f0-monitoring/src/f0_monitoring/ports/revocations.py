"""What is looked up about certificates that were taken back."""

from typing import Protocol

from f0_monitoring.domain.revoking import RevokedCertificate


class Revocations(Protocol):
    """Certificates that do not count any more."""

    async def one(self, number: str) -> RevokedCertificate | None:
        """Return the record of a certificate that was taken back, or None."""

    async def all(self) -> list[RevokedCertificate]:
        """Return every one that was ever taken back: wrongly issued ones, a handful."""
