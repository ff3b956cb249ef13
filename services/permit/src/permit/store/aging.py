"""What is over its time, by the class that `rules/purge/permit` knows it by."""

from datetime import datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from common.mongo.aging import AgedDocuments, AgingRows, as_text

Database = AsyncIOMotorDatabase[dict[str, Any]]


def aging_rows(database: Database) -> dict[str, AgingRows]:
    """Return the rows that are deleted."""
    return {
        "scans": AgingRows(database["scans"], "received_at"),
        "gate-log": AgingRows(database["gate_actions"], "received_at"),
    }


def aged_files(database: Database) -> AgedDocuments:
    """Return the files of people in which nothing is open and that are still named."""
    over_at = "state.find.over_at"
    return AgedDocuments(
        database["holders"],
        lambda before: {over_at: {"$lt": before}},
        fields=(over_at,),
        partly={over_at: {"$exists": True}},
    )


def aged_staff_lists(database: Database) -> AgedDocuments:
    """Return the lists of which titles and the name of the file are kept."""
    return _sealed(database, "staff_lists", "layout", "received_at")


def aged_shifts(database: Database) -> AgedDocuments:
    """Return the shifts with a word to the next officer."""
    return _sealed(database, "shifts", "note", "closed_at")


def aged_flags(database: Database, name: str) -> AgedDocuments:
    """Return the flags that were cleared for a reason that is kept; its instant is text, in UTC."""
    partly = {"state.clearing.note": {"$gt": ""}}
    return AgedDocuments(
        database[name],
        lambda before: {
            **partly,
            "state.clearing.at": {"$lt": as_text(before)},
        },
        fields=("state.clearing.at",),
        partly=partly,
    )


def _sealed(database: Database, name: str, sealed: str, at: str) -> AgedDocuments:
    def find(before: datetime) -> dict[str, Any]:
        return {f"state.{sealed}": {"$gt": ""}, f"state.{at}": {"$lt": before}}

    partly = {f"state.{sealed}": {"$gt": ""}}
    return AgedDocuments(database[name], find, fields=(f"state.{at}",), partly=partly)
