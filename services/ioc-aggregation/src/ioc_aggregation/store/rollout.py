"""Declarations of units, and who was heard after an order: in MongoDB and in memory."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter
from pymongo import UpdateOne

from common.mongo.aggregates import MongoAggregates
from common.work.memory import MemoryStore
from ioc_aggregation.domain.rollout import Contacts, Readiness, contacts_of
from ioc_aggregation.ports.rollout import Ordered, Word

KEPT: Final = timedelta(days=60)
READINESS: Final = TypeAdapter(Readiness)
Database = AsyncIOMotorDatabase[dict[str, Any]]


class MongoDeclarations(MongoAggregates[Readiness]):
    """One aggregate per commune."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database["readiness"],
            lambda state: READINESS.dump_python(state, mode="json"),
            READINESS.validate_python,
        )

    async def newest(self) -> dict[str, Readiness]:
        """Return the declarations by commune."""
        rows = await self.collection.find({}, {"state": 1}).to_list(None)
        return {row["_id"]: READINESS.validate_python(row["state"]) for row in rows}


class MemoryDeclarations(MemoryStore[Readiness]):
    """The same in memory, for tests."""

    async def newest(self) -> dict[str, Readiness]:
        """Return the declarations by commune."""
        return {key: stored.state for key, stored in self.aggregates.items()}


class MongoContacts:
    """
    One row per person: each order by its instant, and the first word of each day.

    Nothing but sets and minima, so any order of arrival and any repetition gives the same row.
    """

    def __init__(self, database: Database) -> None:
        self._rows = database["first_contacts"]

    async def ensure_indexes(self) -> None:
        """Rows are found by their last order, and forgotten two months after the last fact."""
        await self._rows.create_index("ordered_at", name="ordered")
        await self._rows.create_index("at", name="kept", expireAfterSeconds=int(KEPT.total_seconds()))

    async def note(self, words: list[Word]) -> None:
        """Keep them."""
        if words:
            await self._rows.bulk_write([_update(word) for word in words], ordered=False)

    async def of_communes(self, since: datetime, now: datetime) -> Mapping[str, Contacts]:
        """Return by commune what became of the orders *since* then."""
        found: dict[str, Contacts] = {}
        async for row in self._rows.find({"ordered_at": {"$gte": since}}):
            orders = {_instant(stamp): commune for stamp, commune in row["orders"].items()}
            _add(found, orders, row.get("heard", {}).values(), since, now)
        return found


class MemoryContacts:
    """The same in memory, for tests."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[datetime, str]] = {}
        self.heard: dict[str, dict[date, datetime]] = {}

    async def ensure_indexes(self) -> None:
        """Nothing to make."""

    async def note(self, words: list[Word]) -> None:
        """Keep them."""
        for word in words:
            if isinstance(word, Ordered):
                self.orders.setdefault(word.person_id, {})[word.at] = word.commune_code
            else:
                days = self.heard.setdefault(word.person_id, {})
                days[word.at.date()] = min(word.at, days.get(word.at.date(), word.at))

    async def of_communes(self, since: datetime, now: datetime) -> Mapping[str, Contacts]:
        """Return by commune what became of the orders *since* then."""
        found: dict[str, Contacts] = {}
        for person, orders in self.orders.items():
            _add(found, orders, self.heard.get(person, {}).values(), since, now)
        return found


def _add(
    found: dict[str, Contacts],
    orders: Mapping[datetime, str],
    heard: Iterable[datetime],
    since: datetime,
    now: datetime,
) -> None:
    words = list(heard)
    for at, commune in orders.items():
        found[commune] = found.get(commune, Contacts()) + contacts_of([at], words, since, now)


def _update(word: Word) -> UpdateOne:
    if isinstance(word, Ordered):
        stamp = round(word.at.timestamp() * 1000)
        fields = {
            "$set": {f"orders.{stamp}": word.commune_code},
            "$max": {"ordered_at": word.at, "at": word.at},
        }
    else:
        fields = {"$min": {f"heard.{word.at:%Y%m%d}": word.at}, "$max": {"at": word.at}}
    return UpdateOne({"_id": word.person_id}, fields, upsert=True)


def _instant(stamp: str) -> datetime:
    return datetime.fromtimestamp(int(stamp) / 1000, UTC)
