"""Where photos of check-ins are kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A sealed photo; *digest* is the SHA-256 of the picture as it was sealed."""

    person_id: str
    digest: str
    sealed: str
    kept_at: datetime


class Photos(Protocol):
    """Sealed photos by person and digest."""

    async def keep(self, photo: KeptPhoto) -> None:
        """Keep a photo; the same one again changes nothing."""

    async def one(self, person_id: str, digest: str) -> KeptPhoto | None:
        """Return a photo, or None when it never came or was deleted."""

    async def of_person(self, person_id: str, *, limit: int) -> list[KeptPhoto]:
        """Return somebody's photos, the newest first."""

    async def purge(self, before: datetime) -> int:
        """Delete what was kept before; return how many."""
