"""
Who read whose data, when, and what for: rows are only ever added, and the person may read them.

A row is written before the data is shown. Reading a list writes one row per person in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from motor.motor_asyncio import AsyncIOMotorCollection

from common.kernel.areas import Actor
from common.kernel.clock import Clock
from common.logs import correlation_id
from common.work.gather import Gatherer

RETENTION: Final = timedelta(days=730)
"""Rows are purged after two years; the period is stated in the data protection dossier."""
ROWS_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Access:
    """One reading of one person's data. *purpose* is Vietnamese: the person reads it."""

    person_id: str
    subject: str
    roles: tuple[str, ...]
    purpose: str
    at: datetime
    correlation_id: str = ""


class AccessLog(Protocol):
    """Where readings are noted."""

    async def note(self, actor: Actor, person_ids: Iterable[str], purpose: str) -> None:
        """Note that *actor* reads the data of these persons; reading one's own is not noted."""

    async def readings_of(
        self, person_id: str, *, limit: int, before: datetime | None = None
    ) -> list[Access]:
        """Return who read the data of *person_id*, the latest first."""


def _accesses(actor: Actor, person_ids: Iterable[str], purpose: str, now: datetime) -> list[Access]:
    roles = tuple(sorted(actor.roles))
    return [
        Access(person_id, actor.subject, roles, purpose, now, correlation_id())
        for person_id in dict.fromkeys(person_ids)
        if person_id != actor.person_id
    ]


class MongoAccessLog:
    """The access log of one service, in its own database."""

    def __init__(self, collection: AsyncIOMotorCollection[dict[str, Any]], clock: Clock) -> None:
        self.collection = collection
        self._clock = clock
        self._gatherer: Gatherer[Access, None] = Gatherer(self._insert, batch_max=ROWS_AT_ONCE)

    async def ensure_indexes(self) -> None:
        """Create the index that a person reads by, and the one that purges old rows."""
        await self.collection.create_index([("person_id", 1), ("at", -1)], name="person")
        seconds = int(RETENTION.total_seconds())
        await self.collection.create_index("at", name="retention", expireAfterSeconds=seconds)

    async def note(self, actor: Actor, person_ids: Iterable[str], purpose: str) -> None:
        """Note that *actor* reads the data of these persons; what is noted at once is written at once."""
        rows = _accesses(actor, person_ids, purpose, self._clock.now())
        if rows:
            await self._gatherer.submit(rows)

    async def _insert(self, rows: list[Access]) -> list[None]:
        await self.collection.insert_many([_to_document(row) for row in rows], ordered=False)
        return [None] * len(rows)

    async def readings_of(
        self, person_id: str, *, limit: int, before: datetime | None = None
    ) -> list[Access]:
        """Return who read the data of *person_id*, the latest first."""
        query: dict[str, Any] = {"person_id": person_id, **({"at": {"$lt": before}} if before else {})}
        rows = await self.collection.find(query).sort("at", -1).limit(limit).to_list(None)
        return [_from_document(row) for row in rows]


class MemoryAccessLog:
    """The access log of unit tests."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.rows: list[Access] = []

    async def note(self, actor: Actor, person_ids: Iterable[str], purpose: str) -> None:
        """Note that *actor* reads the data of these persons."""
        self.rows += _accesses(actor, person_ids, purpose, self._clock.now())

    async def readings_of(
        self, person_id: str, *, limit: int, before: datetime | None = None
    ) -> list[Access]:
        """Return who read the data of *person_id*, the latest first."""
        mine = [row for row in self.rows if row.person_id == person_id and (not before or row.at < before)]
        return sorted(mine, key=lambda row: row.at, reverse=True)[:limit]


def _to_document(row: Access) -> dict[str, Any]:
    return {
        "person_id": row.person_id,
        "subject": row.subject,
        "roles": list(row.roles),
        "purpose": row.purpose,
        "at": row.at,
        "correlation_id": row.correlation_id,
    }


def _from_document(row: dict[str, Any]) -> Access:
    return Access(
        person_id=row["person_id"],
        subject=row["subject"],
        roles=tuple(row["roles"]),
        purpose=row["purpose"],
        at=row["at"],
        correlation_id=row["correlation_id"],
    )
