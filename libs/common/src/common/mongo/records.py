"""Append-only rows in MongoDB: declarations and scans."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import WriteConcern
from pymongo.errors import BulkWriteError

from common.mongo.bulk import duplicates
from common.mongo.outboxes import MongoOutbox, entry_to_document
from common.work.model import NewRecord, Unsent

S = TypeVar("S")


class MongoRecords(MongoOutbox, Generic[S]):
    """A collection of rows written once, `_id` = record id. Subclass it in store.py to add queries."""

    def __init__(
        self,
        collection: AsyncIOMotorCollection,  # type: ignore[type-arg]
        to_document: Callable[[S], dict[str, Any]],
    ) -> None:
        durable = WriteConcern(w="majority", j=True)
        super().__init__(collection.with_options(write_concern=durable))
        self.to_document = to_document

    async def append(self, records: list[NewRecord[S]]) -> dict[str, dict[str, Any]]:
        """Insert what is new in one unordered command; return the first answers of the others."""
        try:
            await self.collection.insert_many([self._document(r) for r in records], ordered=False)
        except BulkWriteError as fault:
            return await self._known([records[index].record_id for index in duplicates(fault)])
        return {}

    async def clear(self, sent: list[Unsent]) -> None:
        """A row has its facts from the start and gets no more: forget the whole outbox at once."""
        ids = [unsent.document_id for unsent in sent]
        await self.collection.update_many({"_id": {"$in": ids}}, {"$unset": {"outbox": "", "unsent": ""}})

    def _document(self, record: NewRecord[S]) -> dict[str, Any]:
        document = {"_id": record.record_id, **self.to_document(record.row), "answer": record.answer}
        if record.outbox:
            document["outbox"] = [entry_to_document(entry) for entry in record.outbox]
            document["unsent"] = record.outbox[0].recorded_at
        return document

    async def _known(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        cursor = self.collection.find({"_id": {"$in": ids}}, {"answer": 1})
        return {doc["_id"]: doc["answer"] for doc in await cursor.to_list(None)}
