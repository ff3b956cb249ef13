"""Firms, staff lists and the pages of their rows in MongoDB."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter
from pymongo import ASCENDING, DESCENDING

from common.mongo.aggregates import MongoAggregates
from common.mongo.sheet_pages import MongoSheetPages
from common.sheets.pages import ListPage
from permit.domain.firms import Firm, FirmStatus
from permit.domain.staff_lists import ListStatus, StaffList

Database = AsyncIOMotorDatabase[dict[str, Any]]
FIRM: Final = TypeAdapter(Firm)
STAFF_LIST: Final = TypeAdapter(StaffList)
_STATE: Final = {"state": 1}


def _firm_to_document(firm: Firm) -> dict[str, Any]:
    document: dict[str, Any] = FIRM.dump_python(firm, mode="json")
    return {**document, "registered_at": firm.registered_at, "codes": sorted(firm.area.codes())}


def _firm_from_document(document: dict[str, Any]) -> Firm:
    return FIRM.validate_python({name: value for name, value in document.items() if name != "codes"})


class MongoFirms(MongoAggregates[Firm]):
    """Firms, one per account."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["firms"], _firm_to_document, _firm_from_document)

    async def ensure_indexes(self) -> None:
        """Create the indexes of the officer's list and of tax codes."""
        await super().ensure_indexes()
        order = [("state.registered_at", ASCENDING), ("_id", ASCENDING)]
        await self.collection.create_index(
            [("state.codes", ASCENDING), ("state.status", ASCENDING), *order], name="area"
        )
        await self.collection.create_index("state.tax_code", name="tax_code")

    async def of_id(self, firm_id: str) -> Firm | None:
        """Return one firm."""
        stored = (await self.load([firm_id])).get(firm_id)
        return stored.state if stored else None

    async def in_areas(
        self,
        codes: Collection[str],
        status: FirmStatus | None,
        *,
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> list[Firm]:
        """Return firms of these areas, the longest waiting first."""
        query: dict[str, Any] = {"state.codes": {"$in": sorted(codes)}}
        if status is not None:
            query["state.status"] = str(status)
        if after:
            same = {"state.registered_at": after[0], "_id": {"$gt": after[1]}}
            query["$or"] = [{"state.registered_at": {"$gt": after[0]}}, same]
        order = [("state.registered_at", ASCENDING), ("_id", ASCENDING)]
        rows = await self.collection.find(query, _STATE).sort(order).limit(limit).to_list(None)
        return [self.from_document(row["state"]) for row in rows]

    async def with_tax_code(self, tax_code: str) -> int:
        """Count the accounts that registered a tax code."""
        return await self.collection.count_documents({"state.tax_code": tax_code})


def _list_to_document(staff_list: StaffList) -> dict[str, Any]:
    document: dict[str, Any] = STAFF_LIST.dump_python(staff_list, mode="json")
    return {**document, "received_at": staff_list.received_at}


class MongoStaffLists(MongoAggregates[StaffList]):
    """Staff lists; their pages stand in a collection of their own, which empties itself."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["staff_lists"], _list_to_document, STAFF_LIST.validate_python)
        self._pages = MongoSheetPages(database["staff_list_pages"])

    async def ensure_indexes(self) -> None:
        """Create the indexes of an account's lists and of the work to do, and the one that purges pages."""
        await super().ensure_indexes()
        create = self.collection.create_index
        newest = [("state.received_at", DESCENDING), ("_id", ASCENDING)]
        await create([("state.subject", ASCENDING), *newest], name="subject")
        await create([("state.status", ASCENDING), ("state.received_at", ASCENDING)], name="status")
        await self._pages.ensure_indexes()

    async def of_id(self, list_id: str) -> StaffList | None:
        """Return one list."""
        stored = (await self.load([list_id])).get(list_id)
        return stored.state if stored else None

    async def of_subject(
        self, subject: str, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[StaffList]:
        """Return the lists of an account, the newest first."""
        query: dict[str, Any] = {"state.subject": subject}
        if after:
            same = {"state.received_at": after[0], "_id": {"$gt": after[1]}}
            query["$or"] = [{"state.received_at": {"$lt": after[0]}}, same]
        return await self._found(query, DESCENDING, limit)

    async def in_status(
        self, status: ListStatus, *, limit: int, firm_id: str | None = None
    ) -> list[StaffList]:
        """Return lists in a status, the longest waiting first."""
        of_firm = {"state.firm_id": firm_id} if firm_id else {}
        return await self._found({"state.status": str(status), **of_firm}, ASCENDING, limit)

    async def waiting_firms(self) -> list[str]:
        """Return the firms whose lists wait for their confirmation."""
        waiting = {"state.status": str(ListStatus.WAITING)}
        return sorted(await self.collection.distinct("state.firm_id", waiting))

    async def keep_pages(self, pages: Collection[ListPage]) -> None:
        """Keep pages, in place of those of the same list and number."""
        await self._pages.keep_pages(pages)

    async def pages(self, list_id: str, first: int, count: int) -> list[ListPage]:
        """Return some pages of a list in order."""
        return await self._pages.pages(list_id, first, count)

    async def _found(self, query: dict[str, Any], direction: int, limit: int) -> list[StaffList]:
        order = [("state.received_at", direction), ("_id", ASCENDING)]
        rows = await self.collection.find(query, _STATE).sort(order).limit(limit).to_list(None)
        return [self.from_document(row["state"]) for row in rows]
