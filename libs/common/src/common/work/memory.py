"""
In-memory stores that pass the same contract suite as the Mongo ones.

For unit tests and look-arounds; nothing here survives the process.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Generic, TypeVar

from common.kernel.decision import TimerFired
from common.work.model import Change, NewRecord, OutboxEntry, Stored, Unsent, shard_of

S = TypeVar("S")


class _MemoryOutbox:
    name = ""

    def __init__(self) -> None:
        self.outbox: dict[str, list[OutboxEntry]] = {}

    async def unsent(self, limit: int) -> list[Unsent]:
        waiting = [Unsent(key, tuple(entries)) for key, entries in self.outbox.items() if entries]
        return sorted(waiting, key=lambda unsent: unsent.entries[0].recorded_at)[:limit]

    async def clear(self, sent: list[Unsent]) -> None:
        for unsent in sent:
            ids = {entry.id for entry in unsent.entries}
            left = [e for e in self.outbox.get(unsent.document_id, []) if e.id not in ids]
            self.outbox[unsent.document_id] = left

    async def backlog(self) -> tuple[int, datetime | None]:
        waiting = await self.unsent(len(self.outbox) or 1)
        return len(waiting), waiting[0].entries[0].recorded_at if waiting else None


class MemoryStore(_MemoryOutbox, Generic[S]):
    """Aggregates in a dict, with versions, outbox and timers."""

    def __init__(self) -> None:
        super().__init__()
        self.aggregates: dict[str, Stored[S]] = {}

    # The docstrings are those of the protocols in model.py.
    async def load(self, ids: list[str]) -> dict[str, Stored[S]]:  # noqa: D102
        return {key: self.aggregates[key] for key in ids if key in self.aggregates}

    def recall(self, ids: Iterable[str]) -> dict[str, Stored[S]]:  # noqa: ARG002, D102
        return {}

    async def save(self, changes: list[Change[S]]) -> set[str]:  # noqa: D102
        losers = set()
        for change in changes:
            present = self.aggregates.get(change.aggregate_id)
            if (present.version if present else 0) != change.expected_version:
                losers.add(change.aggregate_id)
                continue
            self.aggregates[change.aggregate_id] = change.stored
            self.outbox.setdefault(change.aggregate_id, []).extend(change.outbox)
        return losers

    async def due(self, now: datetime, shards: list[int], limit: int) -> list[TimerFired]:  # noqa: D102
        found = [
            TimerFired(key, timer.name, timer.due_at)
            for key, stored in self.aggregates.items()
            if shard_of(key) in shards
            for timer in stored.timers
            if timer.due_at <= now
        ]
        return sorted(found, key=lambda fired: fired.due_at)[:limit]

    async def has_timers(self) -> bool:  # noqa: D102
        return any(stored.timers for stored in self.aggregates.values())

    def facts(self) -> list[OutboxEntry]:
        """Return every fact not yet cleared, for tests."""
        return [entry for entries in self.outbox.values() for entry in entries]


class MemoryRecords(_MemoryOutbox, Generic[S]):
    """Append-only rows in a dict."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, S] = {}
        self.answers: dict[str, dict[str, Any]] = {}

    async def append(self, records: list[NewRecord[S]]) -> dict[str, dict[str, Any]]:  # noqa: D102
        known = {r.record_id: self.answers[r.record_id] for r in records if r.record_id in self.rows}
        for record in records:
            if record.record_id not in known:
                self.rows[record.record_id] = record.row
                self.answers[record.record_id] = record.answer
                self.outbox[record.record_id] = list(record.outbox)
        return known

    def facts(self) -> list[OutboxEntry]:
        """Return every fact not yet cleared, for tests."""
        return [entry for entries in self.outbox.values() for entry in entries]
