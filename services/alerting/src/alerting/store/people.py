"""Who is called and how it went, in MongoDB: recipients, notices, lines of channels."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from alerting.domain.channels import Line
from alerting.domain.notices import Notice
from alerting.domain.recipients import Recipient
from common.mongo.aggregates import MongoAggregates

_RECIPIENT: Final = TypeAdapter(Recipient)
_NOTICE: Final = TypeAdapter(Notice)
_LINE: Final = TypeAdapter(Line)
_SHOWN: Final = {"state": 1}


def recipient_to_document(recipient: Recipient) -> dict[str, Any]:
    """Return a recipient as BSON values, with each `role@area` by which they are found."""
    state: dict[str, Any] = _RECIPIENT.dump_python(recipient, mode="json", exclude_defaults=True)
    return state | {"marks": marks_of(recipient)}


def recipient_from_document(document: dict[str, Any]) -> Recipient:
    """Return the recipient that a document holds."""
    return _RECIPIENT.validate_python({key: document[key] for key in document if key != "marks"})


def marks_of(recipient: Recipient) -> list[str]:
    """Return every `role@area` that a recipient holds."""
    return [f"{role}@{area}" for role in recipient.roles for area in recipient.areas]


def notice_to_document(notice: Notice) -> dict[str, Any]:
    """Return a notice as BSON values; `due` is there while somebody may have to act."""
    state: dict[str, Any] = _NOTICE.dump_python(notice, mode="json", exclude_defaults=True)
    return state | ({"due": notice.try_at} if notice.try_at else {})


def notice_from_document(document: dict[str, Any]) -> Notice:
    """Return the notice that a document holds."""
    return _NOTICE.validate_python({key: document[key] for key in document if key != "due"})


def line_to_document(line: Line) -> dict[str, Any]:
    """Return a line as BSON values."""
    state: dict[str, Any] = _LINE.dump_python(line, mode="json", exclude_defaults=True)
    return state


class MongoRecipients(MongoAggregates[Recipient]):
    """Recipients by their subject; `Recipients` of the ports."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        super().__init__(database["recipients"], recipient_to_document, recipient_from_document)

    async def ensure_indexes(self) -> None:
        """Create the index by which the holders of a rung are found."""
        await super().ensure_indexes()
        await self.collection.create_index([("state.marks", 1)], name="marks")
        await self.collection.create_index([("state.areas", 1)], name="areas")

    async def holders(self, roles_at: Collection[str], subject: str | None) -> list[Recipient]:
        """Return who has one of these `role@area`; given a *subject*, only that person."""
        query = {"_id": subject} if subject else {"state.marks": {"$in": sorted(roles_at)}}
        rows = await self.collection.find(query, _SHOWN).to_list(None)
        return [recipient_from_document(row["state"]) for row in rows]

    async def within(self, codes: Collection[str]) -> list[Recipient]:
        """Return who serves one of these areas, by subject."""
        query = {"state.areas": {"$in": sorted(codes)}}
        rows = await self.collection.find(query, _SHOWN).sort("_id", 1).to_list(None)
        return [recipient_from_document(row["state"]) for row in rows]


class MongoNotices(MongoAggregates[Notice]):
    """Notices by their id; `Notices` of the ports."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        super().__init__(database["notices"], notice_to_document, notice_from_document)

    async def ensure_indexes(self) -> None:
        """Create the indexes by which the courier and the page find them."""
        await super().ensure_indexes()
        await self.collection.create_index([("state.due", 1)], name="due", sparse=True)
        await self.collection.create_index([("state.alert_id", 1)], name="alert")

    async def waiting(self, now: datetime, limit: int) -> list[Notice]:
        """Return notices that somebody may claim by *now*, the longest waiting first."""
        cursor = self.collection.find({"state.due": {"$lte": now}}, _SHOWN).sort("state.due", 1)
        return [notice_from_document(row["state"]) for row in await cursor.limit(limit).to_list(None)]

    async def of_alert(self, alert_id: str) -> list[Notice]:
        """Return the calls about one alert, by rung."""
        rows = await self.collection.find({"state.alert_id": alert_id}, _SHOWN).to_list(None)
        found = (notice_from_document(row["state"]) for row in rows)
        return sorted(found, key=lambda notice: (notice.step, notice.subject))


class MongoLines(MongoAggregates[Line]):
    """Lines by the name of their channel; `Lines` of the ports."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        super().__init__(database["lines"], line_to_document, _LINE.validate_python)

    async def all(self) -> list[Line]:
        """Return every channel that was ever tried, by name."""
        rows = await self.collection.find({}, _SHOWN).sort("_id", 1).to_list(None)
        return [_LINE.validate_python(row["state"]) for row in rows]
