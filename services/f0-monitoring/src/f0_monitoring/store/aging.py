"""What is over its time, by the class that `rules/purge/f0-monitoring` knows it by."""

from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase

from common.kernel.clock import local_day
from common.mongo.aging import AgedDocuments, AgingRows, as_text
from f0_monitoring.domain.model import CareState

Database = AsyncIOMotorDatabase[dict[str, Any]]
_NOT_YET: Final = {"state.forgotten_on": None}


def aging_rows(database: Database) -> dict[str, tuple[AgingRows, ...]]:
    """Return the rows that are deleted."""
    return {
        "declarations": (AgingRows(database["reports"], "received_at"),),
        "care": (AgingRows(database["timeline"], "at"), AgingRows(database["words"], "at")),
    }


def aged_patients(database: Database, outcome: CareState) -> AgedDocuments:
    """Return the records that ended with *outcome* and are still named."""
    return AgedDocuments(
        database["patients"],
        lambda before: {
            "state.care": outcome.value,
            **_NOT_YET,
            "state.closed_on": {"$lt": local_day(before).isoformat()},
        },
        fields=("state.care", "state.forgotten_on", "state.closed_on"),
        partly={"state.closed_on": {"$exists": True}},
    )


def aged_consultations(database: Database) -> AgedDocuments:
    """Return the consultations that are over and of which words are kept."""
    return AgedDocuments(
        database["consultations"],
        lambda before: {"state.open": False, **_NOT_YET, "state.at": {"$lt": before}},
        fields=("state.forgotten_on", "state.at"),
        partly={"state.open": False},
    )


def aged_declarations(database: Database) -> AgedDocuments:
    """Return people's own declarations that were answered and are still sealed."""
    return _sealed(database, "self_declarations", "sealed", "settled_at")


def aged_messages(database: Database) -> AgedDocuments:
    """Return the messages that are settled and still hold number and words."""
    return _sealed(database, "messages", "sealed", "settled_at")


def aged_revocations(database: Database) -> AgedDocuments:
    """Return the revocations of which the reason is kept."""
    return _sealed(database, "certificate_revocations", "reason", "revoked_at")


def _sealed(database: Database, name: str, sealed: str, at: str) -> AgedDocuments:
    """Return documents that hold something *sealed*; their instant *at* is kept as text, in UTC."""
    partly = {f"state.{sealed}": {"$gt": ""}}
    return AgedDocuments(
        database[name],
        lambda before: {**partly, f"state.{at}": {"$lt": as_text(before)}},
        fields=(f"state.{at}",),
        partly=partly,
    )
