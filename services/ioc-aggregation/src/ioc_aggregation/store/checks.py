"""What the comparisons of the figures with the log found; a row per comparison, kept for a year."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase

from ioc_aggregation.ports import Check

KEPT: Final = timedelta(days=366)


class MongoChecks:
    """The rows in MongoDB."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        self._rows = database["checks"]

    async def ensure_indexes(self) -> None:
        """The newest is found by its time, the old are forgotten."""
        await self._rows.create_index("at", name="at", expireAfterSeconds=int(KEPT.total_seconds()))

    async def put(self, check: Check) -> None:
        """Keep the result of a comparison."""
        await self._rows.insert_one(asdict(check))

    async def latest(self) -> Check | None:
        """Return the newest result, None if there never was one."""
        row = await self._rows.find_one(sort=[("at", -1)])
        return (
            Check(**{name: row[name] for name in Check.__dataclass_fields__ if name in row}) if row else None
        )


class MemoryChecks:
    """The same in a list, for tests."""

    def __init__(self) -> None:
        self.rows: list[Check] = []

    async def ensure_indexes(self) -> None:
        """A list needs none."""

    async def put(self, check: Check) -> None:
        """Keep the result of a comparison."""
        self.rows.append(check)

    async def latest(self) -> Check | None:
        """Return the newest result."""
        return max(self.rows, key=lambda check: check.at, default=None)
