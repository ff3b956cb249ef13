"""Which report was sent to whom: one row per hour and reader, so that a restart sends nothing twice."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from ioc_aggregation.ports import Mail, MailState

KEPT = timedelta(days=90)


class MongoMails:
    """The rows in MongoDB."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        self._rows = database["report_mails"]

    async def ensure_indexes(self) -> None:
        """Rows are found by their hour and forgotten after three months."""
        await self._rows.create_index("slot", name="slot", expireAfterSeconds=int(KEPT.total_seconds()))

    async def plan(self, slot: datetime, recipients: Sequence[str]) -> None:
        """Note that *recipients* await the report of *slot*; what is noted already stays."""
        for recipient in recipients:
            row = asdict(Mail(slot, recipient))
            await self._rows.update_one(
                {"_id": f"{slot.isoformat()}|{recipient}"}, {"$setOnInsert": row}, upsert=True
            )

    async def due(self, slot: datetime, now: datetime) -> list[Mail]:
        """Return who still awaits the report of *slot* and may be tried now."""
        asked = {"slot": slot, "state": MailState.WAITING, "next_at": {"$lte": now}}
        return [_mail(row) for row in await self._rows.find(asked).to_list(None)]

    async def put(self, mail: Mail) -> None:
        """Keep what became of a mail."""
        await self._rows.replace_one({"_id": f"{mail.slot.isoformat()}|{mail.recipient}"}, asdict(mail))

    async def newest(self, limit: int) -> list[Mail]:
        """Return the newest rows."""
        rows = await self._rows.find().sort([("slot", -1), ("_id", 1)]).limit(limit).to_list(None)
        return [_mail(row) for row in rows]


def _mail(row: dict[str, Any]) -> Mail:
    return Mail(**{name: row[name] for name in Mail.__dataclass_fields__})
