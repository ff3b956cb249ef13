"""Hands the lists to scanners: the newest head, numbered changes that never alter, and the full list."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from common.credential import revocation
from common.credential.revocation import Head
from permit.domain.errors import NoListYet
from permit.ports.lists import Base, Journal, ListEntry
from permit.views.signing import SigningDesk

HEAD_EVERY: Final = timedelta(minutes=30)
"""How often an unchanged list is signed anew: some kB a day, and its age is known to half an hour."""
MOST_AT_ONCE: Final = 400
"""Changes in one answer; who is further behind takes the full list."""
SIGNED_KEPT: Final = 4
"""Signed heads that are kept: the newest one, that of the full list, and those being asked for meanwhile."""
_FRESH_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Served:
    """A body with the name of its version."""

    body: bytes
    version: str


class Lists:
    """Answers scanners."""

    def __init__(self, journal: Journal, signing: SigningDesk) -> None:
        self._journal = journal
        self._signing = signing
        self._known: tuple[float, ListEntry, datetime] | None = None
        self._heads: dict[str, bytes] = {}

    async def head(self, known: str | None = None) -> Served:
        """
        Return the signed head of the newest list; without its body for who names its version as *known*.

        Its date is when a worker last found nothing newer, to half an hour: a dead worker shows as age.
        """
        entry, checked_at = await self._newest()
        seconds = int(HEAD_EVERY.total_seconds())
        floor = datetime.fromtimestamp(int(checked_at.timestamp()) // seconds * seconds, checked_at.tzinfo)
        head = _head(entry.sequence, entry.list_hash, max(entry.issued_at, floor))
        version = _version(head)
        return Served(b"" if is_known(version, known) else await self._signed(head), version)

    async def full(self, known: str | None = None) -> Served:
        """Return the newest full list, without its body if *known*; what came after it is in the changes."""
        base: Base | None = await self._journal.base()
        if base is None:
            raise NoListYet("Danh sách đang được lập. Hãy thử lại sau ít phút.")
        head = _head(base.sequence, base.list_hash, base.built_at)
        version = _version(head)
        if is_known(version, known):
            return Served(b"", version)
        return Served(revocation.full_list(await self._signed(head), base.packed), version)

    async def changes(self, first: int, last: int) -> Served:
        """Return the changes numbered *first* to *last*; `NoListYet` unless all of them are kept."""
        count = last - first + 1
        entries = (
            await self._journal.after(first - 1, until=last)
            if 0 < count <= MOST_AT_ONCE and first > 0
            else []
        )
        if len(entries) != count or not entries:
            raise NoListYet("Không còn đủ các lần thay đổi này. Hãy tải danh sách đầy đủ.")
        return Served(revocation.in_a_row([entry.signed for entry in entries]), f"{first}-{last}")

    async def _signed(self, head: Head) -> bytes:
        """Sign each version once, however many scanners ask for it."""
        name = f"{_version(head)}-{head.list_hash.hex()}"
        if name not in self._heads:
            kept = list(self._heads.items())[1 - SIGNED_KEPT :]
            signed = revocation.sign_head(head, await self._signing.root_signer())
            self._heads = {**dict(kept), name: signed}
        return self._heads[name]

    async def _newest(self) -> tuple[ListEntry, datetime]:
        tick = time.monotonic()
        if self._known is None or tick - self._known[0] > _FRESH_SECONDS:
            entry, checked_at = await self._journal.newest(), await self._journal.checked_at()
            if entry is None:
                raise NoListYet("Danh sách đang được lập. Hãy thử lại sau ít phút.")
            self._known = (tick, entry, checked_at or entry.issued_at)
        return self._known[1], self._known[2]


def is_known(version: str, known: str | None) -> bool:
    """Tell whether a version is among the entity tags that a scanner has."""
    return known is not None and f'"{version}"' in known


def _head(sequence: int, list_hash: bytes, issued_at: datetime) -> Head:
    return Head(sequence, issued_at, issued_at + HEAD_EVERY, list_hash)


def _version(head: Head) -> str:
    return f"{head.sequence}-{int(head.issued_at.timestamp())}"
