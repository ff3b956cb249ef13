"""Contacts: one document each, found by the index person and by the area they live in."""

from collections.abc import Collection
from typing import Any

from pydantic import TypeAdapter

from common.mongo.aggregates import MongoAggregates
from quarantine.domain.contacts import Contact
from quarantine.store import Database

CONTACT = TypeAdapter(Contact)
LATEST = [("state.find.met_on", -1), ("_id", 1)]


def contact_to_document(contact: Contact) -> dict[str, Any]:
    """Return the record as BSON values, with the fields it is found by."""
    find = {
        "codes": sorted(contact.area.codes()),
        "has_file": bool(contact.person_id),
        "met_on": contact.meeting.met_on.isoformat(),
    }
    return {**CONTACT.dump_python(contact, mode="json"), "find": find}


def contact_from_document(document: dict[str, Any]) -> Contact:
    """Return the record that was kept."""
    return CONTACT.validate_python({name: value for name, value in document.items() if name != "find"})


class MongoContacts(MongoAggregates[Contact]):
    """Who met whom."""

    def __init__(self, database: Database) -> None:
        super().__init__(database["contacts"], contact_to_document, contact_from_document)

    async def ensure_indexes(self) -> None:
        """Create the indexes of chains and of what officers are asked."""
        await super().ensure_indexes()
        await self.collection.create_index([("state.index_person_id", 1), *LATEST], name="index_person")
        area = [("state.find.codes", 1), ("state.find.has_file", 1), *LATEST]
        await self.collection.create_index(area, name="area")

    async def of_index(self, person_ids: Collection[str], *, limit: int) -> list[Contact]:
        """Return the contacts of *person_ids*, the latest meeting first."""
        return await self._found({"state.index_person_id": {"$in": sorted(person_ids)}}, limit)

    async def one(self, contact_id: str) -> Contact | None:
        """Return one contact."""
        found = await self.load([contact_id])
        return found[contact_id].state if contact_id in found else None

    async def in_areas(self, area_codes: Collection[str], *, limit: int) -> list[Contact]:
        """Return contacts who live within *area_codes* and have a file, the latest meeting first."""
        query = {"state.find.codes": {"$in": sorted(area_codes)}, "state.find.has_file": True}
        return await self._found(query, limit)

    async def _found(self, query: dict[str, Any], limit: int) -> list[Contact]:
        rows = await self.collection.find(query, {"state": 1}).sort(LATEST).limit(limit).to_list(None)
        return [contact_from_document(row["state"]) for row in rows]
