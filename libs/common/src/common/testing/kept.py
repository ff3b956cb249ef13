"""Lists, signing keys and messages in dicts, looked up by the very fields that Mongo looks them up by."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from common.kernel.key_ring import KEYRING, KeyRing
from common.kernel.messages import Message
from common.kernel.uploads import ListStatus, UploadedList
from common.sheets.pages import ListPage
from common.work.memory import MemoryStore


class MemoryUploads(MemoryStore[UploadedList]):
    """Uploaded lists and their pages in dicts."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, int], ListPage] = {}

    async def of_id(self, list_id: str) -> UploadedList | None:
        """Return one list."""
        stored = self.aggregates.get(list_id)
        return stored.state if stored else None

    async def shown_to(
        self, subject: str, codes: Collection[str], *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[UploadedList]:
        """Return the lists that somebody may see, the newest first."""
        found = [one for one in self._all() if subject == one.subject or set(codes) & set(one.covers)]
        found.sort(key=lambda one: (-one.received_at.timestamp(), one.list_id))
        if after:
            found = [
                one
                for one in found
                if (-one.received_at.timestamp(), one.list_id) > (-after[0].timestamp(), after[1])
            ]
        return found[:limit]

    async def to_do(self, *, limit: int) -> list[UploadedList]:
        """Return the lists that are worked off or undone."""
        wanted = (ListStatus.WORKING, ListStatus.UNDOING)
        found = sorted(self._all(), key=lambda one: one.received_at)
        return [one for one in found if one.status in wanted][:limit]

    async def keep_pages(self, pages: Collection[ListPage]) -> None:
        """Keep pages."""
        self.kept |= {(page.list_id, page.number): page for page in pages}

    async def pages(self, list_id: str, first: int, count: int) -> list[ListPage]:
        """Return some pages of a list in order."""
        numbers = range(first, first + count)
        return [self.kept[list_id, number] for number in numbers if (list_id, number) in self.kept]

    def _all(self) -> list[UploadedList]:
        return [stored.state for stored in self.aggregates.values()]


class MemoryKeyRing(MemoryStore[KeyRing]):
    """The keys that sign papers."""

    async def ring(self) -> KeyRing | None:
        """Return the keys."""
        stored = self.aggregates.get(KEYRING)
        return stored.state if stored else None


class EveryFile:
    """All files of a store in memory, over or not: the decision of each looks whether it is."""

    def __init__(self, store: MemoryStore[Any]) -> None:
        self._store = store

    async def over(self, before: datetime, *, limit: int, after: str) -> list[str]:  # noqa: ARG002
        """Return the next ids."""
        return sorted(one for one in self._store.aggregates if one > after)[:limit]


class NoRows:
    """Rows of a class of which there are none."""

    async def purge(self, before: datetime) -> int:  # noqa: ARG002
        """Delete nothing."""
        return 0


class MemoryMessages(MemoryStore[Message]):
    """Text messages in a dict."""

    async def to_send(self, now: datetime, *, limit: int) -> list[Message]:
        """Return messages that somebody may claim now, the longest waiting first."""
        found = [m for m in self.all() if m.try_at and m.try_at <= now]
        return sorted(found, key=lambda m: m.try_at or now)[:limit]

    def all(self) -> list[Message]:
        """Return every message."""
        return [stored.state for stored in self.aggregates.values()]
